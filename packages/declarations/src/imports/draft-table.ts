/** The tables from which an import is begun: `imports/draft.tsv`, `codes.tsv`, `documents.tsv`. */
import { CustomsFault, readTable } from '@corridor/customs'
import type { BlockElement } from '../blocks/elements.ts'

/** What becomes of an element of the export. */
export type How =
  | 'same'
  | 'without'
  | 'is'
  | 'fact'
  | 'code'
  | 'complete'
  | 'documents'
  | 'subheading'
  | 'export'
  | 'registered'
  | 'left'

/** One row of `draft.tsv`. */
export interface DraftRow {
  /** element of the import, '' where the import has nothing of it */
  readonly to: string
  readonly from: string
  readonly how: How
  /** of `is` the text, of `fact` and `code` the name, of `without` the member that is left out */
  readonly argument: string
  readonly why: string
}

/** The texts of the tables of imports. */
export interface ImportTexts {
  readonly draft: string
  readonly codes: string
  readonly documents: string
}

/** The tables, compiled. */
export interface DraftTables {
  readonly rows: readonly DraftRow[]
  /** by list, then by the code at export; a procedure is `10 00` */
  readonly codes: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** kinds of documents that count at export only */
  readonly exportDocuments: ReadonlySet<string>
}

const hows = new Set<string>([
  'same',
  'without',
  'is',
  'fact',
  'code',
  'complete',
  'documents',
  'subheading',
  'export',
  'registered',
  'left',
])

/** Reads the tables. Throws `table-syntax` or `table-reference`, also for an element of the block of which nothing is said. */
export function readDraftTables(texts: ImportTexts, elements: readonly BlockElement[]): DraftTables {
  const known = new Set(elements.map(({ path }) => path))
  const rows = readTable(texts.draft, ['import', 'from', 'how', 'why'], 'draft').rows.map((row) => {
    const [how = '', ...rest] = row.cell('how').split(' ')
    const made = { to: row.cell('import'), from: row.cell('from'), argument: rest.join(' '), why: row.cell('why') }
    if (!hows.has(how)) throw new CustomsFault('table-syntax', `draft, line ${row.line}: ${how} is no way to begin`)
    for (const path of [made.to, made.from])
      if (path !== '' && !known.has(path))
        throw new CustomsFault('table-reference', `draft, line ${row.line}: the block has no ${path}`)
    return { ...made, how: how as How }
  })
  const covers = (path: string): boolean =>
    rows.some(({ from }) => path === from || path.startsWith(`${from}/`) || path.startsWith(`${from}/@`))
  const left = elements.filter(({ path, format }) => format !== '' && !covers(path))
  if (left.length > 0)
    throw new CustomsFault('table-reference', `draft: nothing is said of ${left.map(({ path }) => path).join(', ')}`)
  return {
    rows,
    codes: readCodes(texts.codes),
    exportDocuments: new Set(readTable(texts.documents, ['type'], 'documents').rows.map((row) => row.cell('type'))),
  }
}

/** Reads lists of codes: list, export, import. An administration's own may be given instead of those of this room. */
export function readCodes(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const lists = new Map<string, Map<string, string>>()
  for (const row of readTable(text, ['list', 'export', 'import'], 'codes').rows) {
    const list = row.cell('list')
    if (!lists.has(list)) lists.set(list, new Map())
    lists.get(list)!.set(row.cell('export'), row.cell('import'))
  }
  return lists
}
