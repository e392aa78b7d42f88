/** Loads the tables of this package for its tests. */
import { readdirSync, readFileSync } from 'node:fs'
import {
  compileCodeLists,
  compileCorridorTables,
  compileMessages,
  compileRules,
  listsFromTables,
  overlayCodeLists,
  type CodeLists,
  type CorridorTables,
  type CorridorTableTexts,
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
  const made = listsFromTables(loadCorridorTables())
  return overlayCodeLists(compileCodeLists({ ...made, ...Object.fromEntries(texts) }), { overlay })
}

/** The texts of the tables of the corridor. */
export function corridorTableTexts(): CorridorTableTexts {
  const reference = new URL('../reference/', import.meta.url)
  const text = (path: string): string => readFileSync(new URL(path, reference), 'utf8')
  const names = readdirSync(new URL('tables/', reference))
  return {
    tables: text('corridor-tables.tsv'),
    mappings: text('mappings.tsv'),
    values: Object.fromEntries(names.map((name) => [name.replace(/\.tsv$/, ''), text(`tables/${name}`)])),
  }
}

/** The same, compiled. */
export function loadCorridorTables(): CorridorTables {
  return compileCorridorTables(corridorTableTexts())
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
