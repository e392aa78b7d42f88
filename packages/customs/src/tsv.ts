import { CustomsFault } from './faults.ts'

/** A table as read: `#name<tab>value` lines before the column line, and the rows as objects keyed by column name. */
export interface Table {
  readonly head: ReadonlyMap<string, string>
  /** as the column line names them */
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  /** line in the file, counted from 1 */
  readonly line: number
  /** the cell of a column, '' when the line is shorter */
  cell(column: string): string
}

/**
 * Reads a tab-separated table: head lines (`#key<tab>value`), one line of column names, rows. Empty lines are skipped.
 * Throws `table-syntax` when a column is missing or a row has more cells than there are columns.
 */
export function readTable(text: string, columns: readonly string[], what: string): Table {
  const head = new Map<string, string>()
  const rows: TableRow[] = []
  let index: Map<string, number> | undefined
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line === '') continue
    const cells = line.split('\t')
    if (!index && line.startsWith('#')) {
      head.set(cells[0]!.slice(1), cells.slice(1).join('\t'))
      continue
    }
    if (!index) {
      index = new Map(cells.map((cell, position) => [cell, position]))
      const missing = columns.filter((column) => !index!.has(column))
      if (missing.length > 0)
        throw new CustomsFault('table-syntax', `${what}, line ${at + 1}: no column ${missing.join(', ')}`)
      continue
    }
    if (cells.length > index.size)
      throw new CustomsFault('table-syntax', `${what}, line ${at + 1}: more cells than columns`)
    const positions = index
    rows.push({ line: at + 1, cell: (column) => cells[positions.get(column) ?? -1] ?? '' })
  }
  if (!index) throw new CustomsFault('table-syntax', `${what}: no column line`)
  return { head, columns: [...index.keys()], rows }
}
