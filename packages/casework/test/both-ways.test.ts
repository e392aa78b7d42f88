/** The corridor the other way: Kosovo is departure, Albania keeps the guarantee and is destination, by the normal procedure. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { text } from '@corridor/procedures'
import { ledgerOf } from '@corridor/registry'
import { carrier, consignee, corridorXml, declarant, newLrn, put, startNode, type TestNode } from './nodes.ts'

const grn = '26AL0009010000037'

let al: TestNode
let xk: TestNode

before(async () => {
  ;[al, xk] = await Promise.all([startNode('al'), startNode('xk')])
  carry = carrier(xk, al)
})
after(() => Promise.all([al.stop(), xk.stop()]))

let carry: () => Promise<string[]>

const declaration = (): string => {
  const xml = corridorXml('declaration', { sender: consignee, lrn: newLrn(), grn })
  return xml
    .replaceAll('AL000101', 'DEPARTURE')
    .replaceAll('XK000301', 'AL000101')
    .replaceAll('DEPARTURE', 'XK000301')
    .replaceAll('XK000201', 'AL000202')
    .replace('<countryOfDispatch>AL', '<countryOfDispatch>XK')
    .replace('<countryOfDestination>XK', '<countryOfDestination>AL')
    .replace('ALDRZ', 'XKPRN')
}

const normalArrival = (mrn: string): string =>
  put(corridorXml('arrival', { sender: declarant, mrn }), 'simplifiedProcedure', '0')
    .replace(/<Authorisation>[\s\S]*<\/Authorisation>\s*/, '')
    .replaceAll('XK000301', 'AL000101')
    .replace(
      /<typeOfLocation>[\s\S]*<\/authorisationNumber>/,
      '<typeOfLocation>A</typeOfLocation><qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice><referenceNumber>AL000101</referenceNumber></CustomsOffice>',
    )

test('from Kosovo to Albania on a guarantee that Albania keeps', async () => {
  await xk.post('sharr', declaration())
  assert.deepEqual(await carry(), ['CD200C', 'CD201C'])
  const mrn = text((await xk.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? ''
  assert.match(mrn, /^26XK/)
  assert.equal((await xk.view('prizren-departures', mrn))?.status.code, 'accepted')
  assert.equal((await al.view('tirana', mrn))?.status.code, 'checked')

  assert.equal((await xk.act('prizren-departures', mrn, 'release', { controlResult: 'A1' })).kind, 'done')
  assert.deepEqual(await carry(), ['CD203C', 'CD205C', 'CD001C', 'CD050C'])
  assert.equal((await xk.view('prizren-departures', mrn))?.status.code, 'released')

  assert.equal((await al.act('morine', mrn, 'cross', { passageDate: '2026-11-24' })).kind, 'done')
  assert.deepEqual(await carry(), ['CD118C'])
  assert.equal((await xk.view('prizren-departures', mrn))?.status.code, 'crossed')

  await al.post('adria', normalArrival(mrn))
  assert.deepEqual(await carry(), ['CD006C', 'CD024C'])
  assert.equal((await al.view('morine', mrn))?.status.code, 'closed')
  assert.deepEqual(
    (await al.view('durres-arrivals', mrn))?.acts.map(({ act }) => act),
    ['record-results', 'query'],
  )
  assert.equal((await al.act('durres-arrivals', mrn, 'record-results', { controlResult: 'A1' })).kind, 'done')
  assert.deepEqual(await carry(), ['CD018C', 'CD209C'])
  assert.equal((await xk.view('prizren-departures', mrn))?.status.code, 'written-off')
  assert.equal((await al.view('tirana', mrn))?.status.code, 'credited')
  assert.deepEqual(
    (await ledgerOf(al.db, grn)).map(({ op, amount, lockedAfter }) => [op, amount, lockedAfter]),
    [
      ['open', '9000.00', '0.00'],
      ['lock', '5000.00', '5000.00'],
      ['credit', '5000.00', '0.00'],
    ],
  )
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})
