import {
  type CorridorTable,
  namingOf,
  type ReadEntry,
  readRowsOf,
  type ReferenceEntry,
  type ReferenceList,
} from '@corridor/customs'
import { loadCorridorTables } from './corridor-tables.ts'
import { folder, ownFolders } from './files.ts'
import { loadReferenceLists } from './reference-lists.ts'

/** A list that comes with the product or with a corridor: its head, and all its entries with their lines. */
export interface ShippedList {
  head: ReferenceList
  entries: ReadEntry[]
}

/** The list in which the values of a table of the corridor are kept: three digits, as the lists of today are written. */
export function listOfTable({ oldList }: Pick<CorridorTable, 'oldList'>): string {
  return oldList.replace(/^CL(\d{2})$/, 'CL0$1')
}

/** A corridor's own lists: their folder, and who is who there. */
export interface CorridorLists {
  folder: URL
  corridor: string
  /** ISO 3166 code of the country of an administration, by its party id */
  countries: ReadonlyMap<string, string>
}

/**
 * Every list that comes as a file: published lists, common standards, the tables of the corridor where no published list has their id,
 * and the corridor's own. What several lists get from the corridor is a part of each (`CL009/albania-kosovo`), what an administration
 * publishes for itself is its part (`CL141/NTA.AL`), and a whole list of the corridor takes the place of the published one.
 * @throws Error naming the file and the line that is wrong
 */
export function loadShippedLists(own?: CorridorLists, customs: URL = ownFolders.customs): ShippedList[] {
  const declared = new Map(loadReferenceLists(customs).map((list) => [list.id, list]))
  const files = { ...folder(customs, 'codelists/'), ...folder(customs, 'reference/common/') }
  const lists = new Map<string, ShippedList>()
  for (const [file, text] of Object.entries(files)) {
    const head = headIn(text)
    const id = head('list')
    lists.set(id, { head: { ...plain(id, head), ...rest(declared.get(id)) }, entries: entriesIn(file, text, id) })
  }
  for (const table of loadCorridorTables(customs).tables) {
    const id = listOfTable(table)
    if (!lists.has(id)) lists.set(id, listFromTable(id, table, declared.get(id)))
  }
  for (const list of own ? ownLists(own) : []) lists.set(list.head.id, list)
  return [...lists.values()]
}

/** True for a table of one part of a list. */
export const isPart = (text: string): boolean => headIn(text)('list').includes('/')

/** A part of a list from its table: head lines with `#list CL141/NTA.AL`, and rows as an import reads them. @throws Error with the line */
export function partIn(file: string, text: string): ShippedList {
  const head = headIn(text)
  const id = head('list')
  return { head: { ...plain(id, head), kind: 'national' }, entries: entriesIn(file, text, id) }
}

/** What the declaration of a list knows better than its file. */
function rest(declared: ReferenceList | undefined): Partial<ReferenceList> {
  return declared ? { names: declared.names, kind: declared.kind, note: declared.note } : {}
}

function plain(id: string, head: (name: string) => string): ReferenceList {
  const owner = head('owner')
  return {
    id,
    names: [head('name')],
    source: head('source'),
    version: head('version'),
    ...(owner && { owner }),
    kind: 'common',
    illustrative: head('status') === 'illustrative',
    completeness: 'complete',
    note: '',
  }
}

/** The `#name<tab>value` lines before the columns; '' for one that is not there. */
function headIn(text: string): (name: string) => string {
  const lines = new Map(
    text
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .map((line) => line.slice(1).split('\t') as [string, string]),
  )
  return (name) => lines.get(name) ?? ''
}

function entriesIn(file: string, text: string, list: string): ReadEntry[] {
  return readRowsOf(text, namingOf([]), list).map((read) => {
    if ('reason' in read) throw new Error(`${file}, line ${read.line}: ${read.reason}`)
    return read
  })
}

function listFromTable(id: string, table: CorridorTable, declared: ReferenceList | undefined): ShippedList {
  const entries = table.values.map(({ code, validFrom, validTo, texts, parent }, at): ReadEntry => {
    const entry: ReferenceEntry = {
      list: id,
      code,
      validFrom,
      validTo,
      state: 'valid',
      texts,
      items: {},
      keyItems: 0,
      groups: [],
      ...(parent && { parent }),
    }
    return { line: at + 1, entry }
  })
  const { name, source, version, completeness, reason } = table
  return {
    head: {
      id,
      names: declared?.names ?? [name],
      source,
      version,
      kind: 'common',
      illustrative: table.values.some(({ status }) => status === 'illustrative'),
      completeness,
      note: reason,
    },
    entries,
  }
}

function ownLists({ folder: own, corridor, countries }: CorridorLists): ShippedList[] {
  return Object.entries(folder(own, '')).flatMap(([file, text]) => {
    const lists = isPart(text) ? [partIn(file, text)] : additionsIn(file, text, corridor)
    return lists.map(({ head, entries }) => {
      const country = countries.get(head.owner ?? '')
      return { head: { ...head, completeness: 'filled-by-administration', ...(country && { country }) }, entries }
    })
  })
}

/** One list for each list that a file of additions names; one for a file that is a whole list. */
function additionsIn(file: string, text: string, corridor: string): ShippedList[] {
  const head = headIn(text)
  const whole = head('list')
  const byList = new Map<string, ReadEntry[]>()
  for (const { line, entry } of entriesIn(file, text, whole || file)) {
    const { lists, ...items } = entry.items
    const ids = whole ? [whole] : (lists ?? '').split(' ').flatMap((base) => (base ? [`${base}/${corridor}`] : []))
    if (ids.length === 0) throw new Error(`${file}, line ${line}: no list`)
    for (const list of ids) byList.set(list, [...(byList.get(list) ?? []), { line, entry: { ...entry, list, items } }])
  }
  return [...byList].map(([id, entries]) => ({ head: { ...plain(id, head), kind: 'corridor' }, entries }))
}
