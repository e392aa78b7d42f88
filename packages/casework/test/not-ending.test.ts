/** Movements that do not end well, between two nodes with real databases: invalidated, with discrepancies, enquired about, recovered. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { text } from '@corridor/procedures'
import { ledgerOf } from '@corridor/registry'
import type { ActFields, ActName } from '../src/index.ts'
import {
  carrier,
  clock,
  consignee,
  corridorXml,
  declarant,
  errorsOf,
  grn,
  released,
  startNode,
  type TestNode,
} from './nodes.ts'

const dayMs = 86_400_000
let al: TestNode
let xk: TestNode
let carry: ReturnType<typeof carrier>
let aheadMs = 0
const later = { clock: () => new Date(clock().getTime() + aheadMs) }

before(async () => {
  ;[al, xk] = await Promise.all([startNode('al', undefined, later), startNode('xk', undefined, later)])
  carry = carrier(al, xk)
})
after(() => Promise.all([al.stop(), xk.stop()]))

async function onTheWay(): Promise<string> {
  const { mrn } = await released(al)
  await carry()
  return mrn
}

async function done(node: TestNode, account: string, mrn: string, act: ActName, fields: ActFields = {}): Promise<void> {
  assert.deepEqual((await node.act(account, mrn, act, fields)).kind, 'done', `${account} ${act}`)
}

const stateOf = async (node: TestNode, account: string, mrn: string) => (await node.view(account, mrn))?.status.code
/** The states at departure, transit and destination. */
const states = async (mrn: string) => [
  await stateOf(al, 'durres', mrn),
  await stateOf(xk, 'vermice', mrn),
  await stateOf(xk, 'prizren', mrn),
]
const ops = async (mrn: string) => (await ledgerOf(al.db, grn)).filter((entry) => entry.mrn === mrn).map(({ op }) => op)

async function timersUntil(days: number): Promise<void> {
  aheadMs = days * dayMs
  for (const node of [al, xk]) while (await node.casework.nextTimer((error) => assert.fail(String(error))));
  await Promise.all([al.settle(), xk.settle()])
}

const waits = async (account: string, mrn: string, node = al) => {
  const { items } = await node.casework.movements(node.account(account), { q: mrn, page: 1, pageSize: 5 })
  return items[0]?.needsAct
}

test('invalidated after the release: both sides end, the guarantee is free, the arrival is refused', async () => {
  const mrn = await onTheWay()
  assert.equal(await waits('durres', mrn), false, 'that it may be invalidated is no call to act')
  await al.post('adria', corridorXml('invalidation-request', { sender: declarant, mrn }))
  assert.equal(await waits('durres', mrn), true)
  await done(al, 'durres', mrn, 'refuse-invalidation', { motivation: 'The truck has left' })
  assert.equal(await stateOf(al, 'durres', mrn), 'released')
  await al.post('adria', corridorXml('invalidation-request', { sender: declarant, mrn }))
  await done(al, 'durres', mrn, 'invalidate', { text: 'The truck has returned' })
  assert.deepEqual(await carry(), ['CD010C'], 'one for the administration, and none is refused')
  assert.deepEqual(await states(mrn), ['invalidated', 'cancelled', 'cancelled'])
  assert.deepEqual(await ops(mrn), ['lock', 'cancel'])
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  assert.deepEqual(errorsOf((await xk.lastSent('CC057C')).doc), [`/*/TransitOperation/MRN 92 N0051 ${mrn}`])
})

async function withDiscrepancies(): Promise<string> {
  const mrn = await onTheWay()
  await done(xk, 'vermice', mrn, 'cross', { passageDate: clock().toISOString().slice(0, 10) })
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  await done(xk, 'prizren', mrn, 'permit-unloading')
  await xk.post('sharr', corridorXml('unloading-remarks', { sender: consignee, mrn }))
  await done(xk, 'prizren', mrn, 'record-results', { controlResult: 'B1', stateOfSeals: '0', text: 'two short' })
  await carry()
  assert.deepEqual(await states(mrn), ['discrepancies', 'closed', 'waiting-discrepancies'])
  return mrn
}

test('discrepancies that departure resolves, and such that stay', async () => {
  const mrn = await withDiscrepancies()
  await done(al, 'durres', mrn, 'resolve-discrepancies', { text: 'The rest came later' })
  assert.deepEqual(await carry(), ['CD049C'])
  assert.deepEqual(await states(mrn), ['written-off', 'closed', 'goods-released'])
  assert.deepEqual(await ops(mrn), ['lock', 'credit'])
  const open = await withDiscrepancies()
  await done(al, 'durres', open, 'start-recovery', { text: 'Two cartons are gone' })
  assert.deepEqual(await carry(), ['CD049C', 'CD063C'])
  assert.deepEqual(await states(open), ['under-recovery', 'closed', 'discrepancies-unsolved'])
  await done(xk, 'prizren', open, 'release-goods', { withheld: '1' })
  assert.equal(text((await xk.lastSent('CC025C')).doc, 'TransitOperation.releaseIndicator'), '2')
  assert.deepEqual(await ops(open), ['lock'])
  await done(al, 'durres', open, 'record-payment', { collectionDate: clock().toISOString().slice(0, 10) })
  assert.deepEqual(await states(open), ['recovered', 'closed', 'goods-released'])
  assert.deepEqual(await ops(open), ['lock', 'credit'])
})

test('a movement that never arrives: limit, status request, enquiry, the holder, recovery after seven months, all by itself', async () => {
  const mrn = await onTheWay()
  await timersUntil(20)
  assert.deepEqual(await carry(), ['CD094C', 'CD094C', 'CD095C', 'CD095C', 'CD142C', 'CD142C'])
  assert.equal(await stateOf(al, 'durres', mrn), 'enquiry')
  assert.equal(await waits('prizren', mrn, xk), true)
  await done(xk, 'prizren', mrn, 'answer-enquiry', { responseCode: '2' })
  await done(xk, 'vermice', mrn, 'answer-enquiry', { responseCode: '2' })
  assert.equal(await waits('prizren', mrn, xk), false)
  assert.deepEqual(await carry(), ['CD143C', 'CD143C'])
  assert.equal(await stateOf(al, 'durres', mrn), 'holder-asked')
  assert.equal((await al.lastSent('CC140C')).recipient, declarant)
  await timersUntil(60)
  assert.equal(await stateOf(al, 'durres', mrn), 'enquiry-ended')
  assert.equal(await waits('durres', mrn), true)
  await timersUntil(230)
  assert.deepEqual(await carry(), ['CD063C'])
  assert.equal(await stateOf(al, 'durres', mrn), 'under-recovery')
  const claim = (await al.lastSent('CC035C')).doc
  assert.equal(text(claim, 'RecoveryNotification.amountClaimed'), '5000.00')
  await done(al, 'durres', mrn, 'request-recovery', { text: 'Incurred at Prizren' })
  await carry()
  await done(xk, 'prizren', mrn, 'accept-recovery')
  await carry()
  assert.equal(await stateOf(al, 'durres', mrn), 'recovery-transferred')
  await done(al, 'durres', mrn, 'record-payment', { collectionDate: clock().toISOString().slice(0, 10) })
  assert.deepEqual(await carry(), ['CD152C'])
  assert.deepEqual(await states(mrn), ['recovered', 'expected', 'expected'])
  assert.deepEqual(await ops(mrn), ['lock', 'credit'])
  aheadMs = 0
})

test('the holder answers, information is exchanged, and the goods arrive after all: the enquiry ends', async () => {
  const mrn = await onTheWay()
  await timersUntil(20)
  await carry()
  await done(xk, 'prizren', mrn, 'ask-information', { requestedInformation: '2' })
  await carry()
  await done(al, 'durres', mrn, 'give-information', { informationCode: '02', text: 'Sharr Cargo, Prizren' })
  await done(al, 'durres', mrn, 'ask-holder')
  await al.post('adria', corridorXml('holder-answer', { sender: declarant, mrn }))
  await carry()
  assert.equal(await stateOf(al, 'durres', mrn), 'enquiry-ended')
  await done(al, 'durres', mrn, 'enquire')
  await carry()
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  const types = await carry()
  assert.equal(types.filter((type) => type === 'CD059C').length, 2)
  assert.deepEqual(await states(mrn), ['arrived', 'closed', 'arrived'])
  assert.equal(await waits('vermice', mrn, xk), false)
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
  aheadMs = 0
})
