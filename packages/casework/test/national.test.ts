/** Transit documents of a national system: taken once, for the trader whom they name, and answered under the number that they have there. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { text } from '@corridor/procedures'
import { declared } from '@corridor/registry'
import type { TransitOutcome } from '../src/index.ts'
import {
  accessCode,
  consignee,
  corridorXml,
  declarant,
  declaration,
  newLrn,
  put,
  readDocument,
  released,
  startNode,
  type TestNode,
} from './nodes.ts'

let al: TestNode
let xk: TestNode

before(async () => {
  ;[al, xk] = (await Promise.all(
    (['al', 'xk'] as const).map((id) => startNode(id, undefined, { nationalTransit: true })),
  )) as [TestNode, TestNode]
})
after(() => Promise.all([al.stop(), xk.stop()]))

async function hand(
  node: TestNode,
  number: string,
  xml: string,
  { event = 'released', id = randomUUID() }: { event?: string; id?: string } = {},
): Promise<TransitOutcome> {
  const source = { id: `national-${id}`, actor: 'national-system', event }
  const outcome = await node.casework.national!.take(source, number, Buffer.from(xml))
  await node.settle()
  return outcome
}

/** What waits for the system: number, kind, and of an event where it was and what became of it there. It is given with that. */
async function results(node: TestNode): Promise<{ told: string[]; documents: Map<string, Uint8Array> }> {
  const waiting = await declared.resultsWaiting(node.db, 100)
  const documents = new Map<string, Uint8Array>()
  const told = waiting.map(({ declaration: number, kind, content }) => {
    if ('document' in content) documents.set(kind, content.document)
    const note = 'note' in content ? (content.note as Record<string, string>) : {}
    return [number, kind, note['role'], note['office'], note['state']].filter(Boolean).join(' ')
  })
  for (const { number } of waiting) await declared.resultGiven(node.db, number, new Date())
  return { told, documents }
}

test('a declaration is that of its trader; what he is answered the system has too, and each event at the office', async () => {
  const lrn = newLrn()
  const id = randomUUID()
  assert.deepEqual(await hand(al, 'ALDRS 1', declaration({ lrn }), { id }), { kind: 'accepted' })
  assert.deepEqual(await hand(al, 'ALDRS 1', declaration({ lrn }), { id }), { kind: 'again' })
  const first = await results(al)
  assert.deepEqual(first.told.toSorted(), [
    'ALDRS 1 CC028C',
    'ALDRS 1 CC928C',
    'ALDRS 1 movement departure AL000101 accepted',
    'ALDRS 1 movement departure AL000101 submitted',
  ])
  const mrn = text(readDocument('CC028C', first.documents.get('CC028C')!), 'TransitOperation.MRN')!
  const mail = await al.casework.mailbox(al.account('adria'), undefined, 100)
  assert.deepEqual(mail.map(({ type }) => type).toSorted(), ['CC028C', 'CC928C'], 'and so has he')
  await al.act('durres', mrn, 'release', { controlResult: 'A2' })
  await al.settle()
  const after = await results(al)
  assert.ok(after.told.includes('ALDRS 1 CC029C'))
  assert.ok(after.told.includes('ALDRS 1 movement departure AL000101 released'))
  assert.deepEqual((await results(al)).told, [])
  const [kept] = await al.db.query<{ bytes: number }>(
    'select coalesce(sum(octet_length(document)), 0)::int as bytes from national_result',
  )
  assert.equal(kept?.bytes, 0, 'what was given is not kept twice')
})

test('handed over twice at the same moment it has one effect', async () => {
  const [id, lrn] = [randomUUID(), newLrn()]
  const xml = declaration({ lrn })
  const source = { id: `national-${id}`, actor: 'national-system', event: 'released' }
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => al.casework.national!.take(source, 'ALDRS 2', Buffer.from(xml))),
  )
  await al.settle()
  assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ['accepted', 'again', 'again'])
  const { items } = await al.casework.movements(al.account('durres'), { q: lrn, page: 1, pageSize: 10 })
  assert.equal(items.length, 1)
  await results(al)
})

test('what breaks a rule is refused to the system as to its trader; another number with the same reference is answered itself', async () => {
  const lrn = newLrn()
  await hand(al, 'ALDRS 3', put(declaration({ lrn }), 'typeOfPackages', 'Q1'))
  const refused = await results(al)
  assert.deepEqual(refused.told, ['ALDRS 3 CC056C'])
  await hand(al, 'ALDRS 4', declaration({ lrn }))
  await results(al)
  await hand(al, 'ALDRS 5', declaration({ lrn }))
  assert.deepEqual(
    (await results(al)).told.filter((each) => each.includes('CC')),
    ['ALDRS 5 CC056C'],
  )
})

test('amended and cancelled by the documents of the procedure, and by no others', async () => {
  const lrn = newLrn()
  const xml = declaration({ lrn })
  await hand(al, 'ALDRS 6', xml)
  const mrn = text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN')!
  const amendment = xml
    .replaceAll('CC015C', 'CC013C')
    .replace(/<LRN>.*<\/LRN>/, `<MRN>${mrn}</MRN>`)
    .replace('</bindingItinerary>', '$&<amendmentTypeFlag>0</amendmentTypeFlag>')
  const request = corridorXml('invalidation-request', { sender: declarant, mrn })
  for (const [document, event] of [
    [xml, 'cancelled'],
    [xml, 'amended'],
    [amendment, 'released'],
    [request, 'released'],
  ] as const) {
    const outcome = await hand(al, 'ALDRS 6', document, { event })
    assert.ok(outcome.kind === 'wrong' && outcome.findings[0]?.rule === 'event', event)
  }
  await results(al)
  assert.deepEqual(await hand(al, 'ALDRS 6', put(amendment, 'grossMass', '13790'), { event: 'amended' }), {
    kind: 'accepted',
  })
  assert.ok((await results(al)).told.includes('ALDRS 6 CC004C'))
  assert.deepEqual(await hand(al, 'ALDRS 6', request, { event: 'cancelled' }), { kind: 'accepted' })
  assert.ok((await results(al)).told.includes('ALDRS 6 movement departure AL000101 invalidated'))
})

test('what is no document of a trader about a movement stays at the system, with its place', async () => {
  const wrongs: [xml: string, rule: RegExp, path: RegExp][] = [
    ['rubbish', /^document$/, /^\/$/],
    ['<a/>', /^document$/, /^\/a$/],
    [declaration().replaceAll('CC015C', 'CD001C'), /^document$/, /CD001C/],
    [declaration().replaceAll('CC015C', 'CC034C'), /^document$/, /CC034C/],
    [declaration().replace(/<LRN>.*<\/LRN>/, '<LRN>much too long to be any reference</LRN>'), /./, /LRN \(line \d+\)$/],
    [put(declaration(), 'messageSender', 'system:aes'), /^trader$/, /messageSender$/],
    [put(declaration(), 'messageSender', 'NTA.XK'), /^trader$/, /messageSender$/],
  ]
  const before = (await al.states()).length
  for (const [xml, rule, path] of wrongs) {
    const outcome = await hand(al, 'ALDRS 7', xml)
    assert.ok(outcome.kind === 'wrong', xml.slice(0, 60))
    assert.match(outcome.findings[0]!.rule, rule)
    assert.match(outcome.findings[0]!.path, path)
    assert.notEqual(outcome.findings[0]!.remedy, '')
  }
  assert.equal((await al.states()).length, before)
  assert.deepEqual((await results(al)).told, [])
})

test('the system of the next country knows what comes before it is there, and hears what becomes of it', async () => {
  const { mrn, CD001C, CD050C } = await released(al)
  assert.deepEqual(
    (await results(al)).told.filter((each) => each.includes('CC')),
    [],
    'what a trader lodges elsewhere is his own; of the movement it is told',
  )
  await xk.take('CD050C', CD050C)
  await xk.take('CD001C', CD001C)
  const expected = await results(xk)
  assert.deepEqual(expected.told, [
    'movement transit XK000201 expected',
    'CD050C',
    'movement destination XK000301 expected',
    'CD001C',
  ])
  const record = readDocument('CD001C', expected.documents.get('CD001C')!)
  assert.equal(text(record, 'TransitOperation.MRN'), mrn)
  assert.ok(!Buffer.from(expected.documents.get('CD001C')!).includes(accessCode))
  await hand(xk, 'XKPRZ-A-1', corridorXml('arrival', { sender: consignee, mrn }))
  assert.deepEqual((await results(xk)).told, ['XKPRZ-A-1 movement destination XK000301 arrived'])
  await xk.act('prizren', mrn, 'permit-unloading')
  const permitted = (await results(xk)).told
  assert.deepEqual(permitted.toSorted(), ['XKPRZ-A-1 CC043C', 'XKPRZ-A-1 movement destination XK000301 unloading'])
})

test('a node whose system hands over no transit documents owes it nothing', async () => {
  const plain = await startNode('al')
  try {
    assert.equal(plain.casework.national, undefined)
    await released(plain)
    assert.deepEqual(await declared.resultsWaiting(plain.db, 10), [])
  } finally {
    await plain.stop()
  }
})
