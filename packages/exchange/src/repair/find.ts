import type { Database, Tx } from '@corridor/database'
import { type Cursor, type MessageFilter, type Part, partsOf, Values } from './filter.ts'
import type { KeyDigest } from './keys.ts'
import type { ConversationMessage } from '../queries.ts'
import { camelCased } from '../rows.ts'

/** A page of messages, the newest first. */
export interface MessageList {
  messages: ConversationMessage[]
  /** Where the next page begins; undefined after the last. */
  next: Cursor | undefined
}

/** How many messages a filter leaves. `atLeast`: there are more than was counted to. */
export interface MessageCount {
  count: number
  atLeast: boolean
}

const columns: Record<'in' | 'out', string> = {
  in: `'in' as direction, id, link, message_id, sender, recipient, conversation, document_type, ref_to, state, tries, reason,
  received_at as at, null::timestamptz as first_sent_at, null::timestamptz as receipted_at, done_at`,
  out: `'out' as direction, id, link, message_id, sender, recipient, conversation, document_type, ref_to, state, tries, reason,
  created_at as at, first_sent_at, receipted_at, null::timestamptz as done_at`,
}

/**
 * Messages that a filter leaves, the newest first.
 * @param limit at most so many
 * @param after see `next` of the page before
 */
export async function findMessages(
  db: Database,
  digest: KeyDigest,
  filter: MessageFilter,
  { limit, after }: { limit: number; after?: Cursor | undefined },
): Promise<MessageList> {
  const values = new Values()
  const parts = partsOf(filter, digest, values, after)
  if (parts.length === 0) return { messages: [], next: undefined }
  // One more tells whether there are any. The number stands in the text, since the plan depends on it.
  const most = Math.trunc(limit) + 1
  const each = parts.map((part) => `(${selected(part, most)}\norder by ${part.box.at} desc, id desc limit ${most})`)
  const text = `select * from (\n${each.join('\nunion all\n')}\n) as found order by at desc, direction desc, id desc limit ${most}`
  const rows = await db.transaction((tx) => planned(tx, text, values))
  const found = rows.map((row) => camelCased<ConversationMessage>({ ...row, id: String(row['id']) }))
  const messages = found.slice(0, most - 1)
  const last = messages.at(-1)
  const next = found.length < most || last === undefined ? undefined : last
  return { messages, next: next && { at: next.at, direction: next.direction, id: next.id } }
}

/** How many messages a filter leaves, counted up to a number. */
export async function countMessages(
  db: Database,
  digest: KeyDigest,
  filter: MessageFilter,
  upTo: number,
): Promise<MessageCount> {
  const values = new Values()
  const parts = partsOf(filter, digest, values)
  return db.transaction((tx) => countParts(tx, parts, values, upTo))
}

/** As {@link countMessages}, in a transaction. */
export async function countParts(tx: Tx, parts: readonly Part[], values: Values, upTo: number): Promise<MessageCount> {
  if (parts.length === 0) return { count: 0, atLeast: false }
  const most = Math.trunc(upTo) + 1
  const each = parts.map(({ box, where }) => `(select 1 from ${box.table} where ${where} limit ${most})`)
  const [row] = await planned<{ n: number }>(
    tx,
    `select count(*) as n from (${each.join(' union all ')}) as found`,
    values,
  )
  const count = row?.n ?? 0
  return { count: Math.min(count, most - 1), atLeast: count >= most }
}

/**
 * Runs a statement with a plan for its very values: one that is good for most would read the whole table for a type that never came. Only in
 * a transaction.
 */
export async function planned<Row = Record<string, unknown>>(tx: Tx, text: string, values: Values): Promise<Row[]> {
  const setting = tx.query('set local plan_cache_mode = force_custom_plan')
  // It travels with the statement, which fails when it does.
  setting.catch(() => {})
  return tx.query<Row>(text, values.all)
}

function selected({ box, where, spread }: Part, most: number): string {
  const { direction, table, at } = box
  if (spread === undefined) return `select ${columns[direction]}\nfrom ${table}\nwhere ${where}`
  const { column, within } = spread
  const next = (after: string): string =>
    `select ${column} as kind from ${table} where ${within}${after} order by ${column} limit 1`
  return `with recursive known as (
  (${next('')})
  union all
  select (${next(` and ${column} > known.kind`)}) from known where kind is not null
)
select ${columns[direction]}
from known cross join lateral (
  select * from ${table} where ${column} = known.kind and ${where} order by ${at} desc, id desc limit ${most}) as newest`
}
