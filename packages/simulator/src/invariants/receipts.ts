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
}

/** I1 and I7, over all that was ever receipted: the receipts that a node holds are for messages that its partner holds, digest by digest. */
export async function receiptsHeldAreMessagesThere(world: World): Promise<void> {
  for (const { id: from } of world.nodes)
    for (const { id: to } of world.nodes) {
      if (from === to) continue
      const rows = await world.stores.all.query<PairRow>(
        `select outbox.message_id, inbox.id is null as missing
         from ${from}.outbox left join ${to}.inbox
           on inbox.sender = $1 and inbox.message_id = outbox.message_id and inbox.link = 'as4'
         where outbox.link = 'as4' and outbox.recipient = $2 and outbox.state = 'receipted'
           and (inbox.id is null or inbox.payload_digest <> outbox.payload_digest)`,
        [partyOf(from), partyOf(to)],
      )
      const [row] = rows
      if (row === undefined) continue
      if (row.missing)
        throw new Violation('I1', `${from} holds a receipt for ${row.message_id}, and ${to} does not have it`)
      throw new Violation('I7', `${from} holds a receipt for ${row.message_id}, and ${to} has it with another digest`)
    }
}
