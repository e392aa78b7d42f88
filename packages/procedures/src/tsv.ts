import { ProcedureFault } from './faults.ts'

/**
 * Reads a table: lines starting with # are remarks, the first other line names the columns, cells are separated by tabs.
 * @throws ProcedureFault TABLE when a row has more cells than columns.
 */
export function rowsOf(text: string, name: string): Record<string, string>[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  let columns: string[] | undefined
  const rows: Record<string, string>[] = []
  lines.forEach((line, index) => {
    if (line === '' || line.startsWith('#')) return
    const cells = line.split('\t')
    if (columns === undefined) {
      columns = cells
      return
    }
    if (cells.length > columns.length) {
      throw new ProcedureFault('TABLE', `${name} line ${index + 1}: ${cells.length} cells, ${columns.length} columns`)
    }
    rows.push(Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])))
  })
  return rows
}
