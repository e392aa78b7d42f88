/** The tables as trees: what a message may hold, before it is compiled to reader and writer. */
import { CustomsFault } from '../faults.ts'
import type { Format } from '../format/format.ts'
import { readTable, type TableRow } from '../tsv.ts'
import { joined, namespacesOf, readCardinality, readName, type Namespaces } from './notation.ts'

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

interface Node {
  row: TableRow
  children: Node[]
}

/** The shared groups of an edition. */
export interface GroupTable {
  /** A text says what is wrong with the reference. */
  get(name: string): Fields | string
  readonly names: readonly string[]
  /** undefined when there are no groups */
  readonly namespaces: Namespaces | undefined
}

/** What the rows of one file are read with. */
interface Context {
  readonly what: string
  readonly groups: Pick<GroupTable, 'get'>
  readonly formatOf: (notation: string) => Format
  readonly namespaces: Namespaces
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

function toFields(nodes: readonly Node[], context: Context): Fields {
  const children: TableNode[] = []
  const attributes: TableNode[] = []
  const seen: Seen = { elements: new Set(), keys: new Set() }
  for (const node of nodes) {
    const name = node.row.cell('name')
    const made = { children: [] as readonly TableNode[], attributes: [] as readonly TableNode[] }
    if (name.startsWith('+')) {
      if (node.children.length > 0) wrong(node.row, context, 'a reference has no rows below it')
      Object.assign(made, referredGroup(node.row, name.slice(1), context))
    } else {
      const field = toField(node, context)
      made[field.kind === 'attribute' ? 'attributes' : 'children'] = [field]
    }
    const twice = firstTwice([...made.children, ...made.attributes], seen)
    if (twice !== undefined) wrong(node.row, context, `a name occurs twice in one group (${twice})`)
    children.push(...made.children)
    attributes.push(...made.attributes)
  }
  return { children, attributes }
}

interface Seen {
  readonly elements: Set<string>
  readonly keys: Set<string>
}

/**
 * The first name that has been seen already. An element is found by its name, so within one element each stands in one place, model
 * groups included; and a key means one thing.
 */
function firstTwice(fields: readonly TableNode[], { elements, keys }: Seen): string | undefined {
  for (const { kind, name, namespace, local, children = [] } of fields) {
    const model = kind === 'choice' || kind === 'sequence'
    const element = `{${namespace}}${local}`
    if ((name !== '' && keys.has(name)) || (kind === undefined && elements.has(element))) return name
    if (name !== '') keys.add(name)
    if (kind === undefined) elements.add(element)
    const inside = model ? firstTwice(children, { elements, keys: name === '' ? keys : new Set() }) : undefined
    if (inside !== undefined) return inside
  }
  return undefined
}

function wrong(row: TableRow, { what }: Pick<Context, 'what'>, text: string): never {
  throw new CustomsFault('table-syntax', `${what}, line ${row.line}, ${row.cell('name')}: ${text}`)
}

function referredGroup(row: TableRow, name: string, { what, groups }: Context): Fields {
  const found = groups.get(name)
  if (typeof found !== 'string') return found
  throw new CustomsFault('table-reference', `${what}, line ${row.line}, ${row.cell('name')}: ${found}`)
}

function toField({ row, children }: Node, context: Context): TableNode {
  const name = readName(row.cell('name'), context.namespaces)
  if (typeof name === 'string') return wrong(row, context, name)
  const optionality = row.cell('optionality')
  if (!/^[ROD]$/.test(optionality)) wrong(row, context, 'optionality is R, O or D')
  const occurs = readCardinality(row.cell('cardinality'), optionality === 'R')
  if (typeof occurs === 'string') return wrong(row, context, occurs)
  const shared = {
    ...name,
    optionality: optionality as Optionality,
    required: optionality === 'R',
    repeats: occurs.max > 1,
    ...occurs,
    rules: row.cell('rules').split(' ').filter(Boolean),
  }
  const format = row.cell('format')
  const codeList = row.cell('codelist')
  if (codeList !== '' && (format === '' || format.startsWith('='))) wrong(row, context, 'a group has no code list')
  if (!/^[\w.-]*$/.test(codeList)) wrong(row, context, 'a code list is named by letters and figures')
  const problem = shapeProblem(shared, format, children)
  if (problem) wrong(row, context, problem)
  if (format.startsWith('=')) {
    const group = format.slice(1)
    const referred = referredGroup(row, group, context)
    return { ...shared, group, children: referred.children, ...attributesIfAny(referred) }
  }
  const inside = toFields(children, context)
  if (format === '') return { ...shared, children: inside.children, ...attributesIfAny(inside) }
  return {
    ...shared,
    format: formatIn(row, format, context),
    ...(codeList && { codeList }),
    ...attributesIfAny(inside),
  }
}

const attributesIfAny = ({ attributes }: Fields): { attributes?: readonly TableNode[] } =>
  attributes.length > 0 ? { attributes } : {}

/** What does not go together in a row, in words. */
function shapeProblem(
  { kind, name, repeats }: Pick<TableNode, 'kind' | 'name' | 'repeats'>,
  format: string,
  children: readonly Node[],
): string | undefined {
  const isAttribute = ({ row }: Node): boolean => row.cell('name').startsWith('@')
  if (kind === 'attribute') {
    if (repeats) return 'an attribute occurs once'
    return format === '' || children.length > 0 ? 'an attribute has a format and no rows below it' : undefined
  }
  if (kind !== undefined) {
    if (repeats && name === '') return 'a choice or sequence that repeats needs a name: (sequence Entry)'
    if (format !== '' || children.some(isAttribute)) return 'a choice or sequence has only rows of elements below it'
    return children.length === 0 ? 'a choice or sequence has rows below it' : undefined
  }
  const elements = children.filter((child) => !isAttribute(child))
  if (format.startsWith('=')) return children.length > 0 ? 'a reference has no rows below it' : undefined
  return elements.length > 0 === (format !== '') ? 'a row has a format or rows below it' : undefined
}

function formatIn(row: TableRow, notation: string, context: Context): Format {
  try {
    return context.formatOf(notation)
  } catch (error) {
    if (!(error instanceof CustomsFault)) throw error
    throw new CustomsFault(
      error.code,
      `${context.what}, line ${row.line}, ${row.cell('name')}: ${error.message.replace(/^[\w-]+: /, '')}`,
    )
  }
}
