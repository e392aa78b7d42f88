/** The tables as trees: what a message may hold, before it is compiled to reader and writer. */
import { CustomsFault } from '../faults.ts'
import type { Format } from '../format/format.ts'
import { readTable, type TableRow } from '../tsv.ts'

/** R required · O optional · D depends on a rule or condition. */
export type Optionality = 'R' | 'O' | 'D'

/** One row of a message table: a group when it has `children`, a text field when it has a `format`. */
export interface TableNode {
  readonly name: string
  readonly optionality: Optionality
  /** optionality R: its parent may not be without it */
  readonly required: boolean
  /** it may occur more than once: an array in a document's JSON form */
  readonly repeats: boolean
  /** how often it may occur under its parent */
  readonly max: number
  readonly format?: Format
  readonly codeList?: string
  /** ids of rules and conditions that the specification cites for this field in this table */
  readonly rules: readonly string[]
  readonly children?: readonly TableNode[]
  /** the shared group of groups.tsv that its children are */
  readonly group?: string
}

const columns = ['depth', 'name', 'optionality', 'cardinality', 'format', 'codelist', 'rules']

interface Node {
  row: TableRow
  children: Node[]
}

/** The shared groups of groups.tsv; a group's fields are made once and used by every table that refers to it. */
export function readGroups(
  text: string,
  formatOf: (notation: string) => Format,
): (name: string) => readonly TableNode[] {
  const roots = nest(readTable(text, columns, 'groups').rows, 0, 'groups')
  const nodes = new Map(roots.map((node) => [node.row.cell('name'), node]))
  const made = new Map<string, readonly TableNode[]>()
  const group = (name: string): readonly TableNode[] => {
    const known = made.get(name)
    if (known) return known
    const node = nodes.get(name)
    if (!node) throw new CustomsFault('table-reference', `there is no group ${name}`)
    const fields = toFields(node.children, group, formatOf, name)
    made.set(name, fields)
    return fields
  }
  return group
}

/** A message table: its head lines and its fields in order. */
export function readMessage(
  text: string,
  group: (name: string) => readonly TableNode[],
  formatOf: (notation: string) => Format,
  what: string,
): { head: ReadonlyMap<string, string>; fields: readonly TableNode[] } {
  const { head, rows } = readTable(text, columns, what)
  return { head, fields: toFields(nest(rows, 1, what), group, formatOf, what) }
}

function nest(rows: readonly TableRow[], from: number, what: string): Node[] {
  const roots: Node[] = []
  const open: Node[] = []
  for (const row of rows) {
    const depth = Number(row.cell('depth')) - from
    if (!(depth >= 0 && depth <= open.length)) {
      throw new CustomsFault('table-syntax', `${what}, line ${row.line}: depth ${row.cell('depth')} does not follow`)
    }
    open.length = depth
    const node = { row, children: [] }
    ;(open.at(-1)?.children ?? roots).push(node)
    open.push(node)
  }
  return roots
}

function toFields(
  nodes: readonly Node[],
  group: (name: string) => readonly TableNode[],
  formatOf: (notation: string) => Format,
  what: string,
): readonly TableNode[] {
  const fields = nodes.flatMap((node) => {
    const name = node.row.cell('name')
    return name.startsWith('+') ? group(name.slice(1)) : [toField(node, group, formatOf, what)]
  })
  const names = new Set(fields.map((field) => field.name))
  if (names.size < fields.length) throw new CustomsFault('table-syntax', `${what}: a name occurs twice in one group`)
  return fields
}

function toField(
  { row, children }: Node,
  group: (name: string) => readonly TableNode[],
  formatOf: (notation: string) => Format,
  what: string,
): TableNode {
  const wrong = (text: string): never => {
    throw new CustomsFault('table-syntax', `${what}, line ${row.line}, ${row.cell('name')}: ${text}`)
  }
  const optionality = row.cell('optionality')
  const max = Number(/^(\d+)x$/.exec(row.cell('cardinality'))?.[1] ?? 0)
  const format = row.cell('format')
  if (!/^[A-Za-z_][\w.-]*$/.test(row.cell('name'))) wrong('not an XML name')
  if (!/^[ROD]$/.test(optionality)) wrong('optionality is R, O or D')
  if (max < 1) wrong('cardinality is a number and x')
  if (children.length > 0 ? format !== '' : format === '') wrong('a row has a format or rows below it')
  const shared = {
    name: row.cell('name'),
    optionality: optionality as Optionality,
    required: optionality === 'R',
    repeats: max > 1,
    max,
    rules: row.cell('rules').split(' ').filter(Boolean),
  }
  if (children.length > 0) return { ...shared, children: toFields(children, group, formatOf, what) }
  if (format.startsWith('=')) return { ...shared, group: format.slice(1), children: group(format.slice(1)) }
  const codeList = row.cell('codelist')
  return { ...shared, format: formatOf(format), ...(codeList && { codeList }) }
}
