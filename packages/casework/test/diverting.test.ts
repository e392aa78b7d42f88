/** Paths between the offices after release, with both nodes' databases: diversions. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeMrn } from '@corridor/customs'
import { text } from '@corridor/procedures'
import { accepted, carrier, consignee, corridorXml, declaration, put, startNode, type TestNode } from './nodes.ts'

let al: TestNode
let xk: TestNode
let carry: (held?: readonly string[]) => Promise<string[]>

before(async () => {
  ;[al, xk] = await Promise.all([startNode('al'), startNode('xk')])
  carry = carrier(al, xk)
})
after(() => Promise.all([al.stop(), xk.stop()]))

const status = async (node: TestNode, account: string, mrn: string): Promise<string | undefined> =>
  (await node.view(account, mrn))?.status.code

/** A released movement that Kosovo knows, or a part of its announcements. */
async function released(held: readonly string[] = [], xml = declaration()): Promise<string> {
  const mrn = await accepted(al, xml)
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  await carry(held)
  return mrn
}

const arrivalAt = (mrn: string, office: string): string =>
  corridorXml('arrival', { sender: consignee, mrn }).replace('<referenceNumber>XK000301', `<referenceNumber>${office}`)

test('an office of transit that does not hold the record asks for it by its MRN, and notifies the crossing', async () => {
  const mrn = await released()
  assert.equal(await xk.view('krusha', mrn), undefined)
  assert.equal((await xk.act('krusha', mrn, 'cross', { passageDate: '2026-11-24' })).kind, 'not-found')
  const asked = await xk.act('krusha', mrn, 'request-record')
  assert.ok(asked.kind === 'done')
  assert.equal(asked.movement.status.code, 'requested')
  assert.deepEqual(
    asked.movement.route.map(({ role, office }) => [role, office.ref]),
    [['transit', 'XK000202']],
  )
  assert.deepEqual(await carry(), ['CD114C', 'CD115C'])
  const view = await xk.view('krusha', mrn)
  assert.deepEqual([view?.status.code, view?.goods.length, view?.vehicle?.plate], ['expected', 3, 'AA366XF'])
  const asking = view?.messages.map(({ type }) => type).filter((type) => type !== 'CD050C')
  assert.deepEqual(asking, ['CD114C', 'CD115C'])
  assert.equal((await xk.act('krusha', mrn, 'cross', { passageDate: '2026-11-24' })).kind, 'done')
  assert.deepEqual(await carry(), ['CD118C'])
  const departs = await al.view('durres', mrn)
  assert.equal(departs?.status.code, 'crossed')
  assert.deepEqual(
    departs?.route.map(({ office }) => office.ref),
    ['AL000101', 'XK000201', 'XK000202', 'XK000301'],
  )
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  await carry()
  assert.deepEqual([await status(xk, 'krusha', mrn), await status(xk, 'vermice', mrn)], ['closed', 'closed'])
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})

test('a request is refused with its reason, and may be made again; twice at once makes one request', async () => {
  const mrn = await accepted(al)
  const twice = await Promise.all([
    xk.act('krusha', mrn, 'request-record', {}, { version: 0 }),
    xk.act('krusha', mrn, 'request-record', {}, { version: 0 }),
  ])
  assert.deepEqual(twice.map(({ kind }) => kind).sort(), ['conflict', 'done'])
  assert.deepEqual(await carry(), ['CD114C', 'CD115C'])
  assert.equal(await status(xk, 'krusha', mrn), 'refused')
  assert.equal(text((await al.lastSent('CD115C')).doc, 'TransitOperation.requestRejectionReasonCode'), '5')
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  assert.equal((await xk.act('krusha', mrn, 'request-record')).kind, 'done')
  await carry()
  assert.equal(await status(xk, 'krusha', mrn), 'expected')

  const unknown = makeMrn('26', 'AL', 'NOBODYKNOWS1', 'J')
  assert.equal((await xk.act('krusha', unknown, 'request-record')).kind, 'done')
  assert.deepEqual(await carry(), ['CD114C', 'CD115C'])
  assert.equal(text((await al.lastSent('CD115C')).doc, 'TransitOperation.requestRejectionReasonCode'), '1')
  assert.equal((await xk.act('krusha', makeMrn('26', 'DE', 'NOBODYKNOWS1', 'J'), 'request-record')).kind, 'conflict')
  assert.equal((await xk.act('krusha', 'NOMRN', 'request-record')).kind, 'not-found')
})

test('an arrival at another office than declared: its record comes, the declared office is closed', async () => {
  const mrn = await released()
  await xk.post('sharr', arrivalAt(mrn, 'XK000302'))
  assert.equal(await status(xk, 'peja', mrn), 'requested')
  assert.deepEqual(await carry(), ['CD002C', 'CD003C', 'CD006C', 'CD024C'])
  assert.deepEqual(
    [await status(xk, 'peja', mrn), await status(xk, 'prizren', mrn), await status(al, 'durres', mrn)],
    ['arrived', 'closed', 'arrived'],
  )
  assert.equal((await xk.act('peja', mrn, 'permit-unloading')).kind, 'done')
  const remarks = corridorXml('unloading-remarks', { sender: consignee, mrn }).replace('XK000301', 'XK000302')
  await xk.post('sharr', remarks)
  assert.equal((await xk.act('peja', mrn, 'record-results', { controlResult: 'A1', stateOfSeals: '1' })).kind, 'done')
  await carry()
  assert.equal(await status(al, 'durres', mrn), 'written-off')
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})

test('the announcement that was late is the record; a movement that is not released is refused to the trader', async () => {
  const mrn = await released(['CD001C'])
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  assert.equal(await status(xk, 'prizren', mrn), 'requested')
  await carry(['CD002C'])
  assert.equal(await status(xk, 'prizren', mrn), 'arrived')
  await carry()
  assert.equal(await status(xk, 'prizren', mrn), 'arrived')

  const early = await accepted(al)
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn: early }))
  assert.deepEqual(await carry(), ['CD002C', 'CD003C'])
  const told = (await xk.lastSent('CC057C')).doc
  assert.deepEqual(
    [text(told, 'FunctionalError.errorReason'), text(told, 'correlationIdentifier')?.slice(0, 1)],
    ['N0035', 'M'],
  )
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})

test('N0015: only the administration that allocated the MRN answers for it', async () => {
  const mrn = makeMrn('26', 'XK', 'OFKOSOVO0001', 'J')
  const doc = (await al.sent()).find(({ type }) => type === 'CD115C')?.doc ?? assert.fail()
  const { TransitOperation: _, ...rest } = doc
  await xk.take('CD115C', { ...rest, TransitOperation: { MRN: mrn, requestRejectionReasonCode: '1' } })
  assert.equal(text((await xk.lastSent('CD906C')).doc, 'FunctionalError.errorReason'), 'N0015')
})

const place = { place: 'R7, km 12', postcode: '20000', city: 'Prizren' }

test('an incident is registered once, reaches departure, the holder and the offices that are left, and changes what they show', async () => {
  const mrn = await released()
  const fields = {
    code: '3',
    text: 'Gearbox',
    identificationNumber: '01-234-AB',
    nationality: 'XK',
    seals: 'XK-1 XK-2',
    ...place,
  }
  for (const [wrong, field] of [
    [{ ...fields, nationality: 'ZZ' }, 'nationality'],
    [{ ...fields, seals: 'X'.repeat(21) }, 'seals'],
    [{ ...fields, code: '1' }, 'code'],
    [{ ...fields, text: '' }, 'text'],
  ] as const) {
    const refused = await xk.act('vermice', mrn, 'register-transhipment', wrong)
    assert.deepEqual(refused.kind === 'invalid' && refused.errors.map((error) => error.field), [field])
  }
  assert.equal((await xk.act('vermice', mrn, 'register-transhipment', fields)).kind, 'done')
  const control = { controlResult: 'A1', text: 'Counted', ...place }
  assert.equal((await xk.act('vermice', mrn, 'record-control', control)).kind, 'done')
  assert.deepEqual(await carry(), ['CD180C', 'CD180C', 'CD181C', 'CD181C'])
  for (const [node, account] of [
    [al, 'durres'],
    [xk, 'vermice'],
    [xk, 'prizren'],
  ] as const) {
    const view = await node.view(account, mrn)
    assert.deepEqual(
      [view?.seals, view?.vehicle?.plate, view?.incidents.map(({ code }) => code)],
      [['XK-1', 'XK-2'], '01-234-AB', ['3', '7']],
      account,
    )
  }
  assert.equal(
    (await al.sent()).filter(({ type, recipient }) => type === 'CC182C' && recipient === 'ALL12345678A').length,
    2,
  )
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  assert.equal(
    (await xk.act('prizren', mrn, 'register-incident', { code: '5', text: 'Late', ...place })).kind,
    'conflict',
  )
  await carry()
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})

test('a movement query, and a request for the state of the records', async () => {
  const mrn = await released(['CD001C'])
  assert.equal((await xk.act('krusha', mrn, 'query')).kind, 'done')
  assert.deepEqual(await carry(['CD001C']), ['CD027C', 'CD038C'])
  const seen = await xk.view('krusha', mrn)
  assert.deepEqual(
    [seen?.status.code, seen?.goods.length, seen?.acts.map(({ act }) => act)],
    ['queried', 3, ['request-record', 'query']],
  )
  assert.equal(seen?.audit.at(-1)?.detail, 'released')
  assert.equal((await al.act('durres', mrn, 'ask-status')).kind, 'done')
  assert.deepEqual(await carry(['CD001C']), ['CD094C', 'CD094C', 'CD095C', 'CD095C'])
  const told = (await al.view('durres', mrn))?.audit.filter(({ code }) => code === 'status-told')
  assert.deepEqual(told?.map(({ detail }) => detail).sort(), ['XK000201 expected', 'XK000301 UNK'])
  await carry()
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})

test('exit for transit: announced at release, left, closed by the arrival; cancelled by an invalidation', async () => {
  const xml = put(declaration(), 'security', '2')
    .replace(
      '<HolderOfTheTransitProcedure>',
      '<CustomsOfficeOfExitForTransitDeclared><sequenceNumber>1</sequenceNumber><referenceNumber>XK000203</referenceNumber></CustomsOfficeOfExitForTransitDeclared>$&',
    )
    .replace(
      '</DepartureTransportMeans>',
      `$&<CountryOfRoutingOfConsignment><sequenceNumber>1</sequenceNumber><country>XK</country></CountryOfRoutingOfConsignment>
      <ActiveBorderTransportMeans><sequenceNumber>1</sequenceNumber><customsOfficeAtBorderReferenceNumber>XK000201</customsOfficeAtBorderReferenceNumber>
      <typeOfIdentification>30</typeOfIdentification><identificationNumber>AA366XF</identificationNumber><nationality>AL</nationality></ActiveBorderTransportMeans>`,
    )
  const mrn = await released([], xml)
  assert.equal(mrn[16], 'K')
  assert.deepEqual([await status(xk, 'vermice', mrn), await status(xk, 'hani-exit', mrn)], ['expected', 'expected'])
  assert.deepEqual(
    (await al.view('durres', mrn))?.route.map(({ role, office }) => `${role} ${office.ref}`),
    ['departure AL000101', 'transit XK000201', 'exit XK000203', 'destination XK000301'],
  )
  assert.equal((await xk.act('hani-exit', mrn, 'leave', { passageDate: '2026-11-24' })).kind, 'done')
  assert.deepEqual(await carry(), ['CD168C'])
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  await carry()
  assert.deepEqual([await status(xk, 'vermice', mrn), await status(xk, 'hani-exit', mrn)], ['closed', 'closed'])

  const other = await released([], put(xml, 'LRN', 'EXIT-INVALIDATED'))
  const view = await al.view('durres', other)
  assert.deepEqual(
    view?.acts.filter(({ primary }) => primary),
    [],
    'invalidate and ask-status are no next act',
  )
  assert.equal((await al.act('durres', other, 'invalidate', { text: 'The order was cancelled' })).kind, 'done')
  assert.deepEqual(await carry(), ['CD010C'])
  for (const account of ['vermice', 'hani-exit', 'prizren']) assert.equal(await status(xk, account, other), 'cancelled')
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})
