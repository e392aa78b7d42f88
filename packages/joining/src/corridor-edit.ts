import { isDeepStrictEqual } from 'node:util'
import { type Document, isCollection, isMap, isNode, isPair, isSeq, parse, parseDocument, stringify } from 'yaml'
import { JoinFault } from './faults.ts'

/** What a new partner adds to a corridor file. */
export interface Member {
  id: string
  /** As it stands under `nodes`. */
  node: Record<string, unknown>
  link: { between: string[]; kind: string; agreement: string }
  offices: Record<string, unknown>[]
  reference: Record<string, unknown> & { lists: string[] }
  /** Said above its node. */
  comment: string
}

type Row = Record<string, unknown>

/**
 * The file with a member in it; everything else stays as it was written, byte for byte.
 * @throws JoinFault join.own-file
 */
export function withMember(text: string, { id, node, link, offices, reference, comment }: Member): string {
  const country = node['country']
  let edited = withNode(text, id, node, comment)
  edited = withRows(edited, 'links', [link], (row) => sameMembers(row['between'], link.between))
  edited = withRows(edited, 'offices', offices, (row) => row['country'] === country)
  return withRows(edited, 'reference', [reference], (row) => isDeepStrictEqual(row['lists'], reference.lists))
}

/** The file without a member: its node, links, offices, and the lists that it owns. @throws JoinFault join.own-file */
export function withoutMember(text: string, { id, country }: { id: string; country: string }): string {
  let edited = withNode(text, id, undefined)
  edited = withRows(edited, 'links', [], (row) => Array.isArray(row['between']) && row['between'].includes(id))
  edited = withRows(edited, 'offices', [], (row) => row['country'] === country)
  edited = withRows(edited, 'reference', [], (row) => row['owner'] === id)
  return edited
}

function opened(text: string): Document {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error !== undefined) throw new JoinFault('join.own-file', `corridor.yaml: ${error.message}`)
  if (document.has('like'))
    throw new JoinFault('join.own-file', 'corridor.yaml › like: members are added to the file that this one is like.')
  return document
}

/** Puts a node in, in the place of the one that is there, or takes it out. */
function withNode(text: string, id: string, node: Row | undefined, comment = ''): string {
  const document = opened(text)
  const nodes = document.get('nodes')
  if (!isMap(nodes) || nodes.flow === true)
    throw new JoinFault('join.own-file', 'corridor.yaml › nodes: must be a group with each node on lines of its own.')
  const there = nodes.items.find(({ key }) => String(key) === id)
  if (isDeepStrictEqual(there === undefined ? undefined : jsonOf(there.value), node)) return text
  const indent = columnOf(text, startOf(nodes.items[0]!.key))
  const lines =
    node === undefined
      ? []
      : [
          `# ${comment}`,
          ...stringify({ [id]: node })
            .trimEnd()
            .split('\n'),
        ]
  const block = lines.map((line) => ' '.repeat(indent) + line)
  const span = there === undefined ? linesAfter(text, endOf(nodes)) : linesOf(text, startOf(there.key), endOf(there))
  return verified(replaced(text, span, block), text, (content) => {
    const all = content['nodes'] as Record<string, unknown>
    if (node === undefined) delete all[id]
    else all[id] = node
  })
}

/** Puts rows into a list, in the place of those that are meant. */
function withRows(text: string, name: string, rows: readonly Row[], isMeant: (row: Row) => boolean): string {
  const document = opened(text)
  const list = document.get(name)
  if (list !== undefined && list !== null && !isSeq(list))
    throw new JoinFault('join.own-file', `corridor.yaml › ${name}: must be a list.`)
  const items = isSeq(list) ? list.items : []
  const meant = items.filter((item) => isMeant((jsonOf(item) ?? {}) as Row))
  if (isDeepStrictEqual(meant.map(jsonOf), rows)) return text
  const isBlock = isSeq(list) && list.flow !== true
  const indent = isBlock && items[0] !== undefined ? columnOf(text, startOf(items[0])) - 2 : 2
  const block = rows.map((row) => `${' '.repeat(indent)}- ${flow(row)}`)
  const edit = (content: Record<string, unknown>): void => {
    const rest = ((content[name] ?? []) as Row[]).filter((row) => !isMeant(row))
    content[name] = [...rest, ...rows]
  }
  if (!isBlock) {
    if (items.length > 0)
      throw new JoinFault(
        'join.own-file',
        `corridor.yaml › ${name}: must be a list with each entry on a line of its own.`,
      )
    const whole = [`${name}:`, ...block]
    if (!isSeq(list)) return verified(`${text.trimEnd()}\n\n${whole.join('\n')}\n`, text, edit)
    const [start, end] = list.range!
    return verified(`${text.slice(0, start).trimEnd()}\n${block.join('\n')}${text.slice(end)}`, text, edit)
  }
  const end = endOf(list)
  let edited = block.length === 0 ? text : replaced(text, linesAfter(text, end), block)
  for (const item of meant.toReversed()) edited = replaced(edited, linesOf(edited, startOf(item), endOf(item)), [])
  if (meant.length === items.length && rows.length === 0) {
    const key = new RegExp(`^${name}:[^\\n]*$`, 'm')
    edited = edited.replace(key, `${name}: []`)
  }
  return verified(edited, text, edit)
}

/** What was written must say just what was meant: the file is read by every node of this administration. */
function verified(edited: string, before: string, edit: (content: Record<string, unknown>) => void): string {
  const wanted = parse(before) as Record<string, unknown>
  edit(wanted)
  if (!isDeepStrictEqual(parse(edited), wanted))
    throw new JoinFault(
      'join.own-file',
      'corridor.yaml: it is written in a way that cannot be added to by this command.',
    )
  return edited
}

/** One row as people write it: `{ between: [tj, af], kind: as4 }`. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${name}: ${flow(member)}`)
      .join(', ')} }`
  return scalar(value)
}

/** A value that means the same inside of brackets. */
function scalar(value: unknown): string {
  const plain = stringify(value, { lineWidth: 0 }).trimEnd()
  return typeof value === 'string' && /[,[\]{}\n]/.test(plain) ? JSON.stringify(value) : plain
}

function jsonOf(value: unknown): unknown {
  return isNode(value) ? (value.toJSON() as unknown) : value
}

const startOf = (value: unknown): number => (isNode(value) ? (value.range?.[0] ?? 0) : 0)

/** Where the last thing in a value ends; what follows it are comments and empty lines. */
function endOf(value: unknown): number {
  if (isPair(value)) return value.value === null ? endOf(value.key) : Math.max(endOf(value.value), endOf(value.key))
  if (isCollection(value) && value.flow !== true && value.items.length > 0) return endOf(value.items.at(-1))
  return isNode(value) ? (value.range?.[1] ?? 0) : 0
}

const columnOf = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1)

type Span = [start: number, end: number]

/** The whole lines of what stands from one place to another, with the comment lines right above. */
function linesOf(text: string, from: number, to: number): Span {
  let start = text.lastIndexOf('\n', from - 1) + 1
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1
    if (start === 0 || !/^\s*# By its invitation |^\s*# TEST PARTNER/.test(text.slice(above, start))) break
    start = above
  }
  return [start, linesAfter(text, to)[0]]
}

/** Right below the line in which something ends. */
function linesAfter(text: string, end: number): Span {
  const next = text.indexOf('\n', end)
  const at = next < 0 ? text.length : next + 1
  return [at, at]
}

function replaced(text: string, [start, end]: Span, lines: readonly string[]): string {
  const before = text.slice(0, start)
  const gap = before === '' || before.endsWith('\n') || lines.length === 0 ? '' : '\n'
  return `${before}${gap}${lines.map((line) => `${line}\n`).join('')}${text.slice(end)}`
}

const sameMembers = (one: unknown, other: readonly string[]): boolean =>
  Array.isArray(one) && isDeepStrictEqual(one.map(String).toSorted(), other.toSorted())
