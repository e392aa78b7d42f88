/** Lists as JSON lines: an entry a line, and a last line `{"entries": n}`, by which a file that was cut is known. */
import { longestEntry } from '../codelists/csrd2-parts.ts'
import type { WrongLine } from '../codelists/entry-rows.ts'
import type { Items, ReadEntry, ReferenceEntry, ReferenceGroup, Texts } from './entry.ts'
import { entryOf } from './entry-of.ts'
import type { ListNaming } from './lists.ts'
import { linesOfText, strictly, type Chunks } from './text.ts'

const names = new Set([
  'list',
  'code',
  'validFrom',
  'validTo',
  'state',
  'texts',
  'items',
  'keyItems',
  'groups',
  'parent',
])

/** The entries of a file of JSON lines, one by one, in bounded memory. @param list the list of entries that name none */
export function readJsonLines(chunks: Chunks, naming: ListNaming, list = ''): AsyncGenerator<ReadEntry | WrongLine> {
  return strictly(chunks, async function* (text) {
    let line = 0
    let count = 0
    let end: number | undefined
    for await (const { text: own } of linesOfText(text, longestEntry + 1)) {
      line += 1
      if (own.trim() === '') continue
      const read = own.length > longestEntry ? `longer than ${longestEntry} characters` : lineOf(own)
      if (end !== undefined) yield { line, reason: 'a line after the last one' }
      else if (typeof read === 'string') yield { line, reason: read }
      else if ('entries' in read) end = read.entries
      else {
        count += 1
        const entry = entryIn(read.fields, naming, list)
        yield typeof entry === 'string' ? { line, reason: entry } : { line, entry }
      }
    }
    if (end === undefined) yield { line, reason: 'no last line {"entries": n}: the file may be cut' }
    else if (end !== count) yield { line, reason: `${count} entries, and the last line says ${end}: the file was cut` }
  })
}

function lineOf(text: string): { entries: number } | { fields: Fields } | string {
  const value = parsed(text)
  if (!isObject(value)) return 'no JSON object'
  const { entries, ...rest } = value
  if (typeof entries === 'number' && Object.keys(rest).length === 0) return { entries }
  return { fields: value }
}

type Fields = Record<string, unknown>

/** The entry of an object, or what is wrong with it. */
export function entryIn(fields: Fields, naming: ListNaming, list = ''): ReferenceEntry | string {
  const unknown = Object.keys(fields).find((name) => !names.has(name))
  if (unknown !== undefined) return `an unknown field ${unknown}`
  const texts = ['list', 'code', 'validFrom', 'validTo', 'state', 'parent'].map((name) => fields[name] ?? '')
  const keyItems = fields['keyItems'] ?? 0
  const items = fields['items'] ?? {}
  const groups = fields['groups'] ?? []
  const described = fields['texts'] ?? {}
  if (!texts.every((text) => typeof text === 'string')) return 'list, code, days, state and parent are texts'
  if (!areTexts(described) || !areTexts(items)) return 'texts and items are objects of texts'
  if (!areGroups(groups)) return 'groups is an array of {name, items, groups}'
  if (!Number.isInteger(keyItems) || Number(keyItems) < 0 || Number(keyItems) > Object.keys(items).length)
    return 'keyItems says how many of the first items make up the code'
  const [own = '', code = '', validFrom = '', validTo = '', state = '', parent = ''] = texts
  const entry = entryOf({
    list: naming(own || list),
    code,
    // Our own form says when a code that is only known as ended did end, not the day after.
    state: state === 'invalid' ? 'valid' : state,
    from: validFrom,
    to: validTo,
    parent,
    texts: described,
    items,
    keyItems: Number(keyItems),
    groups,
  })
  if (typeof entry === 'string' || state !== 'invalid') return entry
  return entry.validFrom === '' && entry.validTo !== ''
    ? { ...entry, state }
    : `${code}: an invalid entry has a last day, and no first one`
}

/** JSON lines, in chunks. */
export async function* writeJsonLines(
  entries: AsyncIterable<ReferenceEntry> | Iterable<ReferenceEntry>,
): AsyncGenerator<string> {
  let count = 0
  for await (const entry of entries) {
    count += 1
    yield `${JSON.stringify(entry)}\n`
  }
  yield `${JSON.stringify({ entries: count })}\n`
}

/** Items from the JSON of a cell, '' for none; undefined when they are none. */
export function itemsOf(text: string): Items | undefined {
  const value = text === '' ? {} : parsed(text)
  return areTexts(value) ? value : undefined
}

/** Groups from the JSON of a cell, '' for none; undefined when they are none. */
export function groupsOf(text: string): readonly ReferenceGroup[] | undefined {
  const value = text === '' ? [] : parsed(text)
  return areGroups(value) ? value : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areTexts(value: unknown): value is Texts & Items {
  return isObject(value) && Object.values(value).every((each) => typeof each === 'string')
}

/** Deeper than any office; a file that nests further is no list. */
const deepest = 10

function areGroups(value: unknown, depth = 0): value is readonly ReferenceGroup[] {
  return (
    depth < deepest &&
    Array.isArray(value) &&
    value.every(
      (group: unknown) =>
        isObject(group) &&
        typeof group['name'] === 'string' &&
        areTexts(group['items']) &&
        areGroups(group['groups'], depth + 1),
    )
  )
}
