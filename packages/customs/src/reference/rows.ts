/**
 * Lists as rows, one an entry: tab-separated (the snapshots of CS/RD2 in our form) or CSV. The columns, in any order and case:
 *
 * | column | other names | what it is |
 * |---|---|---|
 * | `code` | `key` | the code; required |
 * | `list` | `code_list`, `entity` | id or name of the list; not needed where the reader is told the list |
 * | `state` | | `valid`, or `invalid`: ended the day before `activeFrom` |
 * | `validFrom`, `validTo` | `activeFrom`, `activeTo` | first and last day, `yyyy-mm-dd` or `dd-mm-yyyy`; empty: open |
 * | `parent` | | code of the entry above |
 * | `text_xx` | `description_xx`; `description` for `en` | what the code means in language `xx`; ⏎ stands for a line end |
 * | `items` | `other`, `other_items` | JSON object of named values |
 * | `groups` | | JSON array of groups `{name, items, groups}` |
 * | `key_item` | | name of the item that holds the code |
 * | `keyItems` | | how many of the first items make up the code |
 * | `name` | | name of the list beside `code_list`; else an item like any other column |
 */
import { CellReader, type CellRow } from '../codelists/cell-rows.ts'
import { longestEntry } from '../codelists/csrd2-parts.ts'
import type { WrongLine } from '../codelists/entry-rows.ts'
import type { Items, ReadEntry, ReferenceEntry } from './entry.ts'
import { daysOf, entryOf } from './entry-of.ts'
import { groupsOf, itemsOf } from './json.ts'
import type { ListNaming } from './lists.ts'
import { linesOfText, strictly, type Chunks } from './text.ts'

/** The entries of a file of rows, one by one, in bounded memory. @param list the list of rows that name none */
export function readRows(chunks: Chunks, naming: ListNaming, list = ''): AsyncGenerator<ReadEntry | WrongLine> {
  return strictly(chunks, async function* (text) {
    const reader = new RowReader(naming, list)
    for await (const line of linesOfText(text, longestEntry + 1)) {
      const read = reader.line(line.text, line.ended)
      if (read) yield read
      if (reader.isLost) return
    }
    const wrong = reader.end()
    if (wrong) yield wrong
  })
}

/** The same of a text that is there as a whole. */
export function readRowsOf(text: string, naming: ListNaming, list = ''): (ReadEntry | WrongLine)[] {
  const reader = new RowReader(naming, list)
  const lines = text.split('\n')
  const read = lines.flatMap((line, at) => {
    const isEnd = at === lines.length - 1
    return reader.isLost || (isEnd && line === '') ? [] : (reader.line(line, !isEnd) ?? [])
  })
  const wrong = reader.isLost ? undefined : reader.end()
  return wrong ? [...read, wrong] : read
}

class RowReader {
  /** true after a column line of which nothing can be made */
  isLost = false
  readonly #cells = new CellReader(longestEntry)
  readonly #naming: ListNaming
  readonly #list: string
  #columns: Columns | undefined
  #isWhole = true

  constructor(naming: ListNaming, list: string) {
    this.#naming = naming
    this.#list = list
  }

  line(text: string, ended: boolean): ReadEntry | WrongLine | undefined {
    const row = this.#cells.read(text)
    this.#isWhole = ended
    if (!this.#cells.form) return undefined
    if (this.#columns) return row && ('reason' in row ? row : this.#columns.read(row))
    this.#columns = new Columns(this.#cells.columns, this.#naming, this.#list)
    const reason = this.#columns.wrong
    this.isLost = reason !== undefined
    return reason === undefined ? undefined : { line: this.#cells.line, reason }
  }

  end(): WrongLine | undefined {
    const wrong = this.#cells.end()
    if (wrong || this.#isWhole) return wrong
    return { line: this.#cells.line, reason: 'the last line has no line end: the file may be cut' }
  }
}

const known: Readonly<Record<string, string>> = {
  key: 'code',
  code_list: 'list',
  entity: 'list',
  validfrom: 'from',
  activefrom: 'from',
  validto: 'to',
  activeto: 'to',
  description: 'text_en',
  other: 'items',
  other_items: 'items',
  key_item: 'keyitem',
}
const fixed = new Set(['code', 'list', 'state', 'from', 'to', 'parent', 'items', 'groups', 'keyitem', 'keyitems'])

class Columns {
  readonly wrong: string | undefined
  readonly #at = new Map<string, number>()
  readonly #texts: [language: string, at: number][] = []
  readonly #others: [name: string, at: number][] = []
  readonly #naming: ListNaming
  readonly #list: string

  constructor(names: readonly string[], naming: ListNaming, list: string) {
    this.#naming = naming
    this.#list = list
    const hasListIds = names.some((name) => name.toLowerCase() === 'code_list')
    for (const [at, name] of names.entries()) {
      const small = name.toLowerCase()
      const own = known[small] ?? small
      const language = /^(?:text|description)_([a-z]{2,8}(?:-[a-z0-9]+)*)$/i.exec(own)?.[1]
      if (language !== undefined) this.#texts.push([language, at])
      else if (fixed.has(own)) {
        if (this.#at.has(own)) this.wrong ??= `two columns for ${own}`
        this.#at.set(own, at)
      } else if (name !== '' && !(hasListIds && small === 'name')) this.#others.push([name, at])
    }
    if (!this.#at.has('code')) this.wrong = `no column code or key in: ${names.join(', ')}`
    else if (!this.#at.has('list') && list === '') this.wrong = 'no column list, and no list was named for the file'
  }

  read({ line, cells }: CellRow): ReadEntry | WrongLine {
    const cell = (name: string): string => cells[this.#at.get(name) ?? -1] ?? ''
    const code = cell('code').trim()
    const wrong = (reason: string): WrongLine => ({ line, reason: `${code || 'a row'}: ${reason}` })
    const items = itemsOf(cell('items'))
    const groups = groupsOf(cell('groups'))
    if (items === undefined) return wrong('its items are no JSON object of texts')
    if (groups === undefined) return wrong('its groups are no JSON array of groups')
    const keyItem = cell('keyitem')
    const columnItems = this.#others.flatMap(([name, at]) => (cells[at] ? [[name, cells[at]]] : []))
    const all = { ...(keyItem && { [keyItem]: code }), ...items, ...(Object.fromEntries(columnItems) as Items) }
    const keyItems = keyItem ? 1 : Number(cell('keyitems') || 0)
    if (!Number.isInteger(keyItems) || keyItems < 0 || keyItems > Object.keys(all).length)
      return wrong(`keyItems ${cell('keyitems')}`)
    const entry = entryOf({
      list: this.#naming(cell('list') || this.#list),
      code,
      state: cell('state'),
      from: cell('from'),
      to: cell('to'),
      parent: cell('parent'),
      texts: Object.fromEntries(
        this.#texts.flatMap(([language, at]) => (cells[at] ? [[language, cells[at].replaceAll('⏎', '\n')]] : [])),
      ),
      items: all,
      keyItems,
      groups,
    })
    return typeof entry === 'string' ? { line, reason: entry } : { line, entry }
  }
}

type Entries = AsyncIterable<ReferenceEntry> | Iterable<ReferenceEntry>

/**
 * A snapshot, in chunks: list, state, activeFrom, key, description, other. It has English and items alone, so it loses other languages
 * and groups.
 * @param ends with a seventh column activeTo, for lists in which codes have ended
 */
export async function* writeTsv(
  entries: Entries,
  nameOf: (list: string) => string,
  ends = false,
): AsyncGenerator<string> {
  yield `list\tstate\tactiveFrom\tkey\tdescription\tother${ends ? '\tactiveTo' : ''}\n`
  for await (const entry of entries) {
    const { state, from, to } = daysOf(entry)
    const other = Object.entries(entry.items).slice(entry.keyItems)
    const cells = [
      nameOf(entry.list),
      state,
      from,
      entry.code,
      oneLine(entry.texts['en'] ?? ''),
      other.length > 0 ? JSON.stringify(Object.fromEntries(other)) : '',
    ]
    yield `${(ends ? [...cells, to] : cells).join('\t')}\n`
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', ' ')
}

/** CSV with commas, in chunks: everything that an entry has, languages in columns of their own. */
export async function* writeCsv(entries: Entries, languages: readonly string[]): AsyncGenerator<string> {
  const texts = languages.map((language) => `text_${language}`)
  yield `${['list', 'state', 'activeFrom', 'activeTo', 'code', 'parent', ...texts, 'keyItems', 'items', 'groups'].join(',')}\n`
  for await (const entry of entries) {
    const { state, from, to } = daysOf(entry)
    const { list, code, parent = '', keyItems, items, groups } = entry
    const cells = [
      list,
      state,
      from,
      to,
      code,
      parent,
      ...languages.map((language) => (entry.texts[language] ?? '').replaceAll(/\r?\n/g, '⏎')),
      keyItems === 0 ? '' : String(keyItems),
      Object.keys(items).length > 0 ? JSON.stringify(items) : '',
      groups.length > 0 ? JSON.stringify(groups) : '',
    ]
    yield `${cells.map(quoted).join(',')}\n`
  }
}

function quoted(cell: string): string {
  return /[",;\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
