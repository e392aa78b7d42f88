/** What is known of unavailable systems, and what it does to timers: pure, so every edge is a line here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  afterNotices,
  choicesOf,
  countriesOnRoute,
  putOffUntil,
  type Unavailability,
  unavailableAt,
} from '../src/index.ts'
import { law } from './stage.ts'

const unavailability = (more: Partial<Unavailability> = {}): Unavailability => ({
  country: 'XK',
  type: 'U',
  functionality: 'T',
  startsAt: '2026-11-24T10:00:00',
  endsAt: null,
  explanation: '02',
  text: null,
  fallback: null,
  fallbackText: null,
  ...more,
})
const now = '2026-11-24T14:00:00'

test('it begins with its first second and is over with its last', () => {
  const known = [unavailability({ endsAt: '2026-11-24T14:00:00' })]
  assert.equal(unavailableAt(known, '2026-11-24T09:59:59').length, 0)
  assert.equal(unavailableAt(known, '2026-11-24T10:00:00').length, 1)
  assert.equal(unavailableAt(known, '2026-11-24T13:59:59').length, 1)
  assert.equal(unavailableAt(known, now).length, 0)
})

const puts: [says: string, known: Unavailability[], countries: string[], due: string | undefined][] = [
  ['nothing is known', [], ['XK'], undefined],
  ['no end: looked at again a day later', [unavailability()], ['XK'], '2026-11-25T14:00:00'],
  [
    'over soon: a day after the end',
    [unavailability({ endsAt: '2026-11-24T20:00:00' })],
    ['XK'],
    '2026-11-25T20:00:00',
  ],
  ['over in a day to the second', [unavailability({ endsAt: '2026-11-25T14:00:00' })], ['XK'], '2026-11-26T14:00:00'],
  ['over later: looked at again', [unavailability({ endsAt: '2026-11-25T14:00:01' })], ['XK'], '2026-11-25T14:00:00'],
  ['to come', [unavailability({ startsAt: '2026-11-24T14:00:01' })], ['XK'], undefined],
  ['over now: what it kept has a day to come', [unavailability({ endsAt: now })], ['XK'], '2026-11-25T14:00:00'],
  [
    'over for a day but a second',
    [unavailability({ startsAt: '2026-11-23T10:00:00', endsAt: '2026-11-23T14:00:01' })],
    ['XK'],
    '2026-11-24T14:00:01',
  ],
  [
    'over for a day',
    [unavailability({ startsAt: '2026-11-23T10:00:00', endsAt: '2026-11-23T14:00:00' })],
    ['XK'],
    undefined,
  ],
  [
    'one over, another to come',
    [unavailability({ endsAt: '2026-11-24T12:00:00' }), unavailability({ startsAt: '2026-11-24T18:00:00' })],
    ['XK'],
    '2026-11-25T12:00:00',
  ],
  ['another country', [unavailability()], ['MK', 'RS'], undefined],
  ['one country of several', [unavailability()], ['MK', 'XK'], '2026-11-25T14:00:00'],
  ['guarantees only', [unavailability({ functionality: 'G' })], ['XK'], undefined],
  ['a service that is not there at all', [unavailability({ type: 'N' })], ['XK'], undefined],
  [
    'of two the one that ends later counts',
    [unavailability({ endsAt: '2026-11-24T15:00:00' }), unavailability({ type: 'S', endsAt: '2026-11-24T20:00:00' })],
    ['XK'],
    '2026-11-25T20:00:00',
  ],
]
for (const [says, known, countries, due] of puts)
  test(`put off: ${says}`, () => assert.equal(putOffUntil(known, countries, now)?.due, due))

test('notices: what has the name is replaced or taken away, and a notice about nothing known changes nothing else', () => {
  const first = unavailability()
  const ended = unavailability({ endsAt: now })
  const other = unavailability({ country: 'MK' })
  const after = (operation: 'C' | 'U' | 'D', said: Unavailability, known = [first, other]) =>
    afterNotices(known, [{ operation, unavailability: said }])
  assert.deepEqual(after('U', ended), [ended, other])
  assert.deepEqual(after('C', ended), [ended, other])
  assert.deepEqual(after('D', ended), [other])
  assert.deepEqual(after('D', unavailability({ type: 'S' })), [first, other])
  assert.deepEqual(after('U', unavailability({ type: 'S' })), [first, other, unavailability({ type: 'S' })])
})

test('the countries on the route are those of the declared offices and of those that were given the record', () => {
  const record = {
    CustomsOfficeOfTransitDeclared: [{ referenceNumber: 'MK000401' }, { referenceNumber: 'XK000201' }],
    CustomsOfficeOfDestinationDeclared: { referenceNumber: 'XK000301' },
  }
  const diverted = [{ role: 'transit' as const, office: 'RS000001' }]
  assert.deepEqual(countriesOnRoute({ record, diverted }), ['MK', 'XK', 'RS'])
  assert.deepEqual(countriesOnRoute({}), [])
})

test('the result A3 is for an authorised consignor’s goods, and not for TIR (R0910, R0912)', () => {
  const offered = (record?: object) =>
    choicesOf(law, { list: 'departure-result' }, record === undefined ? undefined : { data: { record: { ...record } } })
      .map(({ code }) => code)
      .join(' ')
  const Authorisation = [{ sequenceNumber: '1', type: 'C521', referenceNumber: 'A' }]
  assert.equal(offered({ Authorisation, TransitOperation: { declarationType: 'T1' } }), 'A1 A2 A3')
  assert.equal(offered({ Authorisation, TransitOperation: { declarationType: 'TIR' } }), 'A1 A2')
  assert.equal(offered({ TransitOperation: { declarationType: 'T1' } }), 'A1 A2')
  assert.equal(offered(), 'A1 A2')
})
