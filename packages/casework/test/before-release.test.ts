/** Declarations before their release, in the database: without an MRN at first, amended, invalidated, overdue. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { text } from '@corridor/procedures'
import {
  accepted,
  clock,
  corridorXml,
  declarant,
  declaration,
  errorsOf,
  newLrn,
  put,
  startNode,
  type TestNode,
} from './nodes.ts'

let al: TestNode
let aheadMs = 0

before(async () => {
  al = await startNode('al', undefined, { clock: () => new Date(clock().getTime() + aheadMs) })
})
after(() => al.stop())

const lodge = async (lrn: string) => al.post('adria', put(declaration({ lrn }), 'additionalDeclarationType', 'D'))
const row = async (lrn: string) => {
  const { items } = await al.casework.movements(al.account('durres'), { q: lrn, page: 1, pageSize: 10 })
  return items.find((item) => item.lrn === lrn) ?? assert.fail(lrn)
}
const ofDeclarant = (name: string, values: Record<string, string>) =>
  corridorXml(name, { sender: declarant, ...values })
const nextTimer = () => al.casework.nextTimer((error) => assert.fail(String(error)))

test('a pre-lodged declaration is seen without an MRN, and under the same reference when it has one', async () => {
  const lrn = newLrn()
  const other = newLrn()
  await lodge(lrn)
  await lodge(other)
  const { mrn: reference, status } = await row(lrn)
  assert.deepEqual([reference.slice(0, 2), status.code], ['PL', 'pre-lodged'])
  assert.notEqual((await row(other)).mrn, reference, 'two without an MRN are two')
  const page = (await al.view('durres', reference)) ?? assert.fail()
  assert.deepEqual([page.lrn, page.timers.map(({ timer }) => timer)], [lrn, ['presentation']])
  assert.deepEqual(
    page.messages.map(({ type }) => type),
    ['CC015C', 'CC928C'],
  )
  const mail = await al.casework.mailbox(al.account('adria'), undefined, 100)
  assert.deepEqual(
    mail.filter((item) => item.lrn === lrn).map(({ type, mrn }) => [type, mrn]),
    [['CC928C', null]],
  )
  await al.post('adria', ofDeclarant('presentation', { lrn }))
  const now = (await al.view('durres', reference)) ?? assert.fail()
  assert.match(now.mrn, /^\d\dAL/)
  assert.deepEqual([now.status.code, now.timers], ['accepted', []])
  assert.ok(['CC015C', 'CC170C', 'CC028C', 'CD200C'].every((type) => now.messages.some((one) => one.type === type)))
  assert.deepEqual((await al.view('durres', now.mrn))?.messages, now.messages)
  assert.deepEqual((await al.view('durres', (await row(other)).mrn))?.status.code, 'pre-lodged')
})

test('goods that are not presented within thirty days: the declarant is told under his LRN', async () => {
  const lrn = newLrn()
  await lodge(lrn)
  const { mrn: reference } = await row(lrn)
  aheadMs = 31 * 86_400_000
  while (await nextTimer());
  assert.equal((await al.view('durres', reference))?.status.code, 'invalidated')
  const told = await al.lastSent('CC009C')
  assert.equal(text(told.doc, 'TransitOperation.LRN'), lrn)
  aheadMs = 0
})

test('an amendment is compared with the declaration, under the rules that need it', async () => {
  const lrn = newLrn()
  const mrn = await accepted(al, declaration({ lrn }))
  const amendment = (flag: string, change = (xml: string) => xml) =>
    change(
      declaration({ lrn })
        .replaceAll('CC015C', 'CC013C')
        .replace(/<LRN>.*<\/LRN>/, `<MRN>${mrn}</MRN>`)
        .replace('</bindingItinerary>', `$&<amendmentTypeFlag>${flag}</amendmentTypeFlag>`),
    )
  await al.post(
    'adria',
    amendment('1', (xml) => put(xml, 'grossMass', '13790')),
  )
  assert.deepEqual(errorsOf((await al.lastSent('CC056C')).doc), ['/CC013C/Consignment 14 R0520 -'])
  await al.post(
    'adria',
    amendment('0', (xml) => put(xml, 'grossMass', '13790')),
  )
  assert.equal(text((await al.lastSent('CC004C')).doc, 'TransitOperation.MRN'), mrn)
  const page = (await al.view('durres', mrn)) ?? assert.fail()
  assert.equal(page.status.code, 'accepted')
  assert.ok(page.audit.some(({ code }) => code === 'amended'))
  assert.equal(page.messages.filter(({ type }) => type === 'CD200C').length, 2)
})

test('the office invalidates; what is invalidated is over', async () => {
  const mrn = await accepted(al)
  assert.equal((await al.act('durres', mrn, 'invalidate', { text: '' })).kind, 'invalid')
  assert.equal((await al.act('durres', mrn, 'invalidate', { text: 'Declared twice' })).kind, 'done')
  const page = (await al.view('durres', mrn)) ?? assert.fail()
  assert.deepEqual([page.status.code, page.acts], ['invalidated', []])
  await al.post('adria', ofDeclarant('invalidation-request', { mrn }))
  assert.deepEqual(errorsOf((await al.lastSent('CC056C')).doc), [`/*/TransitOperation/MRN 92 92 ${mrn}`])
})

test('the declarant invalidates before a control, and asks for the release after one', async () => {
  const mrn = await accepted(al)
  assert.equal((await al.act('durres', mrn, 'control', { typeOfControls: '10' })).kind, 'done')
  await al.post('adria', ofDeclarant('invalidation-request', { mrn }))
  assert.equal(text((await al.lastSent('CC009C')).doc, 'Invalidation.decision'), '0')
  await al.post('adria', ofDeclarant('release-request', { mrn }))
  assert.ok((await al.view('durres', mrn))?.audit.some(({ code }) => code === 'release-requested'))
  const free = await accepted(al)
  await al.post('adria', ofDeclarant('invalidation-request', { mrn: free }))
  assert.equal(text((await al.lastSent('CC009C')).doc, 'Invalidation.decision'), '1')
  assert.equal((await al.view('durres', free))?.status.code, 'invalidated')
})
