// One member floods the hub, or one addressee takes nothing: nobody else is any the worse for it, and nothing is lost.
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type CarriedObject, readFramed, sealedObjectType, writeFramed } from '@corridor/exchange'
import { count, until } from '../../exchange/test/nodes.ts'
import { hubParty, startHub, type TestHub, type TestMember, toHub } from './members.ts'

let started: Awaited<ReturnType<typeof startHub>>
let hub: TestHub
let congo: TestMember
let chad: TestMember
let gabon: TestMember

before(async () => {
  started = await startHub({
    countries: ['CG', 'TD', 'GA'],
    limits: { waitingObjects: 5, waitingBytes: 100_000, copiesADay: 3 },
  })
  hub = started.hub
  ;[congo, chad, gabon] = ['CG', 'TD', 'GA'].map((country) => started.members.get(`DGD.${country}`)!) as [
    TestMember,
    TestMember,
    TestMember,
  ]
})
after(() => started.stop())

const object = (from: TestMember, to: TestMember, more: Partial<CarriedObject> = {}): CarriedObject => ({
  id: randomUUID(),
  sender: from.party,
  addressee: to.party,
  kind: 'message',
  expiresAt: new Date(Date.now() + 86_400_000),
  bytes: randomBytes(100),
  ...more,
})

async function give(
  from: TestMember,
  to: TestMember,
  number: number,
  more: Partial<CarriedObject> = {},
): Promise<string[]> {
  const objects = Array.from({ length: number }, () => object(from, to, more))
  await from.exchange.enqueue(
    from.db,
    objects.map((each) => toHub(from.party, sealedObjectType, writeFramed(each))),
  )
  return objects.map(({ id }) => id)
}

const underWay = (from: TestMember, to: TestMember, kind = 'message') =>
  count(hub.db, "forwarded_object where state = 'under-way' and sender = $1 and addressee = $2 and kind = $3", [
    from.party,
    to.party,
    kind,
  ])
/** What the hub has no receipt for yet, at its member. */
const kept = (from: TestMember) =>
  count(from.db, "outbox where state = 'sent' and reason like '%EBMS:0202%it may come%'")
const got = (member: TestMember): string[] =>
  member.got.flatMap(({ documentType, payload }) => {
    const read = documentType === sealedObjectType ? readFramed(payload) : undefined
    return read === undefined || 'refused' in read ? [] : [read.id]
  })

test('a pair has its room: what is beyond stays with its sender, others go on, and all of it comes in turn', async () => {
  await chad.leave()
  const flood = await give(congo, chad, 20)
  await until('full', async () => (await underWay(congo, chad)) === 5 && (await kept(congo)) === 15)
  assert.equal(await count(congo.db, "outbox where state = 'parked'"), 0)
  assert.equal(await count(hub.db, "journal where kind = 'room.full' and actor = 'DGD.CG'"), 1, 'said once')
  const [{ reason } = { reason: '' }] = await congo.db.query<{ reason: string }>(
    "select reason from outbox where reason like '%EBMS:0202%' limit 1",
  )
  assert.match(
    reason,
    /too much of DGD\.CG for DGD\.TD is at the hub, which has room for 5 messages of this pair and 100000 bytes; it may come later/,
  )
  // The same sender for another addressee, another sender for the same one, and receipts.
  const others = [
    ...(await give(congo, gabon, 3)),
    ...(await give(gabon, chad, 3)),
    ...(await give(congo, chad, 5, { kind: 'receipt' })),
  ]
  await until(
    'those of others',
    async () => (await underWay(gabon, chad)) === 3 && (await underWay(congo, chad, 'receipt')) === 5,
  )
  await until('for Gabon', () => got(gabon).length === 3)
  // Nothing of what has no room is on the hub's disk.
  assert.equal(await count(hub.db, 'inbox where message_id = any ($1::text[])', [flood]), 0)
  await chad.comeBack()
  await until('all', async () => {
    await hub.hub.settle(0)
    congo.clock.aheadMs += 60_000
    return got(chad).length === 28
  })
  congo.clock.aheadMs = 0
  const all = [...flood, ...others]
  assert.deepEqual([...got(chad), ...got(gabon)].toSorted(), all.toSorted())
})

test('bytes count too, and an object that is there already is no more of them', async () => {
  await chad.leave()
  const first = object(congo, chad, { bytes: randomBytes(60_000) })
  const next = object(congo, chad, { bytes: randomBytes(60_000) })
  const admit = (each: CarriedObject) =>
    hub.hub.admit({ sender: each.sender, documentType: sealedObjectType, payload: writeFramed(each) })
  await hub.hub.settle(0)
  await congo.exchange.enqueue(congo.db, [toHub(congo.party, sealedObjectType, writeFramed(first))])
  await until('taken', async () => (await underWay(congo, chad)) === 1)
  assert.equal(await admit(first), undefined)
  assert.match((await admit(next)) ?? '', /room for .* 100000 bytes/)
  await chad.comeBack()
  await until('room', async () => {
    await hub.hub.settle(0)
    return (await admit(next)) === undefined
  })
})

test('senders take turns at an addressee, whatever each has piled up', async () => {
  await chad.leave()
  const first = await give(congo, chad, 4)
  await until('piled up', async () => (await underWay(congo, chad)) === 4)
  const second = await give(gabon, chad, 2)
  await until('there', async () => (await underWay(gabon, chad)) === 2)
  const inTurn = await hub.db.query<{ sender: string }>(
    `select f.sender from forwarded_object f join outbox o on o.message_id = f.message_id
     where f.state = 'under-way' and f.addressee = 'DGD.TD' order by o.due_at, o.id`,
  )
  // Those that were tried are put off: what counts is that the first of Gabon are not behind all of Congo.
  const turns = inTurn.map(({ sender }) => sender)
  assert.ok(turns.lastIndexOf('DGD.CG') > turns.indexOf('DGD.GA'), turns.join())
  const dates = await hub.db.query<{ sender: string; turn: Date }>(
    "select sender, turn from forwarded_object where state = 'under-way' and addressee = 'DGD.TD' order by turn, forwarded_at",
  )
  assert.deepEqual(
    dates
      .map(({ sender }) => sender)
      .slice(0, 4)
      .filter((sender) => sender === 'DGD.GA').length,
    2,
    JSON.stringify(dates),
  )
  await chad.comeBack()
  await until('all', () => [...first, ...second].every((id) => got(chad).includes(id)))
})

test('copies of a day have their room, which the next day has again', async () => {
  const copy = { sender: 'DGD.CG', documentType: 'RegionalCopy', payload: Buffer.from('{}') }
  await hub.db.query("insert into regional_member (party, day, day_copies) values ('DGD.CG', $1::date, 3)", [
    new Date().toISOString().slice(0, 10),
  ])
  assert.match((await hub.hub.admit(copy)) ?? '', /DGD\.CG has sent 3 copies today/)
  assert.equal(await hub.hub.admit({ ...copy, sender: 'DGD.TD' }), undefined, 'another has its own')
  hub.clock.aheadMs = 86_400_000
  assert.equal(await hub.hub.admit(copy), undefined)
  hub.clock.aheadMs = 0
})

test('what is to be refused has no room of its own: it goes on to where it is', async () => {
  const forged = { ...object(congo, chad), sender: 'DGD.GA' }
  for (const payload of [
    writeFramed(forged),
    Buffer.from('no head'),
    writeFramed({ ...object(congo, chad), addressee: 'DGD.XX' }),
  ])
    assert.equal(await hub.hub.admit({ sender: 'DGD.CG', documentType: sealedObjectType, payload }), undefined)
  assert.equal(hubParty, hub.party)
})
