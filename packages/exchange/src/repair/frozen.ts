import type { Tx } from '@corridor/database'
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { type MessageFilter, type MessageState, partsOf, Values } from './filter.ts'
import { countParts, planned } from './find.ts'
import { type BatchAct, boxOf, type Permit, permitOf } from './permit.ts'

/** The most messages of one batch. */
export const mostMessages = 50_000

/** A message of a set, and what would come of the act if it were made now. */
export interface SetMember {
  box: 'in' | 'out'
  id: string
  messageId: string
  state: MessageState
  permit: Permit
}

/** The messages that an act is about, as they are at this moment. */
export interface FrozenSet {
  members: SetMember[]
  /** SHA-256 over the names and ids of the messages, in hexadecimal: another set has another. */
  digest: string
  /** The filter leaves every message that the act could be about. */
  isEverything: boolean
}

interface Row {
  box: 'in' | 'out'
  id: string
  message_id: string
  link: string
  state: MessageState
  has_bytes: boolean
}

/** Finds the messages of a filter for an act; undefined when there are more than {@link mostMessages}. */
export async function freeze(
  { keyDigest }: Pick<Context, 'keyDigest'>,
  tx: Tx,
  act: BatchAct,
  filter: MessageFilter,
): Promise<FrozenSet | undefined> {
  const direction = boxOf[act]
  if (direction !== undefined && filter.direction !== undefined && filter.direction !== direction)
    return { members: [], digest: digestOf([]), isEverything: false }
  const narrowed: MessageFilter = direction === undefined ? filter : { ...filter, direction }
  const values = new Values()
  const parts = partsOf(narrowed, keyDigest, values)
  if (parts.length === 0) return { members: [], digest: digestOf([]), isEverything: false }
  const each = parts.map(
    ({ box, where }) =>
      `(select '${box.direction}' as box, id::text as id, message_id, link, state, length(payload) > 0 as has_bytes
       from ${box.table} where ${where} order by id limit ${mostMessages + 1})`,
  )
  const text = `select * from (${each.join(' union all ')}) as found order by box, id::bigint limit ${mostMessages + 1}`
  const rows = await planned<Row>(tx, text, values)
  if (rows.length > mostMessages) return undefined
  const members = rows.map(({ box, id, message_id: messageId, link, state, has_bytes: hasBytes }) => ({
    box,
    id,
    messageId,
    state,
    permit: permitOf(act, { box, link, state, hasBytes }),
  }))
  return {
    members,
    digest: digestOf(members),
    isEverything: members.length > 0 && (await isEverything(keyDigest, tx, narrowed, members.length)),
  }
}

/** Whoever names messages means them. Any other filter is held against the boxes: one may leave all messages without looking so. */
async function isEverything(
  keyDigest: Context['keyDigest'],
  tx: Tx,
  { ids, direction }: MessageFilter,
  found: number,
): Promise<boolean> {
  if (ids !== undefined) return false
  const values = new Values()
  const parts = partsOf(direction === undefined ? {} : { direction }, keyDigest, values)
  const all = await countParts(tx, parts, values, found)
  return !all.atLeast
}

function digestOf(members: readonly Pick<SetMember, 'box' | 'id' | 'messageId'>[]): string {
  const hash = createHash('sha256')
  for (const { box, id, messageId } of members) hash.update(`${box}-${id} ${messageId}\n`)
  return hash.digest('hex')
}
