import assert from 'node:assert/strict'
import { makeAuthority } from '@corridor/as4/testing'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { count, createExchange, makePapers, optionsOf, partnerOf } from './nodes.ts'
import { carried, jo, kindsOf, owed, papers, place, rowOf, settle, side, sy, time } from './sides.ts'

for (const [cut, then] of [
  ['put', 'goes on'],
  ['put', 'is killed'],
  ['mark', 'goes on'],
] as const)
  test(`a line that is cut at the ${cut} of the receipt, and a node that ${then}: the same receipt again, one effect`, async () => {
    const [from, to] = [side('sy'), side('jo')]
    const messageId = `3${cut}-${then.replace(' ', '-')}@sy.test`
    await from.exchange.enqueue(sy.db, [owed(messageId)])
    await from.steps.send()
    place.cut = cut
    await assert.rejects(to.steps.fetch(), /the line was cut/)
    await settle(from, then === 'is killed' ? side('jo') : to)
    assert.equal((await rowOf(messageId))['state'], 'receipted')
    assert.equal(place.lying.filter(({ kind }) => kind === 'receipt').length, 1)
    assert.equal(await count(jo.db, 'effect'), 1)
    // A node that goes on still has what it made of the object.
    const repeated = then === 'is killed' ? ['message.repeated'] : []
    assert.deepEqual(await kindsOf(jo, messageId), ['message.received', ...repeated])
  })

test('a receipt that the place does not take: the object is taken once, and others go on beside it', async () => {
  const [from, to] = [side('sy'), side('jo')]
  place.turnsAway = ({ kind }) => (kind === 'receipt' ? new Error('there is no room') : undefined)
  await from.exchange.enqueue(sy.db, [owed('17a@sy.test')])
  await from.steps.send()
  for (let looks = 0; looks < 20; looks++) {
    await to.steps.fetch().catch(() => false)
    time.aheadMs += 1_000
  }
  assert.deepEqual(await kindsOf(jo, '17a@sy.test'), ['message.received'])
  place.turnsAway = ({ kind, id }) =>
    kind === 'receipt' && id === place.turnedAway[0] ? new Error('there is no room') : undefined
  await from.exchange.enqueue(sy.db, [owed('17b@sy.test')])
  for (let looks = 0; looks < 5; looks++) {
    await from.steps.send()
    await to.steps.fetch().catch(() => false)
    await from.steps.fetch()
  }
  assert.equal((await rowOf('17b@sy.test'))['state'], 'receipted')
  place.turnsAway = () => undefined
  time.aheadMs += 60_000
  await settle(from, to)
  assert.equal((await rowOf('17a@sy.test'))['state'], 'receipted')
  assert.deepEqual(await kindsOf(jo, '17a@sy.test'), ['message.received'])
})

test('an object that the place never takes is parked with the reason, and holds up nothing', async () => {
  const [from, to] = [side('sy'), side('jo')]
  place.turnsAway = ({ id }) =>
    id === '18a@sy.test' ? Object.assign(new Error('it has 31 MB; 16 are allowed'), { isFinal: true }) : undefined
  await from.exchange.enqueue(sy.db, [owed('18a@sy.test'), owed('18b@sy.test')])
  await settle(from, to)
  const row = await rowOf('18a@sy.test')
  assert.deepEqual([row['state'], row['tries']], ['parked', 1])
  assert.equal(row['reason'], 'nasib does not take it: it has 31 MB; 16 are allowed')
  assert.equal((await rowOf('18b@sy.test'))['state'], 'receipted')
})

test('a node whose database was set back to before it left an object: the message goes as another one', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('19@sy.test')])
  await from.steps.send()
  await sy.db.query("update outbox set state = 'queued', tries = 0, reason = null, due_at = created_at")
  await sy.db.query('update outbox set sealed = null, sealed_references = null, sealed_by = null')
  await from.steps.send()
  assert.match(String((await rowOf('19@sy.test'))['reason']), /lies another object under the id 19@sy\.test/)
  time.aheadMs += 2_000
  await settle(from, to)
  assert.equal((await rowOf('19@sy.test'))['state'], 'receipted')
  assert.deepEqual(
    place.lying.filter(({ kind }) => kind === 'message').map(({ id }) => id),
    ['19@sy.test', '19@sy.test~2'],
  )
  assert.equal(await count(jo.db, 'effect'), 1)
})

test('what has lain at a place for long is not given up at the first line that is cut', async () => {
  const from = side('sy')
  await from.exchange.enqueue(sy.db, [owed('20@sy.test')])
  await from.steps.send()
  await sy.db.query('update outbox set tries = 800')
  time.aheadMs += 601_000
  await from.steps.send()
  place.down = true
  time.aheadMs += 601_000
  assert.equal(await from.steps.send(), true)
  assert.equal((await rowOf('20@sy.test'))['state'], 'sent')
})

test('a message that was queued for the other way is settled by the receipt for its object', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('21@sy.test')])
  // By a process of the configuration before, while this one runs already.
  await sy.db.query("update outbox set link = 'as4'")
  await settle(from, to)
  assert.equal((await rowOf('21@sy.test'))['state'], 'receipted')
})

test('a place that is away for hours: nothing is lost, and all goes when it is back', async () => {
  const [from, to] = [side('sy'), side('jo')]
  place.down = true
  await from.exchange.enqueue(sy.db, [owed('4a@sy.test'), owed('4b@sy.test')])
  assert.equal(await from.steps.send(), true)
  assert.match(String((await rowOf('4a@sy.test'))['reason']), /nasib takes nothing: .*out of reach/)
  await assert.rejects(to.steps.fetch(), /out of reach/)
  place.down = false
  time.aheadMs += 8 * 3_600_000
  await settle(from, to)
  assert.equal(await count(sy.db, "outbox where state = 'receipted'"), 2)
  assert.equal(await count(jo.db, 'effect'), 2)
})

test('a place that loses what lies there gets it again', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('5@sy.test')])
  await from.steps.send()
  const [lost] = place.lying.splice(0)
  await settle(from, to)
  assert.equal((await rowOf('5@sy.test'))['state'], 'sent')
  time.aheadMs += 600_001
  await settle(from, to)
  assert.deepEqual(Buffer.from(place.lying[0]!.bytes), Buffer.from(lost!.bytes))
  assert.equal((await rowOf('5@sy.test'))['state'], 'receipted')
})

test('a place that can tell is asked before the bytes go again, and less often what nobody takes', async () => {
  place.tells = true
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('5b@sy.test')])
  await from.steps.send()
  const pauses: number[] = []
  for (const hours of [0, 1, 2, 12]) {
    time.aheadMs = hours * 3_600_000 + 700_000
    assert.equal(await from.steps.send(), true, 'it is looked after')
    const { due_at: dueAt } = await rowOf('5b@sy.test')
    pauses.push(Math.round(((dueAt as Date).getTime() - Date.now() - time.aheadMs) / 60_000))
  }
  assert.deepEqual(pauses, [10, 12, 22, 30])
  assert.deepEqual(place.put, ['5b@sy.test'], 'once')
  // Lost, it is put again.
  place.lying.splice(0)
  time.aheadMs += 1_800_001
  await settle(from, to)
  assert.deepEqual(
    place.put.filter((id) => id === '5b@sy.test'),
    ['5b@sy.test', '5b@sy.test'],
  )
  assert.equal((await rowOf('5b@sy.test'))['state'], 'receipted')
})

test('what is sealed for a key that the addressee does not have is refused; sent again by a person it is another object', async () => {
  const former = await makePapers('NTA.JO')
  // It knows both certificates, and seals for the one that the addressee has no more.
  const both = [former, papers.jo].map(({ certificatePem }) => new X509Certificate(certificatePem))
  const from = side('sy', { carried: [carried(papers.jo, { certificates: both })] })
  const to = side('jo')
  await from.exchange.enqueue(sy.db, [owed('9@sy.test')])
  await settle(from, to)
  const informed = side('sy')
  const row = await rowOf('9@sy.test')
  assert.equal(row['state'], 'parked')
  assert.match(
    String(row['reason']),
    /^refused by the partner: the object could not be verified; our journal tells why under /,
  )
  assert.equal(await informed.exchange.retryParked('outbox', String(row['id']), 'an operator'), true)
  await settle(informed, to)
  assert.equal((await rowOf('9@sy.test'))['state'], 'receipted')
  assert.ok(place.lying.some(({ id }) => id === '9@sy.test~2'))
})

test('what was sealed for a key of before goes by itself as another object, once its sender knows the next one', async () => {
  const former = await makePapers('NTA.JO')
  const from = side('sy', { carried: [carried(former)] })
  const to = side('jo')
  await from.exchange.enqueue(sy.db, [owed('22@sy.test')])
  await from.steps.send()
  await to.steps.fetch()
  const informed = side('sy')
  await settle(informed, to)
  assert.equal((await rowOf('22@sy.test'))['state'], 'receipted')
  assert.ok(place.lying.some(({ id }) => id === '22@sy.test~2'))
  assert.equal(await count(jo.db, 'effect'), 1)
})

test('what is signed with a certificate that is not known yet lies until it is, and the journal says so once', async () => {
  const next = await makePapers('NTA.SY')
  const from = side('sy', { ...optionsOf(next, sy.db, []), clock: () => new Date(Date.now() + time.aheadMs) })
  const to = side('jo')
  await from.exchange.enqueue(sy.db, [owed('25@sy.test')])
  await from.steps.send()
  for (let looks = 0; looks < 3; looks++) {
    await to.steps.fetch()
    time.aheadMs += 31_000
  }
  assert.equal(place.lying[0]?.marked, undefined)
  const told =
    "journal where kind = 'message.refused' and detail ->> 'code' = 'unknown-sender' and detail -> 'claimed' ->> 'id' = $1"
  assert.equal(await count(jo.db, told, ['25@sy.test']), 1)
  const informed = side('jo', { carried: [carried(next)] })
  await settle(from, informed)
  assert.equal((await rowOf('25@sy.test'))['state'], 'receipted')
  assert.equal(await count(jo.db, 'effect'), 1)
})

test('a partner whose certificate is over: its messages wait for the next one', async () => {
  const stale = (await makeAuthority('CA')).issue({ commonName: 'NTA.JO', notAfter: new Date(Date.now() - 1) })
  const { certificate } = await stale
  const from = side('sy', { carried: [carried(papers.jo, { certificates: [certificate] })] })
  await from.exchange.enqueue(sy.db, [owed('16@sy.test')])
  await from.steps.send()
  const row = await rowOf('16@sy.test')
  assert.deepEqual([row['state'], row['sealed']], ['queued', null])
  const [mended, to] = [side('sy'), side('jo')]
  time.aheadMs = 3_600_000
  await settle(mended, to)
  assert.equal((await rowOf('16@sy.test'))['state'], 'receipted')
})

/** A side that reaches the other by a hub, which does not answer. */
const byHub = () =>
  side('sy', {
    partners: [partnerOf('NTA.SY', papers.stranger, 'https://127.0.0.1:1/as4')],
    carried: [carried(papers.jo, { place: 'hq' })],
    places: { hq: { hub: papers.stranger.party } },
  })
const toHub = () => sy.db.query("select * from outbox where recipient = 'NTA.XX'")

test('what a hub never got, or may have lost, is given to it once more after a day without a receipt', async () => {
  const from = byHub()
  await from.exchange.enqueue(sy.db, [owed('23@sy.test')])
  await from.steps.send()
  const [given] = await toHub()
  assert.match(String(given?.['message_id']), /^message~23@sy\.test~[0-9a-f]{16}$/)
  const stateAfter = async (state: string, ms: number): Promise<unknown> => {
    await sy.db.query(
      "update outbox set state = $1, receipt = '', receipted_at = $2, due_at = $2 where recipient = 'NTA.XX'",
      [state, new Date(Date.now() + time.aheadMs)],
    )
    time.aheadMs += ms
    while ((await rowOf('23@sy.test'))['due_at']! <= new Date(Date.now() + time.aheadMs)) await from.steps.send()
    const rows = await toHub()
    assert.equal(rows.length, 1)
    return rows[0]!['state']
  }
  assert.equal(await stateAfter('parked', 601_000), 'parked')
  assert.notEqual(await stateAfter('parked', 86_500_000), 'parked')
  assert.equal(await stateAfter('receipted', 601_000), 'receipted')
  assert.notEqual(await stateAfter('receipted', 86_500_000), 'receipted')
})

test('without a receipt for three days a hub gets another object: it may have lost the receipt for the first, which it knows', async () => {
  const from = byHub()
  await from.exchange.enqueue(sy.db, [owed('25@sy.test')])
  await from.steps.send()
  time.aheadMs += 3 * 86_400_000
  while ((await rowOf('25@sy.test'))['due_at']! <= new Date(Date.now() + time.aheadMs)) await from.steps.send()
  const ids = (await toHub()).map((row) => String(row['message_id']).replace(/~[0-9a-f]{16}$/, ''))
  assert.deepEqual(ids, ['message~25@sy.test', 'message~25@sy.test~2'])
})

test('what is too large for a hub is parked, and the hub is not asked', async () => {
  const from = byHub()
  await from.exchange.enqueue(sy.db, [{ ...owed('24@sy.test'), payload: Buffer.alloc(9_000_000, 'a') }])
  await from.steps.send()
  const row = await rowOf('24@sy.test')
  assert.equal(row['state'], 'parked')
  assert.match(
    String(row['reason']),
    /^hq does not take it: the sealed object has 900\d{4} bytes, and a hub forwards 9000000/,
  )
  assert.equal((await toHub()).length, 0)
})

test('a partner that is reached another way now: what is owed goes that way', async () => {
  const direct = createExchange(
    optionsOf(papers.sy, sy.db, [partnerOf('NTA.SY', papers.jo, 'https://127.0.0.1:1/as4')]),
  )
  await direct.enqueue(sy.db, [owed('13@sy.test'), owed('13-parked@sy.test')])
  assert.equal((await rowOf('13@sy.test'))['link'], 'as4')
  await sy.db.query("update outbox set state = 'parked' where message_id = '13-parked@sy.test'")
  const from = side('sy')
  const running = await from.exchange.start(async () => ({ done: true }))
  const to = side('jo')
  try {
    for (let look = 0; look < 200 && (await rowOf('13@sy.test'))['state'] !== 'receipted'; look++) {
      await to.steps.fetch()
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  } finally {
    await running.stop()
  }
  const row = await rowOf('13@sy.test')
  assert.deepEqual([row['link'], row['state']], ['carried', 'receipted'])
  // Sent again by a person it goes that way too.
  const parked = await rowOf('13-parked@sy.test')
  assert.deepEqual([parked['link'], parked['state']], ['carried', 'parked'])
})
