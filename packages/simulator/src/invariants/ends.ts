import type { People } from '../people.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

interface OpenRow {
  message_id: string
  state: string
  reason: string | null
}

/** I3: in the end each message is decided or delivered, or parked where everybody sees it and with the reason. */
export async function everythingEnds(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    const [row] = await store.query<OpenRow & { box: string }>(
      `select * from (
         select 'inbox' as box, id, message_id, state, reason from inbox
         where not (state = 'done' or state = 'parked' and reason is not null)
         union all
         select 'outbox', id, message_id, state, reason from outbox
         where not (state = 'receipted' or state = 'parked' and reason is not null)) as left_over
       order by box, id limit 1`,
    )
    if (row !== undefined)
      throw new Violation(
        'I3',
        `${id}, ${row.box}: ${row.message_id} is ${row.state} in the end (${row.reason ?? 'no reason'})`,
      )
  }
}

/** I3, for traders: what was put into a mailbox was read from it, all of it, once. */
export async function mailboxesAreRead(world: World, people: People): Promise<void> {
  for (const { node, eori, read } of people.readers) {
    const rows = await world
      .node(node)
      .store.query<{ id: string; recipient: string }>(
        `select id::text, recipient from outbox where link = 'mailbox' order by id`,
      )
    const own = rows.filter(({ recipient }) => recipient === eori).map(({ id }) => id)
    const missed = own.find((id) => !read.includes(id))
    if (missed !== undefined) throw new Violation('I3', `${eori} has never been given document ${missed}`)
    const foreign = read.find((id) => !own.includes(id))
    if (foreign !== undefined)
      throw new Violation('I9', `${eori} was given document ${foreign}, which is somebody else’s`)
  }
}
