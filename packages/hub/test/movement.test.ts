import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeGrn, makeMrn } from '@corridor/customs'
import { type KeptCopy, loadMeanings, movementOf, type Said } from '../src/index.ts'

const mrn = makeMrn('26', 'CM', 'ABCDEFGH0001', 'J')
const grn = makeGrn('26', 'CM', '000901000001')
let serial = 0

/** What the member of a country told at an hour of the day. */
function told(country: string, messageType: string, hour: number, elements: Record<string, Said> = {}): KeptCopy {
  const id = String(++serial)
  const time = new Date(Date.UTC(2026, 10, 24, hour)).toISOString()
  return {
    id,
    messageId: `${id}@${country.toLowerCase()}.example`,
    messageType,
    sender: `DGD.${country}`,
    country,
    recipient: null,
    mrn,
    time,
    elements,
  }
}

const route = {
  officeOfDeparture: ['CM000101'],
  officeOfDestination: ['TD000301'],
  officesOfTransit: ['CF000201', 'CF000202'],
}
const lock = { guarantee: [{ grn, amount: '1500000.00', currency: 'XAF' }] }

const whole = (): KeptCopy[] => [
  told('CM', 'departure.accepted', 8, route),
  told('CM', 'CD203C', 9, lock),
  told('CM', 'departure.released', 10, { ...route, releaseDate: ['2026-11-24'], limitDate: ['2026-12-02'] }),
  told('CF', 'CD118C', 15, { officeOfCrossing: ['CF000201'] }),
  told('TD', 'CD006C', 20, { officeOfArrival: ['TD000301'], arrivedAt: ['2026-11-24T19:30:00'] }),
  told('CM', 'CD209C', 22, { guarantee: [{ grn }] }),
  told('CM', 'departure.written-off', 22, { state: ['written-off'] }),
]

const read = (copies: readonly KeptCopy[]) => movementOf(copies, loadMeanings())

test('the copies of a movement say where it is, one after the other', () => {
  const states = whole().map((_, at) => {
    const { state, guarantees } = read(whole().slice(0, at + 1))
    return `${state} ${guarantees.map(({ amount, inUse }) => `${amount} ${inUse}`).join()}`.trim()
  })
  assert.deepEqual(states, [
    'accepted',
    'accepted 1500000.00 false',
    'released 1500000.00 true',
    'crossed 1500000.00 true',
    'arrived 1500000.00 true',
    'arrived 1500000.00 false',
    'written-off 1500000.00 false',
  ])
  assert.deepEqual(read(whole()), {
    mrn,
    departure: 'CM',
    destination: 'TD',
    transit: ['CF'],
    officeOfDeparture: 'CM000101',
    officeOfDestination: 'TD000301',
    arrivedIn: 'TD',
    state: 'written-off',
    releasedAt: '2026-11-24T10:00:00.000Z',
    limitDate: '2026-12-02',
    arrivedAt: '2026-11-24T19:30:00.000Z',
    endedAt: '2026-11-24T22:00:00.000Z',
    lastToldAt: '2026-11-24T22:00:00.000Z',
    guarantees: [{ grn, country: 'CM', currency: 'XAF', amount: '1500000.00', inUse: false }],
    contradictions: [],
  })
})

test('in whatever order they come, they say the same', () => {
  const copies = whole()
  const once = read(copies)
  for (let turn = 0; turn < 200; turn++) {
    const shuffled = copies.toSorted(
      (a, b) => ((Number(a.id) * 7919 * (turn + 3)) % 97) - ((Number(b.id) * 7919 * (turn + 3)) % 97),
    )
    assert.deepEqual(read(shuffled), once)
  }
})

test('a copy of a later step alone says what it can', () => {
  const { state, destination, departure, arrivedIn } = read([
    told('TD', 'CD006C', 20, { officeOfArrival: ['TD000301'], arrivedAt: ['2026-11-24T19:30:00'] }),
  ])
  assert.deepEqual(
    { state, destination, departure, arrivedIn },
    { state: 'arrived', destination: null, departure: 'CM', arrivedIn: 'TD' },
  )
})

test('a member cannot say what only another may: it does not count, and it is shown', () => {
  const forged = told('GA', 'departure.released', 11, { ...route, limitDate: ['2027-01-01'] })
  const { state, limitDate, contradictions } = read([told('CM', 'departure.accepted', 8, route), forged])
  assert.equal(state, 'accepted')
  assert.equal(limitDate, null)
  assert.deepEqual(contradictions, [
    { kind: 'not-theirs', about: 'departure.released', said: [{ by: 'DGD.GA', value: 'departure' }] },
    { kind: 'not-on-route', about: 'departure.released', said: [{ by: 'DGD.GA', value: 'departure.released' }] },
  ])
})

test('an arrival in somebody else’s office is not believed', () => {
  const { state, contradictions } = read([
    ...whole().slice(0, 3),
    told('CF', 'CD006C', 12, { officeOfArrival: ['TD000301'] }),
  ])
  assert.equal(state, 'released')
  assert.deepEqual(
    contradictions.map(({ kind }) => kind),
    ['not-theirs'],
  )
})

test('what two members say differently is shown with both', () => {
  const { contradictions, limitDate } = read([
    ...whole(),
    told('TD', 'CD018C', 21, { officeOfArrival: ['TD000301'], limitDate: ['2026-12-09'] }),
  ])
  assert.equal(limitDate, '2026-12-02')
  assert.deepEqual(contradictions, [
    {
      kind: 'differs',
      about: 'limitDate',
      said: [
        { by: 'DGD.CM', value: '2026-12-02' },
        { by: 'DGD.TD', value: '2026-12-09' },
      ],
    },
  ])
})

test('one message told in two ways, two ends, an arrival before the release: all are shown', () => {
  const copies = whole()
  const twice = { ...copies[3]!, id: '999', elements: { officeOfCrossing: ['CF000202'] } }
  const kinds = read([
    ...copies,
    twice,
    told('CM', 'departure.invalidated', 23),
    told('TD', 'destination.arrived', 9, { officeOfArrival: ['TD000301'] }),
  ]).contradictions.map(({ kind }) => kind)
  assert.deepEqual(kinds, ['told-twice', 'two-ends', 'arrived-before-release'])
})

test('goods that were diverted arrived where that office says', () => {
  const { arrivedIn, destination, contradictions } = read([
    ...whole().slice(0, 3),
    told('CG', 'CD006C', 20, { officeOfArrival: ['CG000301'], arrivedAt: ['2026-11-24T19:30:00'] }),
  ])
  assert.deepEqual(
    { arrivedIn, destination, contradictions },
    { arrivedIn: 'CG', destination: 'TD', contradictions: [] },
  )
})

test('amounts: several lines of one guarantee are one; a later request replaces; rubbish counts for nothing', () => {
  const other = makeGrn('26', 'CM', '000901000002')
  const first = [
    told('CM', 'departure.released', 10, route),
    told('CM', 'CD203C', 9, {
      guarantee: [...lock.guarantee, ...lock.guarantee, { grn: 'rubbish', amount: '1', currency: 'XAF' }],
    }),
  ]
  assert.deepEqual(
    read(first).guarantees.map(({ amount }) => amount),
    ['3000000.00'],
  )
  const { guarantees } = read([
    ...first,
    told('CM', 'CD203C', 11, {
      guarantee: [
        { grn, amount: '7.5', currency: 'XAF' },
        { grn: other, amount: '1e9', currency: 'XAF' },
      ],
    }),
  ])
  assert.deepEqual(guarantees, [{ grn, country: 'CM', currency: 'XAF', amount: '7.5', inUse: true }])
})

test('a movement that is enquired about is so until its goods are found', () => {
  const enquired = [...whole().slice(0, 3), told('CM', 'departure.enquiry-started', 16)]
  assert.equal(read(enquired).state, 'enquiry')
  assert.equal(read([...enquired, told('TD', 'CD006C', 20, { officeOfArrival: ['TD000301'] })]).state, 'arrived')
})
