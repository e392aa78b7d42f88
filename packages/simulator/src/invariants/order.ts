import { partyOf } from '../corridor.ts'
import { waitPausesMs } from '../node.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

interface PairRow {
  earlier: string
  later: string
}

/** I8: a movement's messages are taken on in the order in which they were written, but for one that was parked and came after all. */
export async function messagesArriveInOrder(world: World): Promise<void> {
  for (const { id: from } of world.nodes)
    for (const { id: to } of world.nodes) {
      if (from === to) continue
      const [row] = await world.stores.all.query<PairRow>(
        `select a.message_id as earlier, b.message_id as later
         from ${from}.outbox a join ${from}.outbox b
           on a.recipient = b.recipient and a.conversation = b.conversation and a.id < b.id and b.link in ('as4', 'carried')
         join ${to}.inbox first on first.sender = $1 and first.message_id = a.message_id
         join ${to}.inbox second on second.sender = $1 and second.message_id = b.message_id
         where a.link in ('as4', 'carried') and a.recipient = $2 and first.id > second.id and not exists (
           select from ${from}.journal where kind = 'message.parked' and journal.message_id = a.message_id) limit 1`,
        [partyOf(from), partyOf(to)],
      )
      if (row !== undefined)
        throw new Violation('I8', `${to} took ${row.later} on before ${row.earlier}, which ${from} had written first`)
    }
}

/** I8: a movement's messages are decided in the order in which they came, but for one that had to wait or was parked. */
export async function messagesAreDecidedInOrder(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    const [row] = await store.query<PairRow>(
      `with decided as (
         select inbox.id, inbox.message_id, conversation, n from inbox join simulated_effect using (sender, message_id))
       select a.message_id as earlier, b.message_id as later
       from decided a join decided b on a.conversation = b.conversation and a.id < b.id and a.n > b.n
       where not exists (select from journal where journal.message_id = a.message_id
         and (kind = 'message.waiting' or kind = 'message.parked' and detail->>'box' = 'inbox')) limit 1`,
    )
    if (row !== undefined)
      throw new Violation('I8', `${id} decided ${row.later} before ${row.earlier}, which came first`)
  }
}

/** I8: what comes before the record that it needs waits; it is refused for that (functional errors 90, 92) after its last pause only. */
export async function earlyOnesWait(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    const refused = await store.query<{ message_id: string; document_type: string; waits: number }>(
      `select inbox.message_id, document_type, waits
       from inbox join journal on journal.message_id = inbox.message_id and kind = 'movement'
       where detail->>'code' = 'refused-document' and detail->>'state' in ('-', 'released', 'crossed')
         and (document_type in ('CC007C', 'CD024C') and detail->>'note' like '90 %'
           or document_type = 'CD018C' and detail->>'note' like '92 %')
       order by inbox.id`,
    )
    for (const { message_id: messageId, document_type: type, waits } of refused) {
      world.count('early ones refused')
      if (waits < waitPausesMs.length)
        throw new Violation(
          'I8',
          `${id} refused ${type} ${messageId} after ${waits} pauses: it came early and was to wait`,
        )
    }
    const [waited] = await store.query<{ messages: number }>(
      `select count(distinct message_id) as messages from journal where kind = 'message.waiting'`,
    )
    for (let n = 0; n < (waited?.messages ?? 0); n++) world.count('early ones waited')
  }
}
