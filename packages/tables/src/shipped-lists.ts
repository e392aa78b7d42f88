import {
  type CorridorTable,
  namingOf,
  type ReadEntry,
  readReference,
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

/**
 * Every list that comes as a file: published lists, common standards, the tables of the corridor where no published list has their id,
 * and the corridor's own additions, each as a list of its own (`CL141.albania-kosovo`) that keeps its owner and whether it is illustrative.
 * @param overlays folder of the corridor's own code lists
 * @throws Error naming the file and the line that is wrong
 */
export async function loadShippedLists(
  overlays?: { folder: URL; corridor: string },
  customs: URL = ownFolders.customs,
): Promise<ShippedList[]> {
  const declared = new Map(loadReferenceLists(customs).map((list) => [list.id, list]))
  const files = { ...folder(customs, 'codelists/'), ...folder(customs, 'reference/common/') }
  const lists: ShippedList[] = []
  for (const [file, text] of Object.entries(files)) {
    const head = headIn(text)
    const id = head('list')
    const entries = await entriesIn(file, text, id)
    lists.push({ head: { ...plain(id, head), ...rest(declared.get(id)) }, entries })
  }
  const known = new Set(lists.map(({ head }) => head.id))
  for (const table of loadCorridorTables(customs).tables) {
    const id = listOfTable(table)
    if (!known.has(id)) lists.push(listFromTable(id, table, declared.get(id)))
  }
  if (overlays)
    for (const [file, text] of Object.entries(folder(overlays.folder, '')))
      lists.push(...(await overlaysIn(file, text, overlays.corridor)))
  return lists
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

async function entriesIn(file: string, text: string, list: string): Promise<ReadEntry[]> {
  const entries: ReadEntry[] = []
  for await (const read of readReference('tsv', [text], namingOf([]), list)) {
    if ('reason' in read) throw new Error(`${file}, line ${read.line}: ${read.reason}`)
    entries.push(read)
  }
  return entries
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

/** One list for each list that a file of additions names. */
async function overlaysIn(file: string, text: string, corridor: string): Promise<ShippedList[]> {
  const head = headIn(text)
  // A whole list of the corridor takes the place of the published one only here; it has its own name as well.
  const whole = head('list')
  const entries = await entriesIn(file, text, file)
  const byList = new Map<string, ReadEntry[]>()
  for (const { line, entry } of entries) {
    const { lists = whole, ...items } = entry.items
    for (const base of lists.split(' ').filter(Boolean)) {
      const list = `${base}.${corridor}`
      byList.set(list, [...(byList.get(list) ?? []), { line, entry: { ...entry, list, items } }])
    }
  }
  return [...byList].map(([id, own]) => ({
    head: { ...plain(id, head), kind: 'corridor', completeness: 'filled-by-administration' },
    entries: own,
  }))
}
