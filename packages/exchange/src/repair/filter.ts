import { keyKinds, type KeyDigest, type KeyKind, normalised } from './keys.ts'

/** States of a message, whichever box it is in. */
export const messageStates = [
  'received',
  'waiting',
  'done',
  'queued',
  'sent',
  'receipted',
  'parked',
  'discarded',
] as const
export type MessageState = (typeof messageStates)[number]

/** What messages are asked for; all that is said must hold. Nothing said: all messages. */
export type MessageFilter = {
  readonly [Kind in KeyKind]?: string
} & {
  /** A word of a search box: an MRN, an LRN, a plate, a seal, a container, or the beginning of a message id. */
  readonly q?: string
  /** Messages themselves: `in-12`, `out-7`. */
  readonly ids?: readonly string[]
  /** Beginning of an id on the wire. */
  readonly messageId?: string
  readonly conversation?: string
  /** The other side: who sent what came, for whom is what leaves. */
  readonly partner?: string
  readonly type?: string
  readonly state?: readonly MessageState[]
  readonly direction?: 'in' | 'out'
  /** When it came or was written: from, and before. */
  readonly from?: Date
  readonly to?: Date
}

/** Where a page begins: after this message, in the order of the list. */
export interface Cursor {
  at: Date
  direction: 'in' | 'out'
  id: string
}

interface Box {
  direction: 'in' | 'out'
  table: string
  at: string
  partner: string
  /** The state in which nearly all messages are; the index over the others is small. */
  ended: MessageState
  states: readonly MessageState[]
}

export const boxes: readonly Box[] = [
  {
    direction: 'in',
    table: 'inbox',
    at: 'received_at',
    partner: 'sender',
    ended: 'done',
    states: ['received', 'waiting', 'done', 'parked', 'discarded'],
  },
  {
    direction: 'out',
    table: 'outbox',
    at: 'created_at',
    partner: 'recipient',
    ended: 'receipted',
    states: ['queued', 'sent', 'receipted', 'parked', 'discarded'],
  },
]

/** Values of a statement as they are named in it. */
export class Values {
  readonly all: unknown[] = []

  /** @returns how the statement names the value */
  add(value: unknown, type: string): string {
    this.all.push(value)
    return `$${this.all.length}::${type}`
  }
}

/** What of a box a filter leaves. */
export interface Part {
  box: Box
  where: string
  /**
   * The values of this column are looked for first, and each gives its newest messages: the index over types and partners is in order of time
   * for one of each only. Among the messages of the condition, or among all.
   */
  spread?: { column: string; within: string }
}

/**
 * The conditions of a filter for each box that may hold some. A statement is put together of those conditions alone that are asked for, so
 * that PostgreSQL can choose the index for each: one statement for all of them would read the whole table for most.
 */
export function partsOf(filter: MessageFilter, digest: KeyDigest, values: Values, after?: Cursor): Part[] {
  return boxes.flatMap((box) => {
    if (filter.direction !== undefined && filter.direction !== box.direction) return []
    const states = filter.state && box.states.filter((state) => filter.state?.includes(state))
    if (states?.length === 0) return []
    const ids = filter.ids && idsOf(filter.ids, box.direction)
    if (ids?.length === 0) return []
    const conditions = [
      ...(states ? [stateCondition(box, states)] : []),
      ...(ids ? [`id = any (${values.add(ids, 'bigint[]')})`] : []),
      ...plainConditions(filter, box, values),
      ...keyConditions(filter, box, digest, values),
      ...(after ? [afterCondition(after, box, values)] : []),
    ]
    const where = conditions.length === 0 ? 'true' : conditions.join('\n  and ')
    const spread = spreadOf(filter, box, states, values)
    return [{ box, where, ...(spread && { spread }) }]
  })
}

/** Only where nothing else leaves few: then few are to be sorted. */
function spreadOf(
  filter: MessageFilter,
  { partner, ended }: Box,
  states: readonly MessageState[] | undefined,
  values: Values,
): Part['spread'] {
  const { ids, conversation, messageId, q, type } = filter
  const narrow = [ids, conversation, messageId, q, ...keyKinds.map((kind) => filter[kind])]
  if (narrow.some((each) => each !== undefined) || states?.includes(ended) === false) return undefined
  if ((type === undefined) === (filter.partner === undefined)) return undefined
  if (type === undefined) return { column: 'document_type', within: 'true' }
  return { column: partner, within: `document_type = ${values.add(type, 'text')}` }
}

/** Numbers of the messages of one box, of ids like `in-12`. */
function idsOf(ids: readonly string[], direction: 'in' | 'out'): string[] {
  return ids.flatMap((id) => {
    const found = readMessageName(id)
    return found?.direction === direction ? [found.id] : []
  })
}

/** The box and number in `in-12`; undefined of what is none. */
export function readMessageName(name: string): { direction: 'in' | 'out'; id: string } | undefined {
  const [, direction, id] = /^(in|out)-([1-9]\d{0,17})$/.exec(name) ?? []
  return direction === undefined || id === undefined ? undefined : { direction: direction as 'in' | 'out', id }
}

/** Words of a closed list, not values: only so PostgreSQL sees that the index over what has not ended will do. */
function stateCondition({ ended }: Box, states: readonly MessageState[]): string {
  const listed = `state in (${states.map((state) => `'${state}'`).join(', ')})`
  return states.includes(ended) ? listed : `state <> '${ended}' and ${listed}`
}

function plainConditions(filter: MessageFilter, { table, at, partner }: Box, values: Values): string[] {
  const { conversation, type, from, to, messageId } = filter
  return [
    ...(filter.partner === undefined ? [] : [`${partner} = ${values.add(filter.partner, 'text')}`]),
    ...(type === undefined ? [] : [`document_type = ${values.add(type, 'text')}`]),
    ...(conversation === undefined ? [] : [`conversation = ${values.add(conversation, 'text')}`]),
    ...(from === undefined ? [] : [`${at} >= ${values.add(from, 'timestamptz')}`]),
    ...(to === undefined ? [] : [`${at} < ${values.add(to, 'timestamptz')}`]),
    ...(messageId === undefined ? [] : [anyOf([`select id from ${table} where ${beginsWith(messageId, values)}`])]),
  ]
}

/** As `like` and not as a range, which would need the order of bytes: a database of another order looks at all, and finds the same. */
function beginsWith(beginning: string, values: Values): string {
  return `message_id like ${values.add(`${beginning.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`, 'text')}`
}

function keyConditions(filter: MessageFilter, box: Box, digest: KeyDigest, values: Values): string[] {
  const conditions = keyKinds.flatMap((kind) => {
    const value = filter[kind]
    if (value === undefined) return []
    // A document that nobody could read has no keys; what it belongs to was known before it was read.
    const isReference = kind === 'mrn' || kind === 'lrn'
    return [foundBy(box, [digest({ kind, value })], isReference ? [value, normalised(value)] : [], undefined, values)]
  })
  const { q } = filter
  if (q === undefined) return conditions
  const digests = keyKinds.map((kind) => digest({ kind, value: q }))
  return [...conditions, foundBy(box, digests, [q, normalised(q)], q, values)]
}

function foundBy(
  { table, direction }: Box,
  digests: readonly string[],
  conversations: readonly string[],
  beginning: string | undefined,
  values: Values,
): string {
  const ways = [
    `select message from message_key where box = '${direction}' and value = any (${values.add(digests, 'uuid[]')})`,
    ...(conversations.length === 0
      ? []
      : [`select id from ${table} where conversation = any (${values.add([...new Set(conversations)], 'text[]')})`]),
    ...(beginning === undefined ? [] : [`select id from ${table} where ${beginsWith(beginning, values)}`]),
  ]
  return anyOf(ways)
}

/** Gathered first: PostgreSQL would believe that many are found, and try each message of the box on them. */
const anyOf = (ways: readonly string[]): string => `id = any (array(${ways.join(' union ')}))`

/** What is older, or came at the same moment and stands below: what left above what came, the higher number above. */
function afterCondition(after: Cursor, { at, direction }: Box, values: Values): string {
  const moment = values.add(after.at, 'timestamptz')
  if (direction === after.direction) return `(${at}, id) < (${moment}, ${values.add(after.id, 'bigint')})`
  return `${at} ${after.direction === 'out' ? '<=' : '<'} ${moment}`
}
