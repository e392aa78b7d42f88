import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Doc } from '@corridor/customs'
import { forAll } from '../../customs/test/random.ts'
import { putAt, textAt } from '../src/doc.ts'
import { mirror, type MirrorFacts, together } from '../src/index.ts'
import { exampleExport } from './example.ts'
import { blocks, imports } from './tables.ts'

const facts: MirrorFacts = {
  currency: 'USD',
  rates: [
    { currency: 'ZAR', perUnit: '16', validTo: '2026-11-01' },
    { currency: 'ZAR', perUnit: '20', validFrom: '2026-11-02' },
  ],
  day: '2026-11-30',
  tolerance: { massPercent: '2', valuePercent: '5', travelDays: 10 },
}
const item = 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem'
const hasAttributes = (element: string): boolean => blocks.element(`${element}/@currencyID`) !== undefined

function changed(block: Doc, changes: Record<string, string>): Doc {
  const copy = structuredClone(block)
  for (const [path, value] of Object.entries(changes)) putAt(copy, path, value, hasAttributes)
  return copy
}

/** An export, and an import of the same. */
function pair(number: number): [Doc, Doc] {
  const exported = changed(exampleExport(), {
    'Declaration/ID': `E ${number}`,
    'Declaration/GoodsShipment/UCR/ID': `6SZ200300400-${number}`,
  })
  const outcome = imports.importFrom(exported, { country: 'ZA' })
  if (outcome.kind !== 'draft') throw new Error('no draft')
  return [
    exported,
    changed(outcome.draft, {
      'Declaration/ID': `I ${number}`,
      'Declaration/AcceptanceDateTime': '2026-11-05T10:00:00',
    }),
  ]
}

test('what is the same on both sides agrees, in mass and in the value of the report', () => {
  const [exported, imported] = pair(1)
  const report = mirror([exported], [imported], facts)
  assert.deepEqual(report.pairs, [
    {
      ucr: '6SZ200300400-1',
      state: 'agrees',
      exports: ['E 1'],
      imports: ['I 1'],
      exported: { netMass: '20400.25', value: '2410.03' },
      imported: { netMass: '20400.25', value: '2410.03' },
      differences: [],
    },
  ])
  assert.deepEqual(report.chapters, [
    {
      chapter: '20',
      exported: { netMass: '20400.25', value: '2410.03', items: 2 },
      imported: { netMass: '20400.25', value: '2410.03', items: 2 },
    },
  ])
  assert.deepEqual(report.counts, {
    agrees: 1,
    differs: 0,
    'not-compared': 0,
    'no-import': 0,
    'no-export': 0,
    'on-the-way': 0,
  })
})

test('mass, value and code that differ are told, of the consignment and of each code', () => {
  const [exported, imported] = pair(1)
  const less = changed(imported, {
    [`${item}[1]/Commodity/GoodsMeasure/NetNetWeightMeasure`]: '12000.25',
    [`${item}[1]/Commodity/InvoiceLine/ItemChargeAmount`]: '20000.50',
    [`${item}[2]/Commodity/Classification[1]/ID`]: '200989',
  })
  const [only] = mirror([exported], [less], facts).pairs
  assert.equal(only?.state, 'differs')
  assert.deepEqual(
    only?.differences.map(({ kind, subheading, exported, imported, percent }) => [
      kind,
      subheading,
      exported,
      imported,
      percent,
    ]),
    [
      ['mass', undefined, '20400.25', '15300.25', '25.0'],
      ['value', undefined, '2410.03', '1410.03', '41.5'],
      ['mass', '200820', '17100.25', '12000.25', '29.8'],
      ['value', '200820', '2000.03', '1000.03', '50.0'],
      ['code', '200912', '3300', '0', '100.0'],
      ['code', '200989', '0', '3300', undefined],
    ],
  )
})

test('a difference within the tolerance is none; one gram more is one', () => {
  const [exported, imported] = pair(1)
  const base = {
    [`${item}[1]/Commodity/GoodsMeasure/NetNetWeightMeasure`]: '100',
    [`${item}[2]/Commodity/GoodsMeasure/NetNetWeightMeasure`]: '100',
  }
  const first = changed(exported, base)
  const state = (mass: string): string | undefined =>
    mirror(
      [first],
      [changed(imported, { ...base, [`${item}[1]/Commodity/GoodsMeasure/NetNetWeightMeasure`]: mass })],
      facts,
    ).pairs[0]?.state
  assert.deepEqual(['102', '98', '102.001', '97.999'].map(state), ['agrees', 'agrees', 'differs', 'differs'])
})

test('what is missing on a side is told, but not before the goods can have arrived', () => {
  const [exported, imported] = pair(1)
  const [late] = pair(2)
  const [early] = pair(3)
  const travelling = changed(early, { 'Declaration/AcceptanceDateTime': '2026-11-20T08:00:00' })
  const [, alone] = pair(4)
  const { pairs } = mirror([exported, late, travelling], [imported, alone], facts)
  assert.deepEqual(
    pairs.map(({ state }) => state),
    ['agrees', 'no-import', 'on-the-way', 'no-export'],
  )
})

test('what cannot be compared is in no sum, and named', () => {
  const [exported, imported] = pair(1)
  const strange = changed(imported, { [`${item}[1]/Commodity/InvoiceLine/ItemChargeAmount/@currencyID`]: 'XTS' })
  const cancelled = changed(pair(9)[0], { 'Declaration/FunctionCode': '1' })
  const { unusable, notCounted, pairs } = mirror([exported, structuredClone(exported), cancelled], [strange], facts)
  assert.deepEqual(unusable, [{ side: 'import', declaration: 'I 1', why: 'no-rate', value: 'XTS', path: `${item}[1]` }])
  assert.deepEqual(notCounted, [
    { side: 'export', declaration: 'E 1', why: 'again' },
    { side: 'export', declaration: 'E 9', why: 'cancelled' },
  ])
  assert.deepEqual(
    pairs.map(({ state }) => state),
    ['not-compared'],
  )
  assert.equal(pairs[0]?.exports.length, 1)
})

test('the report does not depend on the order of the declarations, and its chapters add up to its consignments', (t) => {
  const all = Array.from({ length: 12 }, (_, at) => pair(at))
  forAll(t, 20, (drawn) => {
    const shuffled = <T>(list: readonly T[]): T[] =>
      list
        .map((each) => [drawn.next(), each] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, each]) => each)
    const spoil = (block: Doc): Doc =>
      changed(block, {
        [`${item}[1]/Commodity/GoodsMeasure/NetNetWeightMeasure`]: `${drawn.whole(1, 20_000)}.${drawn.whole(0, 999)}`,
      })
    const [exports, made] = [
      all.map(([first]) => first),
      all.map(([, second]) => spoil(second)).filter(() => drawn.next() < 0.8),
    ]
    const report = mirror(exports, made, facts)
    assert.deepEqual(mirror(shuffled(exports), shuffled(made), facts), report)
    const parts = report.pairs.map(({ ucr }) => {
      const ofUcr = (list: readonly Doc[]) =>
        list.filter((block) => textAt(block, 'Declaration/GoodsShipment/UCR/ID') === ucr)
      return mirror(ofUcr(exports), ofUcr(made), facts)
    })
    assert.deepEqual(together(parts, facts.currency), report)
    const cents = (text: string): bigint => BigInt(text.replace('.', ''))
    const sumOf = (
      side: 'exported' | 'imported',
      parts: readonly { exported: { value: string }; imported: { value: string } }[],
    ): bigint => parts.reduce((sum, part) => sum + cents(part[side].value), 0n)
    for (const side of ['exported', 'imported'] as const)
      assert.equal(sumOf(side, report.chapters), sumOf(side, report.pairs))
  })
})
