import { Violation } from '../violation.ts'
import type { World } from '../world.ts'

interface CountedRow {
  message_id: string
  state: string
  effects: number
}

/** I2: each message that a node has taken on is there once, and its effect is there once when it is done and not at all before. */
export async function oneEffectEach(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    const [twice] = await store.query<{ message_id: string; rows: number }>(
      `select message_id, count(*) as rows from inbox group by sender, message_id having count(*) > 1`,
    )
    if (twice !== undefined)
      throw new Violation(
        'I2',
        `${id} has taken ${twice.message_id} on ${twice.rows} times: a duplicate was not detected`,
      )
    const [row] = await store.query<CountedRow>(
      `select message_id, state, count(effect.n) as effects
       from inbox left join simulated_effect effect using (sender, message_id)
       group by inbox.id having count(effect.n) <> case state when 'done' then 1 else 0 end
       order by inbox.id limit 1`,
    )
    if (row !== undefined)
      throw new Violation('I2', `${id}: ${row.message_id} is ${row.state} and had its effect ${row.effects} times`)
    const [answer] = await store.query<{ ref_to: string; document_type: string; rows: number }>(
      `select ref_to, document_type, count(*) as rows from outbox where ref_to is not null
       group by ref_to, document_type, recipient having count(*) > 1`,
    )
    if (answer !== undefined)
      throw new Violation('I2', `${id} has answered ${answer.ref_to} with ${answer.document_type} ${answer.rows} times`)
  }
}
