import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import {
  type CarriedObject,
  readFramed,
  readRefusal,
  sealedObjectRefusedType,
  sealedObjectType,
  writeFramed,
} from '@corridor/exchange'
import { count, until } from '../../exchange/test/nodes.ts'
import { hubParty, startHub, type TestHub, type TestMember, toHub } from './members.ts'

let started: Awaited<ReturnType<typeof startHub>>
let hub: TestHub
let congo: TestMember
let chad: TestMember

before(async () => {
  started = await startHub({ countries: ['CG', 'TD', 'GA'] })
  hub = started.hub
  congo = started.members.get('DGD.CG')!
  chad = started.members.get('DGD.TD')!
})
after(() => started.stop())

const dayMs = 86_400_000

function object(more: Partial<CarriedObject> = {}): CarriedObject {
  return {
    id: randomUUID(),
    sender: 'DGD.CG',
    addressee: 'DGD.TD',
    kind: 'message',
    expiresAt: new Date(Date.now() + dayMs + hub.clock.aheadMs),
    bytes: Buffer.from('sealed \n for Chad'),
    ...more,
  }
}

const give = (from: TestMember, payload: Uint8Array, more = {}) =>
  from.exchange.enqueue(from.db, [toHub(from.party, sealedObjectType, payload, more)])

/** What a member was told that does not go on. */
const refusals = (member: TestMember) =>
  member.got
    .filter(({ documentType }) => documentType === sealedObjectRefusedType)
    .map(({ payload, refTo }) => ({ refTo, ...readRefusal(payload) }))

async function refusalOf(
  from: TestMember,
  payload: Uint8Array,
): Promise<{ id?: string | undefined; reason?: string | undefined }> {
  const known = refusals(from).length
  await give(from, payload)
  await until('a refusal', () => refusals(from).length > known)
  return refusals(from).at(-1) ?? assert.fail()
}

const received = (member: TestMember, id: string) =>
  member.got.filter((message) => {
    const read = message.documentType === sealedObjectType ? readFramed(message.payload) : undefined
    return read !== undefined && !('refused' in read) && read.id === id
  })

const settled = () => hub.hub.settle(0)

test('an object goes on to its addressee as it was, under a name of the hub, and nothing of it stays', async () => {
  const one = object()
  await give(congo, writeFramed(one))
  await until('the object', () => received(chad, one.id).length === 1)
  const [message] = received(chad, one.id)
  assert.equal(message?.sender, hubParty)
  assert.deepEqual(message?.payload, Buffer.from(writeFramed(one)))
  await until('settled', async () => {
    await settled()
    return (await count(hub.db, "forwarded_object where state = 'delivered' and id = $1", [one.id])) === 1
  })
  assert.equal(
    await count(hub.db, `inbox where document_type = '${sealedObjectType}' and length(payload) + length(raw) > 0`),
    0,
  )
  assert.equal(
    await count(hub.db, `outbox where document_type = '${sealedObjectType}' and length(payload) + length(sealed) > 0`),
    0,
  )
  const journal = await hub.db.query<{ detail: { id: string; addressee: string } }>(
    "select detail from journal where kind = 'object.forwarded'",
  )
  assert.deepEqual(
    journal.map(({ detail: { id, addressee } }) => ({ id, addressee })),
    [{ id: one.id, addressee: 'DGD.TD' }],
  )
})

test('a repeat is the same message, also after it was forgotten', async () => {
  const one = object()
  for (let turn = 0; turn < 3; turn++) {
    await give(congo, writeFramed(one))
    await until(
      'decided',
      async () =>
        (await count(hub.db, "journal where kind in ('object.forwarded', 'object.repeated') and detail ->> 'id' = $1", [
          one.id,
        ])) ===
        turn + 1,
    )
    await until('the object', () => received(chad, one.id).length > 0)
    await settled()
  }
  assert.equal(
    await count(
      hub.db,
      "outbox where document_type = $1 and recipient = 'DGD.TD' and message_id in (select message_id from forwarded_object where id = $2)",
      [sealedObjectType, one.id],
    ),
    1,
  )
  assert.equal(received(chad, one.id).length, 1)
})

test('nobody has the hub forward in another’s name', async () => {
  const forged = object({ sender: 'DGD.GA' })
  const { id, reason } = await refusalOf(congo, writeFramed(forged))
  assert.equal(id, forged.id)
  assert.equal(reason, 'it names DGD.GA as its sender and came from DGD.CG')
  assert.equal(await count(hub.db, 'forwarded_object where id = $1', [forged.id]), 0)
  assert.equal(received(chad, forged.id).length, 0)
})

test('what cannot go on comes back with the reason', async () => {
  const now = Date.now()
  for (const [more, said] of [
    [{ addressee: 'DGD.XX' }, /DGD.XX is no member/],
    [{ addressee: hubParty }, /HQ.CEMAC is no member/],
    [{ expiresAt: new Date(now - 1) }, /has expired/],
    [{ expiresAt: new Date(now + 100 * dayMs) }, /longer than 90 days/],
    [{ bytes: randomBytes(9_000_001) }, /9000001 bytes/],
  ] as [Partial<CarriedObject>, RegExp][]) {
    const one = object(more)
    const { id, reason } = await refusalOf(congo, writeFramed(one))
    assert.equal(id, one.id)
    assert.match(reason ?? '', said)
  }
  assert.match((await refusalOf(congo, Buffer.from('no head'))).reason ?? '', /no line/)
})

test('another object under the same id is not forwarded', async () => {
  const one = object()
  await give(congo, writeFramed(one))
  await until('the object', () => received(chad, one.id).length === 1)
  const { reason } = await refusalOf(congo, writeFramed({ ...one, bytes: Buffer.from('another') }))
  assert.equal(reason, 'another object was forwarded under this id')
  assert.equal(received(chad, one.id).length, 1)
})

test('an id of one member is not that of another', async () => {
  const one = object()
  await give(congo, writeFramed(one))
  await give(started.members.get('DGD.GA')!, writeFramed({ ...one, sender: 'DGD.GA' }))
  await until('both', () => received(chad, one.id).length === 2)
})

test('an object that expires at the hub comes back, and is gone', async () => {
  const one = object({ addressee: 'DGD.GA' })
  await started.members.get('DGD.GA')!.stop()
  await give(congo, writeFramed(one))
  await until('taken', async () => (await count(hub.db, 'forwarded_object where id = $1', [one.id])) === 1)
  const known = refusals(congo).length
  await settled()
  assert.equal(await count(hub.db, "forwarded_object where id = $1 and state = 'under-way'", [one.id]), 1)
  hub.clock.aheadMs += 2 * dayMs
  await settled()
  await until('told', () => refusals(congo).length > known)
  const { reason, again } = refusals(congo).at(-1)!
  assert.deepEqual([reason, again], ['the sealed object has expired', true])
  assert.equal(
    await count(
      hub.db,
      `outbox where document_type = '${sealedObjectType}' and state = 'parked' and length(payload) > 0`,
    ),
    0,
  )
})

test('what is over is forgotten when it has expired, though something else is under way; a look of a clock that was ahead does not count', async () => {
  const [short, long] = [object({ addressee: 'DGD.GA' }), object({ addressee: 'DGD.GA' })]
  long.expiresAt = new Date(long.expiresAt.getTime() + 30 * dayMs)
  for (const one of [short, long]) await give(congo, writeFramed(one))
  const stateOf = async (id: string) =>
    (await hub.db.query<{ state: string }>('select state from forwarded_object where id = $1', [id]))[0]?.state
  await until('taken', async () => (await stateOf(short.id)) !== undefined && (await stateOf(long.id)) !== undefined)
  await hub.db.query("update forwarded_object set looked_at = looked_at + interval '1 year' where id = $1", [short.id])
  hub.clock.aheadMs += 2 * dayMs
  await settled()
  await settled()
  assert.deepEqual([await stateOf(short.id), await stateOf(long.id)], [undefined, 'under-way'])
  // It is looked at ten minutes later only.
  const [{ ahead } = { ahead: 0 }] = await hub.db.query<{ ahead: number }>(
    'select extract(epoch from looked_at - $2)::float8 as ahead from forwarded_object where id = $1',
    [long.id, new Date(Date.now() + hub.clock.aheadMs)],
  )
  assert.ok(ahead > 500 && ahead <= 600, String(ahead))
})

test('a member that leaves: what is for it comes back with the reason', async () => {
  const one = object()
  await hub.leave()
  // Taken while Chad does not answer: the hub knows it and cannot reach it.
  await chad.stop()
  await hub.comeBack(['DGD.CG', 'DGD.TD'])
  await give(congo, writeFramed(one))
  await until('taken', async () => (await count(hub.db, 'forwarded_object where id = $1', [one.id])) === 1)
  await hub.leave()
  await hub.comeBack(['DGD.CG'])
  const known = refusals(congo).length
  await until('told', async () => {
    await settled()
    return refusals(congo).length > known
  })
  assert.equal(refusals(congo).at(-1)?.reason, 'the partner is not configured any more')
})
