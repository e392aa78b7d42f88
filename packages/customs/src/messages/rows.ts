/** Rows of a message table made to fields, each looked at for what does not go together. */
import { CustomsFault } from '../faults.ts'
import type { Format } from '../format/format.ts'
import type { TableRow } from '../tsv.ts'
import type { Fields, GroupTable, Optionality, TableNode } from './fields.ts'
import { readCardinality, readName, type Namespaces } from './notation.ts'

/** A row with the rows below it. */
export interface Node {
  row: TableRow
  children: Node[]
}

/** What the rows of one file are read with. */
export interface Context {
  readonly what: string
  readonly groups: Pick<GroupTable, 'get'>
  readonly formatOf: (notation: string) => Format
  readonly namespaces: Namespaces
}

/** The rows of one group, and all below them, as fields. Throws `table-syntax` or `table-reference` with file and line. */
export function toFields(nodes: readonly Node[], context: Context): Fields {
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

/** Stops at a row. */
export function wrong(row: TableRow, { what }: Pick<Context, 'what'>, text: string): never {
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
