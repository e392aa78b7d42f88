/** Loads the tables of this package for its tests. */
import { readdirSync, readFileSync } from 'node:fs'
import { compileMessages, type Messages } from '../src/index.ts'

const directory = new URL('../messages/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, directory), 'utf8')

/** Every `C*.tsv`, the groups and the formats, compiled. */
export function loadMessages(): Messages {
  const types = readdirSync(directory)
    .filter((name) => /^C.*\.tsv$/.test(name))
    .map((name) => name.slice(0, -4))
  return compileMessages({
    messages: Object.fromEntries(types.map((type) => [type, read(`${type}.tsv`)])),
    groups: read('groups.tsv'),
    formats: read('formats.tsv'),
  })
}
