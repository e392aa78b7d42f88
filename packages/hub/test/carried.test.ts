import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type CarriedObject, readFramed, sealedObjectType } from '@corridor/exchange'
import { openObject } from '@corridor/sealed'
import { count, document, until } from '../../exchange/test/nodes.ts'
import { agreement, hubParty, startHub, type TestHub, type TestMember } from './members.ts'

let started: Awaited<ReturnType<typeof startHub>>
let hub: TestHub
let congo: TestMember
let chad: TestMember
/** What passed the hub, as it passed. */
const passed: CarriedObject[] = []

before(async () => {
  started = await startHub({
    countries: ['CG', 'TD'],
    byHub: true,
    watch: ({ documentType, payload }) => {
      const object = documentType === sealedObjectType ? readFramed(payload) : undefined
      if (object !== undefined && !('refused' in object)) passed.push({ ...object, bytes: Buffer.from(object.bytes) })
    },
  })
  hub = started.hub
  congo = started.members.get('DGD.CG')!
  chad = started.members.get('DGD.TD')!
})
after(() => started.stop())

const owe = async (more = {}) => {
  const message = document('DGD.TD', { sender: 'DGD.CG', ...more })
  await congo.exchange.enqueue(congo.db, [message])
  return message
}
const state = (messageId: string, wanted: string) => () =>
  count(congo.db, 'outbox where message_id = $1 and state = $2', [messageId, wanted]).then((n) => n === 1)

test('a document goes from member to member by the hub, and its receipt comes back the same way', async () => {
  const message = await owe()
  await until('receipted', state(message.messageId, 'receipted'))
  const [got] = chad.got
  assert.equal(got?.sender, 'DGD.CG')
  assert.deepEqual(got?.payload, Buffer.from(message.payload))
  assert.deepEqual(
    passed.map(({ sender, addressee, kind }) => ({ sender, addressee, kind })),
    [
      { sender: 'DGD.CG', addressee: 'DGD.TD', kind: 'message' },
      { sender: 'DGD.TD', addressee: 'DGD.CG', kind: 'receipt' },
    ],
  )
})

test('the hub cannot open what it forwards, with any key that it has; its addressee can', async () => {
  const [object] = passed
  assert.ok(object)
  const opened = async (party: string, { certificatePem, privateKeyPem }: TestMember['papers']) =>
    openObject(object.bytes, {
      own: [{ certificate: new X509Certificate(certificatePem), privateKey: createPrivateKey(privateKeyPem) }],
      party,
      purpose: agreement,
      senderCertificates: () => [new X509Certificate(congo.papers.certificatePem)],
      now: new Date(),
    })
  for (const party of [hubParty, 'DGD.TD']) assert.equal((await opened(party, hub.papers)).kind, 'refused')
  assert.equal((await opened('DGD.CG', congo.papers)).kind, 'refused')
  assert.notEqual((await opened('DGD.TD', chad.papers)).kind, 'refused')
  assert.ok(!Buffer.from(object.bytes).includes('CD001C'), 'not even what kind of document it is can be read')
})

test('while the hub is away the document waits; while its addressee is, the hub has it', async () => {
  await hub.leave()
  const first = await owe()
  await until(
    'sealed',
    async () => (await count(congo.db, 'outbox where message_id = $1 and tries > 0', [first.messageId])) === 1,
  )
  assert.equal(await count(congo.db, "outbox where message_id = $1 and state = 'receipted'", [first.messageId]), 0)
  await hub.comeBack()
  await until('receipted', state(first.messageId, 'receipted'))
  await chad.leave()
  const second = await owe()
  await until(
    'at the hub',
    async () =>
      (await count(
        hub.db,
        "forwarded_object where state = 'under-way' and kind = 'message' and addressee = 'DGD.TD'",
      )) > 0,
  )
  assert.equal(await count(congo.db, "outbox where message_id = $1 and state = 'receipted'", [second.messageId]), 0)
  await chad.comeBack()
  await until('receipted', state(second.messageId, 'receipted'))
})

test('a hub that changes what it forwards is found out, and the document counts as delivered for nobody', async () => {
  hub.tamper = true
  const message = await owe()
  await until('refused', async () => (await count(chad.db, "journal where kind = 'message.refused'")) === 1)
  // What Chad refuses is not what Congo has sent: the word about it settles nothing.
  await until('told', async () => (await count(congo.db, "journal where kind = 'signal.unexpected'")) === 1)
  hub.tamper = false
  assert.equal(chad.got.filter(({ messageId }) => messageId === message.messageId).length, 0)
  assert.ok(await state(message.messageId, 'sent')())
})

const rowAt = async (member: TestMember, from: string, values: unknown[]) =>
  (await member.db.query(`select * from ${from}`, values))[0]

test('an addressee whose clock is weeks ahead keeps what the hub brings, for hours, and takes it when its clock is right', async () => {
  chad.clock.aheadMs = 40 * 86_400_000
  const message = await owe()
  const [waits, mostWaits] = [
    () => rowAt(chad, "inbox where document_type = 'SealedObject' and state = 'waiting'", []),
    12,
  ]
  await until('kept', async () => (await waits()) !== undefined)
  for (let looks = 2; looks <= mostWaits; looks++) {
    chad.clock.aheadMs += 600_001
    await until('looked at again', async () => Number((await waits())?.['waits']) >= looks)
  }
  assert.match(String((await waits())?.['reason']), /over by our clock/)
  const lines = await chad.db.query<{ kind: string }>(
    "select kind from journal where kind = 'message.waiting' or detail ->> 'code' = 'clocks-differ' order by id",
  )
  assert.deepEqual(
    lines.map(({ kind }) => kind),
    ['message.refused', 'message.waiting'],
    'said once',
  )
  assert.equal(await count(chad.db, "inbox where state = 'parked'"), 0)
  assert.ok(await state(message.messageId, 'sent')())
  chad.clock.aheadMs = 0
  await until('receipted', state(message.messageId, 'receipted'))
})

test('a hub that lets an object expire, and one whose clock is ahead: the message goes as another object by itself', async () => {
  await chad.leave()
  const message = await owe()
  const row = () => rowAt(congo, 'outbox where message_id = $1', [message.messageId])
  await until(
    'at the hub',
    async () => (await count(hub.db, 'forwarded_object where id = $1', [message.messageId])) === 1,
  )
  hub.clock.aheadMs = 4 * 86_400_000
  await hub.hub.settle(0)
  const unsealed = async () => {
    const { sealed_by: sealedBy, state: now, reason } = (await row())!
    return sealedBy === null && now === 'sent' && /expired/.test(String(reason))
  }
  await until('told', unsealed)
  // By that clock the next one is over too when it comes.
  congo.clock.aheadMs = 11 * 60_000
  await until('another one', async () => (await row())?.['sealed_by'] !== null)
  await until('told again', unsealed)
  hub.clock.aheadMs = 0
  await chad.comeBack()
  for (const { clock } of [congo, chad]) clock.aheadMs = 22 * 60_000
  await until('receipted', state(message.messageId, 'receipted'))
  for (const { clock } of [congo, chad]) clock.aheadMs = 0
  assert.equal(chad.got.filter(({ messageId }) => messageId === message.messageId).length, 1)
})

test('a member that has left: the document comes back to a person, with the reason', async () => {
  await hub.leave()
  await hub.comeBack(['DGD.CG'])
  const message = await owe()
  await until('parked', state(message.messageId, 'parked'))
  const [row] = await congo.db.query<{ reason: string }>('select reason from outbox where message_id = $1', [
    message.messageId,
  ])
  assert.match(row?.reason ?? '', /not forwarded by HQ.CEMAC: DGD.TD is no member of this hub/)
})
