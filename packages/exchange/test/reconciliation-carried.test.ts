import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { count } from './nodes.ts'
import { jo, owed, settle as move, side, sy, time } from './sides.ts'

beforeEach(async () => {
  for (const { db } of [sy, jo]) await db.query('truncate former_delivery, returned_message, reconciliation cascade')
})

type Side = ReturnType<typeof side>

async function settle(...both: Side[]): Promise<void> {
  for (let some = true; some;) {
    await move(...both)
    some = false
    for (const { exchange } of both) some = (await exchange.reconciliation.step()) || some
  }
}

async function reconcile(asking: Side, other: Side, partner: string) {
  const day = new Date(Date.now() + time.aheadMs).toISOString().slice(0, 10)
  const wanted = await asking.exchange.reconciliation.want(asking.db, {
    partner,
    day,
    repair: true,
    actor: 'officer',
    reason: 'a test',
  })
  assert.ok(wanted.kind === 'wanted')
  await settle(asking, other)
  const [newest, before] = await asking.exchange.reconciliation.list({ limit: 2 })
  return { newest: newest!, before }
}

test('by a third place: what is missing goes as another object, and what came before comes back', async () => {
  const [from, to] = [side('sy'), side('jo')]
  const messages = Array.from({ length: 5 }, (_, n) => owed(`r${n}@sy.test`))
  await from.exchange.enqueue(sy.db, messages)
  await settle(from, to)
  await jo.db.query(`delete from inbox where message_id = 'r0@sy.test'`)
  await sy.db.query(`delete from outbox where message_id = 'r1@sy.test'`)
  const { newest, before } = await reconcile(from, to, 'NTA.JO')
  assert.deepEqual([newest.isSame, before?.differences], [true, { 'missing-there': 1, 'unknown-here': 1 }])
  assert.equal(await count(jo.db, `inbox where document_type = 'CD001C'`), 5)
  // The place still has the object that was taken: another one was left, and the first stays provable.
  const [former] = await sy.db.query('select sealed, sealed_references from former_delivery')
  const [row] = await sy.db.query(`select sealed_references from outbox where message_id = 'r0@sy.test'`)
  assert.match(JSON.stringify(former?.['sealed_references']), /"r0@sy\.test"/)
  assert.match(JSON.stringify(row?.['sealed_references']), /"r0@sy\.test~2"/)
  assert.ok(former?.['sealed'])
  const returned = await from.exchange.reconciliation.returned('NTA.JO', 'r1@sy.test')
  assert.deepEqual([returned?.receipted, Buffer.from(returned!.document)], [true, Buffer.from(messages[1]!.payload)])
})
