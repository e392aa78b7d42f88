/** The tables as trees: what a message may hold, before it is compiled to reader and writer. */
import { CustomsFault } from '../faults.ts'
import type { Format } from '../format/format.ts'
import { readTable, type TableRow } from '../tsv.ts'
import { joined, namespacesOf, type Namespaces } from './notation.ts'
import { toFields, wrong, type Node } from './rows.ts'

/** R required · O optional · D depends on a rule or condition. */
export type Optionality = 'R' | 'O' | 'D'

/** One row of a message table: a group when it has `children`, a text field when it has a `format`. */
export interface TableNode {
  /** as the table has it, and the key in a document's JSON form: `LRN`, `ram:ID`, `@currencyID`; '' for a model group without a name */
  readonly name: string
  /** absent for an element; a choice or sequence is a model group, which has no element of its own around its children */
  readonly kind?: 'attribute' | 'choice' | 'sequence'
  /** the XML name of an element or attribute */
  readonly local: string
  /** '' for none */
  readonly namespace: string
  readonly optionality: Optionality
  /** optionality R: its parent may not be without it */
  readonly required: boolean
  /** it may occur more than once: an array in a document's JSON form */
  readonly repeats: boolean
  /** how often it must occur under its parent: 0 when it is not required */
  readonly min: number
  /** how often it may occur under its parent; Infinity for `*x` */
  readonly max: number
  readonly format?: Format
  readonly codeList?: string
  /** ids of rules and conditions that the specification cites for this field in this table */
  readonly rules: readonly string[]
  readonly children?: readonly TableNode[]
  /** attributes other than those that every element may have (schema locations) */
  readonly attributes?: readonly TableNode[]
  /** the shared group of groups.tsv that its children are */
  readonly group?: string
}

/** What an element may hold. */
export interface Fields {
  readonly children: readonly TableNode[]
  readonly attributes: readonly TableNode[]
}

const columns = ['depth', 'name', 'optionality', 'cardinality', 'format', 'codelist', 'rules']

/** The head lines of a message table, and `xmlns:` with a prefix. */
const heads = new Set(['message', 'root', 'ie', 'acronym', 'title', 'namespace', 'elements', 'phases', 'edition'])

/** The shared groups of an edition. */
export interface GroupTable {
  /** A text says what is wrong with the reference. */
  get(name: string): Fields | string
  readonly names: readonly string[]
  /** undefined when there are no groups */
  readonly namespaces: Namespaces | undefined
}

/** The shared groups of groups.tsv; a group's fields are made once and used by every table that refers to it. */
export function readGroups(text: string, formatOf: (notation: string) => Format): GroupTable {
  const { head, rows } = readTable(text, columns, 'groups')
  const nodes = new Map<string, Node>()
  for (const node of nest(rows, 0, 'groups')) {
    const name = node.row.cell('name')
    if (nodes.has(name)) throw new CustomsFault('table-syntax', `groups, line ${node.row.line}: ${name} is there twice`)
    nodes.set(name, node)
  }
  const namespaces = namespacesOf(head, 'groups')
  const made = new Map<string, Fields>()
  const open = new Set<string>()
  const get = (name: string): Fields | string => {
    const known = made.get(name)
    if (known) return known
    const node = nodes.get(name)
    if (!node) return `there is no group ${name}`
    if (open.has(name)) return `the group ${name} is part of itself`
    if (node.children.length === 0) wrong(node.row, { what: 'groups' }, 'a group has rows below it')
    open.add(name)
    const fields = toFields(node.children, { what: 'groups', groups: { get }, formatOf, namespaces })
    open.delete(name)
    made.set(name, fields)
    return fields
  }
  return { get, names: [...nodes.keys()], namespaces: rows.length > 0 ? namespaces : undefined }
}

/** A message table: its head lines and its fields in order. */
export function readMessage(
  text: string,
  groups: GroupTable,
  formatOf: (notation: string) => Format,
  what: string,
): Fields & { head: ReadonlyMap<string, string>; namespaces: Namespaces } {
  const { head, rows } = readTable(text, columns, what)
  for (const key of head.keys()) {
    if (!heads.has(key) && !key.startsWith('xmlns:'))
      throw new CustomsFault('table-syntax', `${what}: there is no line #${key}`)
  }
  if (rows.length === 0) throw new CustomsFault('table-syntax', `${what}: there are no rows`)
  const namespaces = joined(namespacesOf(head, what), groups.namespaces, what)
  return { head, namespaces, ...toFields(nest(rows, 1, what), { what, groups, formatOf, namespaces }) }
}

function nest(rows: readonly TableRow[], from: number, what: string): Node[] {
  const roots: Node[] = []
  const open: Node[] = []
  for (const row of rows) {
    const depth = Number(row.cell('depth')) - from
    if (!(Number.isInteger(depth) && depth >= 0 && depth <= open.length)) {
      throw new CustomsFault('table-syntax', `${what}, line ${row.line}: depth ${row.cell('depth')} does not follow`)
    }
    open.length = depth
    const node = { row, children: [] }
    ;(open.at(-1)?.children ?? roots).push(node)
    open.push(node)
  }
  return roots
}
