/** Loads the tables of this package for its tests. */
import { readdirSync, readFileSync } from 'node:fs'
import {
  compileCodeLists,
  compileMessages,
  compileRules,
  overlayCodeLists,
  type CodeLists,
  type Messages,
  type MessageTexts,
  type Rules,
} from '../src/index.ts'

const directory = new URL('../messages/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, directory), 'utf8')

/** Every `C*.tsv`, the groups and the formats. */
export function loadMessageTexts(): MessageTexts {
  const types = readdirSync(directory)
    .filter((name) => /^C.*\.tsv$/.test(name))
    .map((name) => name.slice(0, -4))
  return {
    messages: Object.fromEntries(types.map((type) => [type, read(`${type}.tsv`)])),
    groups: read('groups.tsv'),
    formats: read('formats.tsv'),
  }
}

/** The same, compiled. */
export function loadMessages(): Messages {
  return compileMessages(loadMessageTexts())
}

/** The code lists of this package, with the additions of test/overlay-albania-kosovo.tsv. */
export function loadCodeLists(): CodeLists {
  const lists = new URL('../codelists/', import.meta.url)
  const texts = readdirSync(lists).map((name) => [name, readFileSync(new URL(name, lists), 'utf8')])
  const overlay = readFileSync(new URL('overlay-albania-kosovo.tsv', import.meta.url), 'utf8')
  return overlayCodeLists(compileCodeLists(Object.fromEntries(texts)), { overlay })
}

/** Every table of rules/ by its name. */
export function rulesTexts(): Record<string, string> {
  const rules = new URL('../rules/', import.meta.url)
  const names = readdirSync(rules).filter((name) => name.endsWith('.tsv'))
  return Object.fromEntries(names.map((name) => [name.slice(0, -4), readFileSync(new URL(name, rules), 'utf8')]))
}

/** The rules of this package. */
export function loadRules(messages: Messages): Rules {
  return compileRules(rulesTexts(), messages)
}
