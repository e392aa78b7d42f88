import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeSide, owe, partner, work, type Side, type Working } from './faults/sides.ts'
import { count, document, until } from './nodes.ts'

let al: Side
let xk: Side

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
})
after(() => Promise.all([al.store.drop(), xk.store.drop()]))

const lost = { there: 60, here: 40, forgotten: 20, unreceipted: 17 }

/** Deletes or sets back so many rows, chosen by chance. @returns their ids */
async function lose(side: Side, statement: string, box: 'inbox' | 'outbox', number: number): Promise<string[]> {
  const rows = await side.store.db.query<{ message_id: string }>(
    `${statement} where id in (
      select id from ${box} where document_type = 'CD001C' and state in ('done', 'receipted') order by random() limit $1)
    returning message_id`,
    [number],
  )
  return rows.map(({ message_id: id }) => id)
}

test('10,000 messages, 137 of them lost in four ways: they come back, and only they', async (t) => {
  let [one, other]: (Working | undefined)[] = []
  try {
    const receiving = await work(xk, { partners: [partner(xk, al, '')], idle: true })
    one = await work(al, { partners: [partner(al, xk, receiving.port)] })
    await receiving.stop()
    other = await work(xk, { partners: [partner(xk, al, one.port)], port: receiving.port })
    const made = (to: Side, from: Side, number: number) =>
      Array.from({ length: number }, () => document(to.papers.party, { sender: from.papers.party }))
    await Promise.all([owe(al, [xk], made(xk, al, 6_000)), owe(xk, [al], made(al, xk, 4_000))])
    const ready = async (side: Side, sent: number, came: number) =>
      (await count(side.store.db, `outbox where state = 'receipted'`)) === sent &&
      (await count(side.store.db, `inbox where state = 'done'`)) === came
    await until('all is there', async () => (await ready(al, 6_000, 4_000)) && (await ready(xk, 4_000, 6_000)), 600_000)

    const there = await lose(xk, 'delete from inbox', 'inbox', lost.there)
    const here = await lose(al, 'delete from inbox', 'inbox', lost.here)
    await al.store.db.query('create table lost as select unnest($1::text[]) as message_id', [there])
    const untouched = `and message_id not in (select message_id from lost)`
    const outbox = (statement: string, number: number) =>
      al.store.db.query<{ message_id: string }>(
        `${statement} where id in (select id from outbox where state = 'receipted' ${untouched} order by random() limit $1) returning message_id`,
        [number],
      )
    const forgotten = (await outbox('delete from outbox', lost.forgotten)).map(({ message_id: id }) => id)
    await outbox(`update outbox set state = 'parked', receipt = null, receipted_at = null`, lost.unreceipted)
    for (const { store } of [al, xk]) await store.db.query('truncate effect')

    const began = performance.now()
    const wanted = await one.exchange.reconciliation.want(al.store.db, {
      partner: xk.papers.party,
      day: new Date().toISOString().slice(0, 10),
      repair: true,
      actor: 'officer',
      reason: 'rows were lost',
    })
    assert.ok(wanted.kind === 'wanted')
    const runs = () => one!.exchange.reconciliation.list({ limit: 5 })
    await until('zero difference', async () => (await runs())[0]?.isSame === true, 120_000)
    t.diagnostic(`zero difference after ${((performance.now() - began) / 1000).toFixed(1)} s`)
    const [last, first] = await runs()
    assert.deepEqual(first?.differences, {
      'missing-there': lost.there,
      'missing-here': lost.here,
      'unknown-here': lost.forgotten,
      'no-receipt': lost.unreceipted,
    })
    assert.deepEqual([last?.follows, last?.differences], [first?.number, {}])
    assert.deepEqual([last?.own?.sent.count, last?.own?.received.count], [6_000, 4_000])

    // Only what was lost was decided again, once each; nothing else went.
    const effects = async ({ store }: Side) =>
      (await store.db.query<{ message_id: string }>('select message_id from effect')).map(({ message_id: id }) => id)
    await until(
      'what came again is decided',
      async () => (await effects(xk)).length === lost.there && (await effects(al)).length === lost.here,
    )
    assert.deepEqual((await effects(xk)).toSorted(), there.toSorted())
    assert.deepEqual((await effects(al)).toSorted(), here.toSorted())
    assert.equal(await count(al.store.db, 'returned_message where message_id = any ($1)', [forgotten]), lost.forgotten)
    const again = `journal where kind = 'message.requeued'`
    assert.equal(await count(al.store.db, again), lost.there + lost.unreceipted)
    assert.equal(await count(xk.store.db, again), lost.here)
  } finally {
    await Promise.all([one?.stop(), other?.stop()])
  }
})
