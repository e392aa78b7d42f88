/** Whatever comes, and whatever breaks: nothing is half done, and nothing is lost. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { text, texts } from '@corridor/procedures'
import {
  accepted,
  consignee,
  corridorXml,
  declaration,
  directoryOf,
  errorsOf,
  law,
  newLrn,
  put,
  readDocument,
  released,
  startNode,
  type TestNode,
} from './nodes.ts'

let al: TestNode
let xk: TestNode
/** While true, each node believes that the partner's offices belong to an administration that it has no link with. */
let broken = false

const unreliable = (id: 'al' | 'xk', foreign: string) => {
  const directory = directoryOf(id)
  return {
    ...directory,
    office: (reference: string) => {
      const office = directory.office(reference)
      return broken && office !== undefined && reference === foreign ? { ...office, party: 'NTA.MK' } : office
    },
  }
}

before(async () => {
  ;[al, xk] = await Promise.all([
    startNode('al', unreliable('al', 'XK000201')),
    startNode('xk', unreliable('xk', 'AL000101')),
  ])
})
after(() => Promise.all([al.stop(), xk.stop()]))

/** Everything that a decision may have written. */
const everything = (node: TestNode) =>
  node.db.query(
    `select (select jsonb_agg(m order by id) from (select id, state, version, data from movement) m) as movements,
      (select count(*) from outbox) as sent,
      (select jsonb_agg(g order by grn) from (select grn, locked from guarantee) g) as guarantees,
      (select count(*) from guarantee_transaction) as entries,
      (select count(*) from journal where kind = 'movement') as notes`,
  )

test('a decision that fails in the middle leaves nothing; when the mistake is mended, a person lets it go on', async () => {
  const mrn = await accepted(al)
  assert.equal((await al.act('durres', mrn, 'control', { typeOfControls: '10' })).kind, 'done')
  broken = true
  // The use of the guarantee is decided (hold, CD205C); the release that follows is to tell an office that cannot be told.
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A1' })).kind, 'done')
  const view = await al.view('durres', mrn)
  assert.deepEqual([view?.status.code, view?.trouble.map(({ code }) => code)], ['awaiting-guarantee', ['not-handled']])
  const parked = await al.parked()
  assert.deepEqual(
    parked.map(({ document_type }) => document_type),
    ['CD205C'],
  )
  assert.match(parked[0]?.reason ?? '', /unknown-partner.*NTA\.MK/)
  for (const type of ['CC029C', 'CD001C', 'CD050C'])
    assert.ok(
      !(await al.sent()).some((sent) => sent.type === type && text(sent.doc, 'TransitOperation.MRN') === mrn),
      type,
    )
  broken = false
  const [row] = await al.db.query<{ id: string }>(`select id::text from inbox where state = 'parked'`)
  assert.ok(await al.exchange.retryParked('inbox', row?.id ?? '', 'operator'))
  await al.settle()
  assert.equal((await al.view('durres', mrn))?.status.code, 'released')
  const sent = (await al.sent()).filter(({ doc }) => text(doc, 'TransitOperation.MRN') === mrn).map(({ type }) => type)
  assert.deepEqual(sent.slice(-3), ['CC029C', 'CD001C', 'CD050C'])
})

test('an act that fails in the middle leaves nothing, not even its key', async () => {
  const { mrn, CD050C } = await released(al)
  await xk.take('CD050C', CD050C, { conversation: mrn })
  const before = await everything(xk)
  const key = randomUUID()
  const cross = () => xk.act('vermice', mrn, 'cross', { passageDate: '2026-11-24' }, { key })
  broken = true
  await assert.rejects(cross(), /unknown-partner/)
  broken = false
  assert.deepEqual(await everything(xk), before)
  assert.equal((await cross()).kind, 'done')
})

test('a notice for two of our offices, one of which is too early, leaves nothing at the other while it waits', async () => {
  const { mrn, CD050C } = await released(al)
  await xk.take('CD050C', CD050C, { conversation: mrn })
  const advice = law.messages.get('CD024C')!.write({
    messageSender: 'NTA.AL',
    messageRecipient: 'NTA.XK',
    preparationDateAndTime: '2026-11-24T14:00:00',
    messageIdentification: 'X1',
    messageType: 'CD024C',
    TransitOperation: { MRN: mrn, arrivalDateAndTimeActual: '2026-11-24T14:00:00' },
    CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
    CustomsOfficeOfDestinationDeclared: { referenceNumber: 'XK000301' },
    CustomsOfficeOfDestinationActual: { referenceNumber: 'XK000301' },
    CustomsOfficeOfTransitDeclared: [
      { sequenceNumber: '1', referenceNumber: 'XK000201' },
      { sequenceNumber: '2', referenceNumber: 'XK000202' },
    ],
  })
  const before = await everything(xk)
  await xk.db.transaction(async (tx) => {
    const handled = await xk.casework.handle(tx, {
      id: '0',
      sender: 'NTA.AL',
      messageId: 'x1@al.test',
      link: 'partner',
      recipient: 'NTA.XK',
      conversation: mrn,
      documentType: 'CD024C',
      payload: advice,
      tries: 0,
      waits: 0,
      lastTry: false,
      receivedAt: new Date('2026-11-24T14:00:00Z'),
      payloadDigest: Buffer.alloc(32),
    })
    assert.deepEqual(handled, { wait: { reason: 'transit is in state -' } })
  })
  assert.deepEqual(await everything(xk), before)
  // Nobody announces the movement to the second office: at the last try the first one is told, the second refuses.
  await xk.take('CD024C', advice, { conversation: mrn })
  assert.equal((await xk.view('vermice', mrn))?.status.code, 'closed')
  assert.deepEqual(errorsOf((await xk.lastSent('CD906C')).doc), [`/*/TransitOperation/MRN 90 90 ${mrn}`])
})

const hostile: [name: string, value: string][] = [
  ['markup', '</descriptionOfGoods><script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['SQL', "'; drop table movement; -- \\'); delete from guarantee; $$"],
  ['templates', '{{grn}} ${process.exit()} %s %n $1 $& <%= 1 %> @{x}'],
  ['direction', 'safe\u202Egnp.exe\u202C \u2066x\u2069 \u061C\u200F'],
  ['invisible', 'a\u200B\uFEFF\u00ADb\u2028c\u2029d'],
  ['astral', '𝒜𝓅𝓅𝓁𝑒𝓈 🍎🍏'.repeat(30)],
  ['combining', `e${'\u0301'.repeat(511)}`],
  ['Arabic', 'تفاح طازج'.repeat(20)],
  ['JSON', '{"__proto__":{"admin":true},"constructor":"\\u0000"}'],
]

test('hostile text in a free text is carried as it is, to the partner and to the screen', async () => {
  for (const [name, value] of hostile) {
    const xml = declaration().replace('Apples, fresh', () => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
    const mrn = await accepted(al, xml)
    assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done', name)
    const { payload } = await al.lastSent('CD001C')
    const descriptions = texts(
      readDocument('CD001C', payload),
      'Consignment.HouseConsignment.ConsignmentItem.Commodity.descriptionOfGoods',
    )
    assert.equal(descriptions[0], value, name)
    assert.equal((await al.view('durres', mrn))?.goods[0]?.description, value, name)
  }
  assert.deepEqual(await al.parked(), [])
})

test('searching with hostile words finds what has them, and nothing else', async () => {
  const search = async (q: string) =>
    (await al.casework.movements(al.account('durres'), { q, page: 1, pageSize: 100 })).total
  const lrn = 'L%_\\\'"<b>;--'
  await al.post('adria', declaration({ lrn: lrn.replace('<', '&lt;') }))
  assert.equal(await search(lrn), 1)
  assert.equal(await search('L%'), 1)
  for (const q of ["' or 1=1 --", '\\', '%%', '\u202E', 'x'.repeat(100), '"']) assert.ok((await search(q)) <= 1, q)
})

test('whatever stands in whichever element of a declaration, there is an answer, and nothing is given up', async () => {
  const values = ['', ' ', '&lt;b&gt; ]]&gt; &#x202E;', `e${'\u0301'.repeat(10_000)}`, '𝒜'.repeat(600), '<x/>']
  const names = [...new Set([...declaration().matchAll(/<(\w+)>[^<]+</g)].map(([, name = '']) => name))]
  assert.ok(names.length > 40)
  const [before] = await al.db.query<{ n: number }>('select count(*) as n from outbox where link = $1', ['mailbox'])
  let posted = 0
  for (const name of names) {
    const batch = values.map((value) => put(declaration({ lrn: newLrn() }), name, value))
    await Promise.all(batch.map((xml) => al.casework.submitTraderMessage(al.account('adria'), Buffer.from(xml))))
    posted += batch.length
  }
  await al.settle()
  assert.deepEqual(await al.parked(), [])
  // `sent` reads each: it is what it says it is.
  const answers = (await al.sent()).filter(({ type }) => ['CC917C', 'CC056C', 'CC028C'].includes(type))
  assert.ok(answers.length > 0)
  const [now] = await al.db.query<{ n: number }>('select count(*) as n from outbox where link = $1', ['mailbox'])
  assert.ok((now?.n ?? 0) - (before?.n ?? 0) >= posted, `${posted} documents were posted`)
})

test('hostile values in the documents of the consignee and of the partner are answered too', async () => {
  const { mrn, CD001C } = await released(al)
  await xk.take('CD001C', CD001C, { conversation: mrn })
  const values = ['', "';--", '\u202E', '𝒜'.repeat(40), '<x/>', 'a  b', '26AL', 'x'.repeat(600)]
  const templates: [string, (xml: string) => Promise<unknown>][] = [
    [corridorXml('arrival', { sender: consignee, mrn }), (xml) => xk.post('sharr', xml)],
    [corridorXml('unloading-remarks', { sender: consignee, mrn }), (xml) => xk.post('sharr', xml)],
    [CD001C.toString(), (xml) => xk.take('CD001C', Buffer.from(xml), { conversation: mrn })],
  ]
  for (const [template, send] of templates)
    for (const name of ['MRN', 'messageIdentification', 'messageSender', 'messageType', 'referenceNumber'])
      await Promise.all(values.map((value) => send(put(template, name, value))))
  assert.deepEqual(await xk.parked(), [])
  await xk.sent()
})
