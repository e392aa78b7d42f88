import { verifyJournal } from '@corridor/exchange'
import { accessCode } from '../node.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/** I6: what has happened to a message is told in the journal, each thing once. */
export async function journalIsComplete(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    const [row] = await store.query<{ what: string; message_id: string; lines: number }>(
      `with must as (
         select 'message.received' as kind, message_id from inbox where link <> 'local'
         union all select 'message.queued', message_id from outbox
         union all select 'message.receipted', message_id from outbox where state = 'receipted' and link <> 'local')
       select must.kind as what, must.message_id, count(journal.id) as lines
       from must left join journal on journal.kind = must.kind and journal.message_id = must.message_id
       group by 1, 2 having count(journal.id) <> 1 order by 1, 2 limit 1`,
    )
    if (row !== undefined)
      throw new Violation('I6', `${id}: the journal has ${row.lines} lines ${row.what} for ${row.message_id}`)
    const [parked] = await store.query<{ message_id: string }>(
      `select message_id from (select message_id, state from inbox union all select message_id, state from outbox) as box
       where state = 'parked' and not exists (
         select from journal where kind = 'message.parked' and journal.message_id = box.message_id) limit 1`,
    )
    if (parked !== undefined)
      throw new Violation('I6', `${id}: the journal does not say that ${parked.message_id} is parked`)
  }
}

/** I6: each line is under a seal, and the chain of seals holds. */
export async function journalIsSealed(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    const verified = await verifyJournal(store)
    if (verified.outcome === 'broken')
      throw new Violation('I6', `${id}: the journal does not verify at seal ${verified.number}: ${verified.damage}`)
    if (verified.unsealed !== 0)
      throw new Violation('I6', `${id}: ${verified.unsealed} lines of the journal have no seal`)
  }
}

/** I11: an access code is in no table in clear: not in a journal or a remembered answer, and not in the stored bytes of documents. */
export async function accessCodesAreNowhere(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    for (const { name, bytes } of world.stores.tables) {
      const inBytes = bytes.map((column) => ` or position($2::bytea in ${column}) > 0`).join('')
      const [row] = await store.query<{ found: number }>(
        `select count(*) as found from ${name} as line where line::text like '%' || $1 || '%'${inBytes}`,
        inBytes === '' ? [accessCode] : [accessCode, Buffer.from(accessCode)],
      )
      if ((row?.found ?? 0) > 0) throw new Violation('I11', `${id}: the access code stands in ${name}`)
    }
  }
}
