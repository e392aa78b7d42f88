import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, document } from './nodes.ts'
import { last, reconcile, send, settle, sides, time, today } from './reconciling.ts'

test('both sides have the same: their digests say so, and nothing is listed', async () => {
  const { from, to } = sides()
  await send(from, to, 5)
  await send(to, from, 3)
  const run = await reconcile(from, to)
  assert.deepEqual([run.state, run.isSame, run.parts, run.differences], ['compared', true, 0, {}])
  assert.deepEqual([run.own?.sent.count, run.own?.received.count], [5, 3])
  assert.deepEqual([run.theirs?.received.count, run.theirs?.sent.count], [5, 3])
  // The other side knows that it was asked, and what it said.
  const theirs = await last(to)
  assert.deepEqual([theirs.role, theirs.partner, theirs.isSame], ['theirs', from.party, true])
  // What goes for the sake of reconciliation does not count: asked again, the day is the same.
  const again = await reconcile(to, from)
  assert.deepEqual([again.isSame, again.own?.sent.count], [true, 3])
})

test('a day without anything is the same', async () => {
  const { from, to } = sides()
  const run = await reconcile(from, to)
  assert.deepEqual([run.isSame, run.own?.sent.count], [true, 0])
})

test('what is on its way is no difference', async () => {
  const { from, to } = sides()
  const [id] = await send(from, to, 1)
  await from.store.db.query(
    `update outbox set state = 'sent', receipt = null, receipted_at = null, due_at = now() + interval '1 hour' where message_id = $1`,
    [id],
  )
  await to.store.db.query('delete from inbox where message_id = $1', [id])
  const run = await reconcile(from, to, true)
  assert.deepEqual(run.differences, { 'under-way': 1 })
  assert.equal(run.repair, 'ended')
})

test('what the partner has lost since its receipt is sent again: the same message, one effect more, the old receipt kept', async () => {
  const { from, to } = sides()
  const [lost, ...others] = await send(from, to, 4)
  const [before] = await from.store.db.query('select sealed, receipt from outbox where message_id = $1', [lost])
  await to.store.db.query('delete from inbox where message_id = $1', [lost])
  await to.store.db.query('delete from effect')
  const run = await reconcile(from, to, true)
  assert.deepEqual([run.state, run.isSame, run.differences, run.open], ['compared', false, { 'missing-there': 1 }, 0])
  const follower = await last(from)
  assert.deepEqual([follower.follows, follower.isSame, follower.differences], [run.number, true, {}])
  assert.deepEqual(await to.store.db.query('select message_id from effect'), [{ message_id: lost }])
  const [row] = await from.store.db.query('select state, sealed, receipt from outbox where message_id = $1', [lost])
  assert.equal(row?.['state'], 'receipted')
  assert.deepEqual(row?.['sealed'], before?.['sealed'])
  const [former] = await from.store.db.query('select receipt from former_delivery where message_id = $1', [lost])
  assert.deepEqual(former?.['receipt'], before?.['receipt'])
  assert.equal(await count(from.store.db, `journal where kind = 'message.requeued' and actor = 'officer'`), 1)
  assert.equal(await count(to.store.db, 'effect where message_id = any ($1)', [others]), 0)
})

test('what this node has lost is asked for, and comes again', async () => {
  const { from, to } = sides()
  const ids = await send(from, to, 6)
  await to.store.db.query('delete from inbox where message_id = any ($1)', [ids.slice(0, 2)])
  const found = await reconcile(to, from)
  assert.deepEqual([found.differences, found.open, found.repair], [{ 'missing-here': 2 }, 2, null])
  const differences = await to.exchange.reconciliation.differences(found.number, { limit: 10 })
  assert.deepEqual(
    differences.map(({ messageId, kind, settled }) => [messageId, kind, settled]),
    ids
      .slice(0, 2)
      .toSorted()
      .map((id) => [id, 'missing-here', false]),
  )
  // Nothing is mended that nobody has asked for.
  await settle(from, to)
  assert.equal(await count(to.store.db, 'inbox where document_type = $1', ['CD001C']), 4)
  const wanted = await to.exchange.reconciliation.mend(to.store.db, found.number, { actor: 'officer', reason: 'lost' })
  assert.equal(wanted.kind, 'wanted')
  await settle(from, to)
  assert.equal((await last(to)).isSame, true)
  assert.equal(await count(to.store.db, 'inbox where message_id = any ($1)', [ids]), 6)
  const again = await to.exchange.reconciliation.mend(to.store.db, found.number, { actor: 'officer', reason: 'lost' })
  assert.equal(again.kind, 'not-now')
})

test('a receipt that is not here is had again', async () => {
  const { from, to } = sides()
  const ids = (await send(from, to, 3)).slice(1)
  const lose = `update outbox set receipt = null, receipted_at = null, state = $2, due_at = now() + interval '1 hour' where message_id = $1`
  for (const id of ids) await from.store.db.query(lose, [id, 'queued'])
  const run = await reconcile(from, to, true)
  assert.deepEqual([run.differences, run.open], [{ 'no-receipt': 2 }, 0])
  assert.equal(
    await count(from.store.db, `outbox where state = 'receipted' and receipt is not null and document_type = 'CD001C'`),
    3,
  )
  assert.equal(await count(to.store.db, 'effect'), 3)
  assert.equal((await last(from)).isSame, true)
})

test('what two people have discarded is not taken up again', async () => {
  const { from, to } = sides()
  const [id] = await send(from, to, 2)
  const discard = `update outbox set receipt = null, receipted_at = null, state = 'discarded' where message_id = $1`
  await from.store.db.query(discard, [id])
  const run = await reconcile(from, to, true)
  assert.deepEqual([run.differences, run.open], [{ 'no-receipt': 1 }, 1])
  const [difference] = await from.exchange.reconciliation.differences(run.number, { limit: 1 })
  assert.equal(difference?.told, 'it was discarded by its sender')
  assert.equal(await count(from.store.db, `outbox where state = 'discarded'`), 1)
})

test('what lies parked goes again when two people say so, and not by a repair', async () => {
  const { from, to } = sides()
  const [id] = await send(from, to, 2)
  await from.store.db.query(
    `update outbox set receipt = null, receipted_at = null, state = 'parked', reason = 'EBMS:0004' where message_id = $1`,
    [id],
  )
  const run = await reconcile(from, to, true)
  assert.deepEqual([run.differences, run.open], [{ 'no-receipt': 1 }, 1])
  const [difference] = await from.exchange.reconciliation.differences(run.number, { limit: 1 })
  assert.match(difference?.told ?? '', /^it is parked/)
  assert.deepEqual(await from.store.db.query('select state, reason from outbox where message_id = $1', [id]), [
    { state: 'parked', reason: 'EBMS:0004' },
  ])
  assert.equal(await count(from.store.db, `journal where kind = 'message.requeued' and message_id = $1`, [id]), 0)
})

test('a repair that the partner refuses ends, and what was found stays', async () => {
  const { from, to } = sides()
  const [id] = await send(to, from, 2)
  await from.store.db.query('delete from inbox where message_id = $1', [id])
  const found = await reconcile(from, to)
  // The partner remembers nothing of it: it does not do what it is asked for.
  await to.store.db.query('delete from reconciliation')
  await from.exchange.reconciliation.mend(from.store.db, found.number, { actor: 'officer', reason: 'lost' })
  await settle(from, to)
  const run = (await from.exchange.reconciliation.one(found.number))!
  assert.deepEqual([run.state, run.repair, run.differences, run.open], ['compared', 'ended', { 'missing-here': 1 }, 1])
  assert.deepEqual(run.comparedAt, found.comparedAt)
  assert.match(run.refusal ?? '', /refused by NTA.XK: it belongs to no reconciliation/)
})

test('what the partner has of ours and we do not remember comes back as evidence, verified by our own signature', async () => {
  const { from, to } = sides()
  const ids = await send(from, to, 3)
  await from.store.db.query('delete from outbox where message_id = $1', [ids[0]])
  const run = await reconcile(from, to, true)
  assert.deepEqual([run.differences, run.open], [{ 'unknown-here': 1 }, 0])
  assert.equal((await last(from)).isSame, true)
  const returned = await from.exchange.reconciliation.returned(to.party, ids[0]!)
  assert.equal(returned?.receipted, true)
  assert.match(Buffer.from(returned.document).toString(), /<ncts:CD001C/)
  assert.match(Buffer.from(returned.signed.body).toString('latin1'), /SignatureValue/)
  // It is evidence: nothing is sent, and nothing is decided on it.
  assert.equal(await count(from.store.db, 'outbox where message_id = $1', [ids[0]]), 0)
  assert.equal(await count(to.store.db, 'effect'), 3)
  const [shown] = await from.exchange.reconciliation.differences(run.number, { limit: 10 })
  assert.deepEqual([shown?.returned, shown?.settled, shown?.documentType], [true, true, 'CD001C'])
})

test('what this node knows only because it came back is sent again as well, should the partner lose it in turn', async () => {
  const { from, to } = sides()
  const ids = await send(from, to, 3)
  await from.store.db.query('delete from outbox where message_id = $1', [ids[0]])
  await reconcile(from, to, true)
  await to.store.db.query('delete from inbox where message_id = $1', [ids[0]])
  const run = await reconcile(from, to, true)
  assert.deepEqual([run.differences, run.open], [{ 'missing-there': 1 }, 0])
  assert.equal((await last(from)).isSame, true)
  assert.equal((await reconcile(to, from)).isSame, true)
  const [row] = await from.store.db.query('select state, created_at from outbox where message_id = $1', [ids[0]])
  assert.equal(row?.['state'], 'receipted')
})

test('what the partner does not remember of its own is said, and stays until the partner asks', async () => {
  const { from, to } = sides()
  const ids = await send(from, to, 3)
  await from.store.db.query('delete from outbox where message_id = $1', [ids[0]])
  const run = await reconcile(to, from, true)
  assert.deepEqual([run.differences, run.open, run.repair], [{ 'unknown-there': 1 }, 1, 'ended'])
})

test('another document under the same id is an alarm, and is not mended', async () => {
  const { from, to } = sides()
  const [id] = await send(from, to, 2)
  await to.store.db.query(`update inbox set payload_digest = sha256('other') where message_id = $1`, [id])
  const run = await reconcile(from, to, true)
  assert.deepEqual([run.differences, run.open, run.repair], [{ differs: 1 }, 1, 'ended'])
})

test('a message that each side counts to another day is looked up, and is no difference', async () => {
  const { from, to } = sides()
  const ids = await send(from, to, 3)
  await to.store.db.query(`update inbox set made_at = made_at - interval '2 days' where message_id = $1`, [ids[0]])
  await to.store.db.query(
    `update inbox set made_at = null, received_at = received_at + interval '2 days' where message_id = $1`,
    [ids[1]],
  )
  const run = await reconcile(from, to)
  assert.deepEqual([run.isSame, run.differences], [false, {}])
  const theirs = await reconcile(to, from)
  assert.deepEqual([theirs.isSame, theirs.differences], [false, {}])
})

test('a partner that does not know of reconciliation, and one that never answers, end a comparison with a reason', async () => {
  const { from, to } = sides()
  const want = { partner: to.party, day: today(), repair: false, actor: 'officer', reason: 'a test' }
  await from.exchange.reconciliation.want(from.store.db, want)
  await from.exchange.reconciliation.step()
  await from.store.db.query(`update outbox set state = 'parked', reason = 'EBMS:0010: no such action'`)
  await settle(from)
  assert.match((await last(from)).refusal ?? '', /does not take it: EBMS:0010/)

  await from.exchange.reconciliation.want(from.store.db, want)
  await settle(from)
  assert.equal((await last(from)).state, 'asked')
  time.aheadMs = 8 * 86_400_000
  await settle(from)
  assert.match((await last(from)).refusal ?? '', /not answered for a week/)
})

test('both sides at once: each has its own comparison, and nothing goes twice', async () => {
  const { from, to } = sides()
  const ids = await send(from, to, 8)
  const back = await send(to, from, 8)
  await to.store.db.query('delete from inbox where message_id = any ($1)', [ids.slice(0, 3)])
  await from.store.db.query('delete from inbox where message_id = any ($1)', [back.slice(0, 2)])
  for (const { store } of [from, to]) await store.db.query('truncate effect')
  const [one, other] = [from, to]
  const want = { day: new Date().toISOString().slice(0, 10), repair: true, actor: 'officer', reason: 'both' }
  await one.exchange.reconciliation.want(one.store.db, { ...want, partner: other.party })
  await other.exchange.reconciliation.want(other.store.db, { ...want, partner: one.party })
  await settle(from, to)
  assert.deepEqual([(await last(from)).isSame, (await last(to)).isSame], [true, true])
  assert.deepEqual([await count(to.store.db, 'effect'), await count(from.store.db, 'effect')], [3, 2])
})

test('every day once, when its time has come, and with whom there was something', async () => {
  const { from, to } = sides({ reconciliation: { minute: 120, repair: true } })
  const ids = await send(from, to, 2)
  await to.store.db.query('delete from inbox where message_id = $1', [ids[0]])
  const midnight = Date.parse(`${new Date().toISOString().slice(0, 10)}T24:00:00Z`)
  time.aheadMs = midnight + 119 * 60_000 - Date.now()
  await settle(from, to)
  assert.deepEqual(await from.exchange.reconciliation.list({ limit: 9 }), [])
  time.aheadMs = midnight + 125 * 60_000 - Date.now()
  await settle(from, to)
  const runs = (await from.exchange.reconciliation.list({ limit: 9 })).filter(({ role }) => role === 'ours')
  assert.deepEqual(
    runs.map(({ automatic, isSame }) => [automatic, isSame]),
    [
      [false, true],
      [true, false],
    ],
  )
  time.aheadMs += 600_000
  await settle(from, to)
  // Who does not take a statement is not sent one each day.
  await send(from, to, 1)
  await from.store.db.query(`update outbox set state = 'parked' where document_type = 'ReconciliationStatement'`)
  time.aheadMs += 86_400_000
  await settle(from, to)
  assert.equal((await from.exchange.reconciliation.list({ limit: 9 })).filter(({ role }) => role === 'ours').length, 2)
})

test('after days off, each day that was not compared is, one after the other', async () => {
  const { from, to } = sides({ reconciliation: { minute: 0, repair: false } })
  const dayMs = 86_400_000
  const days = async () =>
    (await from.exchange.reconciliation.list({ limit: 99 }))
      .filter(({ automatic }) => automatic)
      .map(({ day }) => day)
      .toReversed()
  const expected: string[] = []
  await send(from, to, 1)
  expected.push(today())
  time.aheadMs = dayMs
  await settle(from, to)
  assert.deepEqual(await days(), expected)
  // Something goes on each of two days, while nobody compares; a third has nothing.
  for (const ahead of [1, 2]) {
    time.aheadMs = ahead * dayMs
    expected.push(today())
    await from.exchange.enqueue(from.store.db, [
      document(to.party, { sender: from.party, documentType: 'CD001C', messageId: `off${ahead}@x.test` }),
    ])
    for (const { steps } of [from, to]) while ((await steps.send()) || (await steps.decide()));
  }
  time.aheadMs = 4 * dayMs
  for (let n = 0; n < 3; n++) {
    await settle(from, to)
    time.aheadMs += 601_000
  }
  assert.deepEqual(await days(), expected)
})

test('comparisons are forgotten after 90 days, also where none is made every day', async () => {
  const { from, to } = sides()
  await reconcile(from, to)
  time.aheadMs = 91 * 86_400_000
  await settle(from)
  assert.deepEqual(await from.exchange.reconciliation.list({ limit: 9 }), [])
})
