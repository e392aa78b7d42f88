import type { Reception } from '@corridor/exchange'
import { partyOf } from '../corridor.ts'
import type { Parcel } from '../network.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/**
 * I1, at the moment at which it counts: when an answer leaves a node and is a receipt, the message is committed there, with the digest that
 * its sender knows. Whoever carries the answer looks for himself, over a connection of his own.
 */
export async function receiptOnlyAfterCommit(world: World, parcel: Parcel, { status, wire }: Reception): Promise<void> {
  const { sent, partner, from, to } = parcel
  if (status !== 200 || wire === undefined) return
  const { sending: pmode } = partner
  if (!world.isReceipt(wire, { sent, pmode, now: new Date(world.now) })) return
  world.count('receipts given')
  const [row] = await world.stores.all.query<{ same: boolean }>(
    `select inbox.payload_digest = outbox.payload_digest as same from ${to}.inbox, ${from}.outbox
     where inbox.sender = $1 and inbox.message_id = $2 and outbox.message_id = $2`,
    [partyOf(from), sent.messageId],
  )
  if (row === undefined)
    throw new Violation('I1', `${to} gave a receipt for ${sent.messageId}, which it has not committed`)
  if (!row.same) throw new Violation('I7', `${to} gave a receipt for ${sent.messageId} with another digest`)
}

interface PairRow {
  message_id: string
  missing: boolean
  /** Both have the very same document. */
  same: boolean | null
}

/**
 * I1 and I7, over all that was ever receipted: the receipts that a node holds are for messages that its partner holds, digest by digest, and
 * both count them to the same moment: a day that they hold against each other is the same.
 */
export async function receiptsHeldAreMessagesThere(world: World): Promise<void> {
  for (const { id: from } of world.nodes)
    for (const { id: to } of world.nodes) {
      if (from === to) continue
      const rows = await world.stores.all.query<PairRow>(
        `select own.message_id, there.message_id is null as missing, there.digest = own.digest as same
         from ${from}.counted_message as own left join ${to}.counted_message as there
           on there.direction = 'in' and there.partner = $1 and there.message_id = own.message_id
         where own.direction = 'out' and own.partner = $2 and own.receipted
           and (there.digest, there.counted_at) is distinct from (own.digest, own.counted_at)`,
        [partyOf(from), partyOf(to)],
      )
      const [row] = rows
      if (row === undefined) continue
      if (row.missing)
        throw new Violation('I1', `${from} holds a receipt for ${row.message_id}, and ${to} does not have it`)
      const other = row.same === true ? 'counts it to another moment' : 'has it with another digest'
      throw new Violation('I7', `${from} holds a receipt for ${row.message_id}, and ${to} ${other}`)
    }
}
