import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { sql as common } from '../context.ts'
import { writeJournal } from '../journal.ts'
import { sql } from './statements.ts'

interface SentRow {
  id: string
  message_id: string
  conversation: string
  document_type: string
  link: string
  state: 'queued' | 'sent' | 'receipted' | 'parked' | 'discarded'
  receipted_at: Date | null
  receipt: Buffer | null
  kept: boolean
}

/** On whose word messages are sent again. */
export interface OnWord {
  /** A person, or the partner that asks. */
  actor: string
  /** Name of the comparison on the wire. */
  run: string
  reason: string
}

/**
 * Sends messages to a partner once more, as retries under their ids. One that was receipted is owed again: the partner has lost it since,
 * and the receipt that proves that it had it is kept beside.
 * @returns those that are not sent, each with the reason
 */
export async function sendAgain(
  context: Context,
  tx: Tx,
  partner: string,
  messageIds: readonly string[],
  { actor, run, reason }: OnWord,
): Promise<[id: string, why: string][]> {
  if (messageIds.length === 0) return []
  const now = context.clock()
  const rows = await tx.run<SentRow>(sql.toSendAgain, [partner, messageIds])
  const found = new Map(rows.map((row) => [row.message_id, row]))
  const owed = await oweReturned(
    context,
    tx,
    partner,
    messageIds.filter((id) => !found.has(id)),
  )
  const refused = messageIds.flatMap((id): [string, string][] => {
    const row = found.get(id)
    if (row === undefined) return owed.has(id) ? [] : [[id, 'this node has sent you no message of this id']]
    // Two people have given it up for good: what the partner wants does not bring it back.
    if (row.state === 'discarded') return [[id, 'it was discarded by its sender']]
    // What lies parked goes again when two people say so (docs/repair.md), not because a partner misses it.
    if (row.state === 'parked') return [[id, 'it is parked: its sender has it in its hands']]
    return row.kept ? [] : [[id, 'its document is not kept any more']]
  })
  const sent = rows.filter(({ kept, state }) => kept && state !== 'discarded' && state !== 'parked')
  await tx.run(sql.sendAgain, [sent.map(({ id }) => id), now])
  const said = [
    ...sent.map((row) => ({ row, was: formerOf(context, row) })),
    ...[...owed.values()].map((row) => ({ row, was: { was: 'returned' } })),
  ]
  await writeJournal(
    tx,
    now,
    said.map(({ row, was }) => ({
      kind: 'message.requeued',
      conversation: row.conversation,
      messageId: row.message_id,
      actor,
      detail: { box: 'outbox', reason, run, type: row.document_type, ...was },
    })),
  )
  if (said.length > 0) await tx.run(common.notify, ['exchange', 'outbox'])
  return refused
}

type OwedRow = Pick<SentRow, 'message_id' | 'conversation' | 'document_type'>

/** What this node knows only since the partner gave it back is owed again, should the partner have lost it in turn. */
async function oweReturned(
  { carried, party, clock }: Context,
  tx: Tx,
  partner: string,
  messageIds: readonly string[],
): Promise<Map<string, OwedRow>> {
  if (messageIds.length === 0) return new Map()
  const link = carried.has(partner) ? 'carried' : 'as4'
  const rows = await tx.run<OwedRow>(sql.oweReturned, [partner, messageIds, link, party, clock()])
  return new Map(rows.map((row) => [row.message_id, row]))
}

/** What the journal keeps of the delivery before: its receipt can be told by its digest, wherever it is stored. */
function formerOf({ vault }: Context, row: SentRow): Record<string, unknown> {
  if (row.state !== 'receipted' || row.receipt === null) return { was: row.state }
  let receipt: string | undefined
  try {
    receipt = createHash('sha256')
      .update(vault.open('receipt', row.message_id, row.receipt))
      .digest('hex')
  } catch {
    // Bytes that the disk has changed prove nothing any more; the message goes all the same.
  }
  return { was: row.state, receiptedAt: row.receipted_at, ...(receipt && { receipt }) }
}
