/** Code lists as data: which code was valid on which day. */
import { CustomsFault } from '../faults.ts'
import { readTable, type TableRow } from '../tsv.ts'
import { isInForce } from '../values/dates.ts'

/** One code as it stands on a day. */
export interface Code {
  readonly code: string
  /** English; '' when the source has none */
  readonly text: string
  /** of a code that was laid over the list, or is in a part of it: whose it is */
  readonly addition?: CodeListSource
}

/** Where a list, or an addition to it, comes from. */
export interface CodeListSource {
  readonly name: string
  readonly source: string
  readonly version: string
  /** party id of who answers for it, or the corridor; a published list needs none, its source is its owner */
  readonly owner?: string
  /** true for entries that a corridor added as an illustration and that no authority has published */
  readonly illustrative: boolean
}

/** Compiled code lists. Days are `yyyy-mm-dd`. */
export interface CodeLists {
  /** ids of the lists that can be checked, in order */
  readonly lists: readonly string[]
  /** False for a list that is not here: its codes cannot be checked. */
  knows(list: string): boolean
  /** True when the list has the code on that day; false when not, and for a list that is not here. */
  has(list: string, code: string, date: string): boolean
  /** The text of the code, of its latest entry; undefined when there is none. */
  text(list: string, code: string): string | undefined
  /** The codes of a list on a day, in the list's order. */
  codes(list: string, date: string): readonly Code[]
  /** Where the list comes from, its own source first, additions after it. */
  sources(list: string): readonly CodeListSource[]
}

interface Entry extends Code {
  readonly validFrom: string
  readonly validTo: string
}

interface List {
  readonly entries: ReadonlyMap<string, readonly Entry[]>
  readonly sources: readonly CodeListSource[]
}

/**
 * Compiles code lists. Each text has the head lines `#list #name #source #version` and the columns `code validFrom validTo text_en`;
 * an empty day is open-ended, `validTo` is the last day. Throws `codelist-syntax`, with the line.
 */
export function compileCodeLists(texts: Readonly<Record<string, string>>): CodeLists {
  const lists = new Map<string, List>()
  for (const [what, text] of Object.entries(texts)) {
    const [id, list] = wholeList(what, text)
    if (lists.has(id)) throw new CustomsFault('codelist-syntax', `${what}: the list ${id} is there already`)
    lists.set(id, list)
  }
  return codeListsOf(lists)
}

function wholeList(what: string, text: string): [id: string, list: List] {
  const { head, rows } = readTable(text, ['code', 'validFrom', 'validTo', 'text_en'], what)
  const entries = grouped(rows.map((row) => entryOf(row, what)))
  return [required(head, 'list', what), { entries, sources: [sourceOf(head, what, false)] }]
}

/**
 * Lays dated additions over code lists and returns new ones; a list that is not there yet begins with the addition. Each text has the
 * head lines `#name #source #version #status` (status `official` or `illustrative`), perhaps `#owner`, and the columns
 * `lists code validFrom validTo text_en`, with several list ids separated by spaces. A text with a head line `#list` is a whole list, as
 * an import makes it: it takes the place of the list that was there, before anything is laid over it. Throws `codelist-syntax`, with the line.
 */
export function overlayCodeLists(base: CodeLists, texts: Readonly<Record<string, string>>): CodeLists {
  const lists = new Map(inside.get(base))
  const isWhole = ([, text]: [string, string]): boolean => /^#list\t/m.test(text.slice(0, 1000))
  const all = Object.entries(texts)
  for (const [what, text] of all.filter(isWhole)) lists.set(...wholeList(what, text))
  for (const [what, text] of all.filter((each) => !isWhole(each))) {
    const { head, rows } = readTable(text, ['lists', 'code', 'validFrom', 'validTo', 'text_en'], what)
    const status = required(head, 'status', what)
    if (!/^(official|illustrative)$/.test(status))
      throw new CustomsFault('codelist-syntax', `${what}: #status ${status}`)
    const source = sourceOf(head, what, status === 'illustrative')
    const additions = new Map<string, Entry[]>()
    for (const row of rows) {
      const ids = row.cell('lists').split(' ').filter(Boolean)
      if (ids.length === 0) throw new CustomsFault('codelist-syntax', `${what}, line ${row.line}: no list`)
      for (const id of ids)
        additions.set(id, [...(additions.get(id) ?? []), { ...entryOf(row, what), addition: source }])
    }
    for (const [id, entries] of additions) {
      const known = lists.get(id)
      const before = [...(known?.entries.values() ?? [])].flat()
      lists.set(id, { entries: grouped([...before, ...entries]), sources: [...(known?.sources ?? []), source] })
    }
  }
  return codeListsOf(lists)
}

/** A code with its days; an empty day is open-ended, `validTo` is the last day. */
export interface DatedCode {
  readonly code: string
  readonly text: string
  readonly validFrom: string
  readonly validTo: string
}

/** Codes of a list from one source: the list itself, or what one administration adds to it. */
export interface CodeListPart {
  readonly source: CodeListSource
  readonly covers: 'whole' | 'part'
  readonly codes: readonly DatedCode[]
}

/**
 * Code lists in which each of the given lists is the union of its parts. A code that several parts have is as the last of them says it.
 * @param how `instead` of what the list was, or `beside` it
 */
export function withParts(
  base: CodeLists,
  parts: ReadonlyMap<string, readonly CodeListPart[]>,
  how: 'instead' | 'beside',
): CodeLists {
  const lists = new Map(inside.get(base))
  for (const [id, own] of parts) {
    const known = how === 'beside' ? lists.get(id) : undefined
    const entries = new Map(known?.entries)
    for (const { source, covers, codes } of own) {
      const marked = covers === 'whole' ? codes : codes.map((code) => ({ ...code, addition: source }))
      for (const [code, same] of grouped(marked)) entries.set(code, same)
    }
    lists.set(id, { entries, sources: [...(known?.sources ?? []), ...own.map(({ source }) => source)] })
  }
  return codeListsOf(lists)
}

/** The lists behind each `CodeLists`, so that an overlay can begin from them. */
const inside = new WeakMap<CodeLists, ReadonlyMap<string, List>>()

function codeListsOf(lists: ReadonlyMap<string, List>): CodeLists {
  const made: CodeLists = {
    lists: [...lists.keys()].sort(),
    knows: (list) => lists.has(list),
    has: (list, code, date) =>
      lists
        .get(list)
        ?.entries.get(code)
        ?.some((entry) => isInForce(entry, date)) ?? false,
    text: (list, code) => lists.get(list)?.entries.get(code)?.at(-1)?.text,
    codes: (list, date) =>
      [...(lists.get(list)?.entries.values() ?? [])].flatMap((entries) => {
        const entry = entries.find((each) => isInForce(each, date))
        if (entry === undefined) return []
        const { code, text, addition } = entry
        return [{ code, text, ...(addition && { addition }) }]
      }),
    sources: (list) => lists.get(list)?.sources ?? [],
  }
  inside.set(made, lists)
  return made
}

function grouped(entries: readonly Entry[]): Map<string, Entry[]> {
  const byCode = new Map<string, Entry[]>()
  for (const entry of entries) {
    const same = byCode.get(entry.code)
    if (same) same.push(entry)
    else byCode.set(entry.code, [entry])
  }
  return byCode
}

function entryOf(row: TableRow, what: string): Entry {
  const day = (column: string): string => {
    const text = row.cell(column)
    if (!/^(\d{4}-\d{2}-\d{2})?$/.test(text))
      throw new CustomsFault('codelist-syntax', `${what}, line ${row.line}: ${column} ${text}`)
    return text
  }
  const code = row.cell('code')
  if (code === '') throw new CustomsFault('codelist-syntax', `${what}, line ${row.line}: no code`)
  return { code, text: row.cell('text_en'), validFrom: day('validFrom'), validTo: day('validTo') }
}

function sourceOf(head: ReadonlyMap<string, string>, what: string, illustrative: boolean): CodeListSource {
  const owner = head.get('owner')
  return {
    name: required(head, 'name', what),
    source: required(head, 'source', what),
    version: required(head, 'version', what),
    illustrative,
    ...(owner !== undefined && owner !== '' && { owner }),
  }
}

function required(head: ReadonlyMap<string, string>, key: string, what: string): string {
  const value = head.get(key)
  if (!value) throw new CustomsFault('codelist-syntax', `${what}: no line #${key}`)
  return value
}
