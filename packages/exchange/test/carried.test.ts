import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, createExchange, openedRow, optionsOf, partnerOf } from './nodes.ts'
import { carried, jo, kindsOf, owed, papers, place, rowOf, seen, settle, side, sy, time } from './sides.ts'

test('a message goes by a third place, and is delivered on the addressee’s own receipt only', async () => {
  const [from, to] = [side('sy'), side('jo')]
  const message = owed('1@sy.test')
  await from.exchange.enqueue(sy.db, [message])
  assert.equal(await from.steps.send(), true)
  const left = await rowOf(message.messageId)
  assert.deepEqual([left['link'], left['state'], left['reason']], ['carried', 'sent', 'lies at nasib'])
  assert.equal(await from.steps.send(), false)
  await settle(from, to)
  const row = await rowOf(message.messageId)
  assert.equal(row['state'], 'receipted')
  assert.deepEqual(openedRow('NTA.SY', row).sealed, Buffer.from(place.lying[0]!.bytes))
  assert.deepEqual(openedRow('NTA.SY', row).receipt, Buffer.from(place.lying[1]!.bytes))
  assert.deepEqual(await kindsOf(sy, message.messageId), ['message.queued', 'message.left', 'message.receipted'])
  assert.deepEqual(
    seen.map(({ link, sender, conversation, payload }) => [link, sender, conversation, Buffer.from(payload)]),
    [['partner', 'NTA.SY', message.conversation, Buffer.from(message.payload)]],
  )
  assert.deepEqual(
    place.lying.map(({ kind, sender, marked }) => [kind, sender, marked]),
    [
      ['message', 'NTA.SY', 'taken'],
      ['receipt', 'NTA.JO', 'taken'],
    ],
  )
  const [kept] = await jo.db.query('select * from inbox')
  assert.deepEqual(openedRow('NTA.JO', kept).raw, Buffer.from(place.lying[0]!.bytes))
  assert.equal(
    place.lying.some(({ bytes }) => Buffer.from(bytes).includes('<number>')),
    false,
  )
})

test('what is of one movement goes one after the other', async () => {
  const [from, to] = [side('sy'), side('jo')]
  const conversation = '26SY00000000000001'
  await from.exchange.enqueue(sy.db, [
    { ...owed('2a@sy.test'), conversation },
    { ...owed('2b@sy.test'), conversation },
    owed('2c@sy.test'),
  ])
  while (await from.steps.send());
  assert.deepEqual(place.lying.map(({ id }) => id).toSorted(), ['2a@sy.test', '2c@sy.test'])
  await settle(from, to)
  assert.deepEqual(
    seen.filter((message) => message.conversation === conversation).map(({ messageId }) => messageId),
    ['2a@sy.test', '2b@sy.test'],
  )
})

test('an object that somebody changed is refused, and the true one is taken', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('6@sy.test')])
  await from.steps.send()
  const object = place.lying[0]!
  const sound = object.bytes
  object.bytes = Buffer.from(sound)
  object.bytes[sound.length >> 1]! ^= 1
  await settle(from, to)
  assert.equal(object.marked, 'refused')
  // The refusal is of other bytes than those that were left: it ends nothing.
  assert.equal((await rowOf('6@sy.test'))['state'], 'sent')
  assert.equal(
    await count(jo.db, "journal where kind = 'message.refused' and detail -> 'claimed' ->> 'id' = '6@sy.test'"),
    1,
  )
  object.bytes = sound
  delete object.marked
  await settle(from, to)
  assert.equal((await rowOf('6@sy.test'))['state'], 'receipted')
})

test('an object that is filed under another name, or in another’s, is refused', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('7@sy.test')])
  await from.steps.send()
  const [object] = place.lying.splice(0)
  place.lying.push({ ...object!, id: 'other@sy.test' }, { ...object!, sender: 'NTA.XX' })
  await settle(from, to)
  assert.deepEqual(
    place.lying.slice(0, 2).map(({ marked }) => marked),
    ['refused', 'refused'],
  )
  assert.equal(await count(jo.db, 'inbox'), 0)
})

test('an object again and again: one effect, the same receipt', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('8@sy.test')])
  await settle(from, to)
  for (const object of place.lying) delete object.marked
  await settle(from, to)
  assert.equal(await count(jo.db, 'effect'), 1)
  assert.equal(place.lying.length, 2)
})

test('another document under a message id that was used is refused', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('10@sy.test')])
  await settle(from, to)
  await sy.db.query('truncate outbox')
  place.lying.splice(0)
  await from.exchange.enqueue(sy.db, [{ ...owed('10@sy.test'), payload: Buffer.from('<another/>') }])
  await settle(from, to)
  const row = await rowOf('10@sy.test')
  assert.equal(row['state'], 'parked')
  assert.match(String(row['reason']), /another document came under this message id before/)
  assert.equal(await count(jo.db, 'effect'), 1)
})

test('a receipt of somebody else settles nothing', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('11@sy.test')])
  await from.steps.send()
  await to.steps.fetch()
  const receipt = place.lying.find(({ kind }) => kind === 'receipt')!
  // Signed by a stranger, filed as the addressee's.
  const stranger = createExchange({
    ...optionsOf({ ...papers.stranger, party: 'NTA.JO' }, jo.db, []),
    carried: [carried(papers.sy)],
    places: { nasib: { carrier: place.carrierOf('NTA.JO') } },
  }).steps(async () => ({ done: true }))
  place.lying.splice(place.lying.indexOf(receipt), 1)
  await jo.db.query('truncate inbox')
  for (const object of place.lying) delete object.marked
  // It cannot open the message, so its receipt is a refusal.
  await stranger.fetch()
  await from.steps.fetch()
  assert.equal((await rowOf('11@sy.test'))['state'], 'sent')
  place.lying.push({ ...receipt })
  await from.steps.fetch()
  assert.equal((await rowOf('11@sy.test'))['state'], 'receipted')
})

test('an object that has ended is made anew before it is put again', async () => {
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('12@sy.test')])
  await from.steps.send()
  time.aheadMs += 31 * 86_400_000
  await to.steps.fetch()
  assert.equal(place.lying[0]?.marked, 'refused')
  assert.equal(place.lying.length, 1)
  await settle(from, to)
  assert.equal((await rowOf('12@sy.test'))['state'], 'receipted')
  assert.deepEqual(
    place.lying.filter(({ kind }) => kind === 'message').map(({ id }) => id),
    ['12@sy.test', '12@sy.test~2'],
  )
})

test('an object of a clock that is ahead waits until it is valid, and is in nobody’s way', async () => {
  const [from, to] = [side('sy'), side('jo')]
  time.aheadMs = 3_600_000
  const early = Array.from({ length: 70 }, (_, n) => owed(`14-${n}@sy.test`))
  await from.exchange.enqueue(sy.db, early)
  while (await from.steps.send());
  time.aheadMs = 0
  await from.exchange.enqueue(sy.db, [owed('14@sy.test')])
  await settle(from, to)
  assert.deepEqual(
    seen.map(({ messageId }) => messageId),
    ['14@sy.test'],
  )
  time.aheadMs = 3_600_000
  await settle(from, to)
  assert.equal(await count(jo.db, 'effect'), 71)
  assert.equal(await count(sy.db, "outbox where state = 'receipted'"), 71)
})

test('an addressee whose clock is weeks ahead throws nothing away: it is kept, a person is told, and it is taken when the clock is right', async () => {
  place.clock = () => new Date()
  const said: { level: string; text: string }[] = []
  const ahead: number[] = []
  const [from, to] = [
    side('sy'),
    side('jo', {
      log: (level, text) => said.push({ level, text }),
      meter: (measured) => measured.what === 'partner-clock' && ahead.push(Math.round(measured.aheadMs / 86_400_000)),
    }),
  ]
  await from.exchange.enqueue(sy.db, [owed('14x@sy.test')])
  await from.steps.send()
  time.aheadMs = 40 * 86_400_000
  for (let looks = 0; looks < 3; looks++) {
    await to.steps.fetch()
    time.aheadMs += 60_000
  }
  assert.equal(place.lying[0]?.marked, undefined, 'it lies there')
  const kept = await jo.db.query<{ detail: { code: string; detail: string } }>(
    "select detail from journal where kind = 'message.refused' and detail -> 'claimed' ->> 'id' = '14x@sy.test'",
  )
  assert.deepEqual(
    kept.map(({ detail }) => detail.code),
    ['clocks-differ'],
    'said once',
  )
  assert.match(kept[0]!.detail.detail, /by our clock .* that is over, and by that of nasib .* it is not/)
  assert.deepEqual(
    said.map(({ level }) => level),
    ['error'],
  )
  assert.deepEqual(ahead, [-40])
  time.aheadMs = 0
  // Another process: this one looks at it again after half a minute by its own clock.
  await settle(from, to, side('jo'))
  assert.equal((await rowOf('14x@sy.test'))['state'], 'receipted')
})

test('an object that is over by the clock of its place too is refused', async () => {
  place.clock = () => new Date(Date.now() + time.aheadMs)
  const [from, to] = [side('sy'), side('jo')]
  await from.exchange.enqueue(sy.db, [owed('14y@sy.test')])
  await from.steps.send()
  time.aheadMs = 31 * 86_400_000
  await to.steps.fetch()
  assert.equal(place.lying[0]?.marked, 'refused')
  await settle(from, to)
  assert.equal((await rowOf('14y@sy.test'))['state'], 'receipted', 'its sender makes another')
})

test('a message of which no object can be made is parked, and what comes behind it goes', async () => {
  const [from, to] = [side('sy'), side('jo')]
  const conversation = 'with a bell \u0007'
  await from.exchange.enqueue(sy.db, [{ ...owed('15a@sy.test'), conversation }, owed('15b@sy.test')])
  await settle(from, to)
  const row = await rowOf('15a@sy.test')
  assert.equal(row['state'], 'parked')
  assert.match(String(row['reason']), /sealed\.bad-value: .*Conversation/)
  assert.equal((await rowOf('15b@sy.test'))['state'], 'receipted')
})

test('a partner twice, and a place that is none, are faults', () => {
  const options = optionsOf(papers.sy, sy.db, [partnerOf('NTA.SY', papers.jo, 'https://127.0.0.1:1/as4')])
  const places = { nasib: { carrier: place.carrierOf('NTA.SY') } }
  assert.throws(() => createExchange({ ...options, carried: [carried(papers.jo)], places }), {
    code: 'exchange.partner-twice',
  })
  const alone = { ...options, partners: [] }
  assert.throws(() => createExchange({ ...alone, carried: [carried(papers.jo)], places: {} }), {
    code: 'exchange.unknown-place',
  })
  assert.throws(
    () => createExchange({ ...alone, carried: [carried(papers.jo)], places: { nasib: { hub: 'NTA.HQ' } } }),
    {
      code: 'exchange.unknown-place',
    },
  )
})
