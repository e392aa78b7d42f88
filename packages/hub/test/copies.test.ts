import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Doc } from '@corridor/customs'
import { copyOf, readCopy, readCopyTable, type RegionalCopy, writeCopy } from '../src/index.ts'
import { messages, table } from './copies.ts'

const about = {
  messageType: 'CD001C',
  messageId: 'a@cm.example',
  sender: 'DGD.CM',
  recipient: 'DGD.TD',
  mrn: '26CM9QRSTUVWXYZAJ0',
  time: '2026-11-30T10:00:00.000Z',
}

/** A release with everything in it that must not get out. */
const release: Doc = {
  messageSender: 'DGD.CM',
  TransitOperation: { MRN: about.mrn, releaseDate: '2026-11-30', declarationType: 'T1' },
  CustomsOfficeOfDeparture: { referenceNumber: 'CM000101' },
  CustomsOfficeOfDestinationDeclared: { referenceNumber: 'TD000301' },
  CustomsOfficeOfTransitDeclared: [
    { sequenceNumber: '1', referenceNumber: 'CF000201' },
    { sequenceNumber: '2', referenceNumber: 'CF000202' },
  ],
  HolderOfTheTransitProcedure: {
    identificationNumber: 'CM12345678',
    name: 'Secret Holder Sarl',
    Address: { streetAndNumber: 'Rue Secrète 1', city: 'Douala', country: 'CM' },
  },
  Guarantee: {
    guaranteeType: '1',
    GuaranteeReference: { GRN: '26CM0009010000019', accessCode: 'Zq7x', amountConcerned: '100.00', currency: 'XAF' },
  },
  Consignment: {
    HouseConsignment: {
      Consignee: { name: 'Secret Consignee' },
      ConsignmentItem: { Commodity: { descriptionOfGoods: 'Secret goods' } },
    },
  },
}

const header = 'message type\telement path\tname\twhy\n'
const faultOf = (line: string): string => {
  try {
    readCopyTable(header + line, messages, 'copies.tsv')
  } catch (error) {
    return (error as Error).message
  }
  return assert.fail('it was read')
}

test('only what was agreed is in a copy: no name, no address, no goods, no access code', () => {
  const bytes = writeCopy(copyOf(table, about, release))
  const text = Buffer.from(bytes).toString()
  assert.doesNotMatch(text, /Secret|Rue|Douala|Zq7x|CM12345678|GRN|guarantee/)
  assert.deepEqual(readCopy(table, bytes), {
    ...about,
    elements: {
      officeOfDeparture: ['CM000101'],
      officeOfDestination: ['TD000301'],
      officesOfTransit: ['CF000201', 'CF000202'],
      releaseDate: ['2026-11-30'],
    },
  })
})

test('members of a group stay together', () => {
  const use = copyOf(table, { ...about, messageType: 'CD203C' }, release)
  assert.deepEqual(use.elements, { guarantee: [{ grn: '26CM0009010000019', amount: '100.00', currency: 'XAF' }] })
})

test('what is wrong with the table is said with its line', () => {
  for (const [line, said] of [
    ['CD999C\tTransitOperation.MRN\tmrn\tw', /copies.tsv, line 2: “CD999C” is no message and no event/],
    ['CD001C\tTransitOperation.nothing\tx\tw', /line 2: CD001C has no element TransitOperation.nothing/],
    ['CD001C\tHolderOfTheTransitProcedure\tholder\tw', /no element HolderOfTheTransitProcedure with a value/],
    ['CD001C\tTransitOperation.MRN\tmrn\t', /does not say why/],
    ['CD001C\tTransitOperation.MRN\tthe mrn\tw', /is no name/],
    ['CD203C\tGuarantee.GuaranteeReference.accessCode\tguarantee.code\tw', /an access code is never copied/],
    ['departure.left\tbirthday\tx\tw', /has no element birthday/],
    ['elsewhere.released\tstate\tx\tw', /is no message and no event/],
    ['CD001C\tTransitOperation.MRN\ta\tw\nCD001C\tTransitOperation.security\ta\tw', /line 3: CD001C has a already/],
    [
      'CD203C\tGuarantee.GuaranteeReference.GRN\tg.a\tw\nCD203C\tGuarantee.guaranteeType\tg.b\tw',
      /line 3: g.b and g.a must be of one group/,
    ],
  ] as [string, RegExp][])
    assert.match(faultOf(line), said)
  assert.throws(() => readCopyTable('message type\tname\n', messages, 'copies.tsv'), /no column element path, why/)
})

test('a copy that says more than was agreed is refused, and so is one that is none', () => {
  const copy = copyOf(table, about, release)
  const change = (more: object) => Buffer.from(JSON.stringify({ version: 1, ...copy, ...more }))
  const elements = (more: object) => change({ elements: { ...copy.elements, ...more } })
  for (const [bytes, said] of [
    [elements({ holder: ['Secret'] }), /“holder” was not agreed for CD001C/],
    [Buffer.from(writeCopy(copy).toString()), /no JSON/],
    [elements({ officeOfDeparture: 'CM000101' }), /no list/],
    [elements({ officeOfDeparture: [] }), /no list/],
    [elements({ officeOfDeparture: [{ name: 'Secret' }] }), /what was not agreed/],
    [elements({ officeOfDeparture: ['x'.repeat(513)] }), /no value/],
    [
      Buffer.from(JSON.stringify({ version: 1, ...copy }).replace('"elements":{', '"elements":{"__proto__":["x"],')),
      /__proto__/,
    ],
    [change({ version: 2 }), /version 1/],
    [change({ comment: 'x' }), /“comment” is no member/],
    [change({ messageType: 'CD018D' }), /nothing is copied of “CD018D”/],
    [change({ mrn: '26CM' }), /is no MRN/],
    [change({ time: '2026-02-30T10:00:00.000Z' }), /is no time/],
    [change({ sender: 'a b' }), /sender is no party/],
    [change({ messageId: '' }), /no id/],
    [Buffer.from('[]'), /no JSON object/],
    [Buffer.from([0xff]), /no JSON object/],
    [Buffer.alloc(70_000, ' '), /70000 bytes/],
  ] as [Uint8Array, RegExp][]) {
    const read = readCopy(table, bytes)
    assert.ok('refused' in read, String(said))
    assert.match(read.refused, said)
  }
  const use: RegionalCopy = {
    ...about,
    messageType: 'CD203C',
    elements: { guarantee: [{ grn: 'x', accessCode: 'Zq7x' }] },
  }
  assert.match(JSON.stringify(readCopy(table, writeCopy(use))), /what was not agreed/)
})
