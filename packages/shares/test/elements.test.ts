/** Nothing leaves that a contract does not name: tried with every element, and with documents made to get something through. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Block } from '@corridor/declarations'
import { chance } from '../../customs/test/random.ts'
import { chanceBlock } from '../../declarations/test/chance-blocks.ts'
import { exampleExport } from '../../declarations/test/example.ts'
import { blocks } from '../../declarations/test/tables.ts'
import { always, beyond, expanded, leavesOf, missingFor, withOnly } from '../src/index.ts'

const edition = blocks.newest
const leaves = leavesOf(blocks, edition)

/** A block with every element, each saying its own path. */
function everything(): Block {
  const root: Block = {}
  for (const path of leaves) {
    let at = root
    const steps = path.split('/')
    for (const [depth, name] of steps.entries()) {
      if (depth === steps.length - 1) {
        const hasAttributes = leaves.some((leaf) => leaf.startsWith(`${path}/@`))
        at[name] = hasAttributes ? { '#text': `secret(${path})` } : `secret(${path})`
      } else {
        const next = (at[name] ??= {})
        at = next as Block
      }
    }
  }
  return root
}
const said = (block: Block): Set<string> =>
  new Set([...JSON.stringify(block).matchAll(/secret\(([^)]*)\)/g)].map(([, path]) => path ?? ''))

test('of a block with every element, exactly those that are named are left, whichever they are', () => {
  const drawn = chance(4711)
  const full = everything()
  assert.deepEqual(said(full), new Set(leaves))
  for (let times = 0; times < 300; times++) {
    const likely = drawn.next()
    const named = leaves.filter(() => drawn.next() < likely)
    const left = withOnly(full, named)
    assert.deepEqual(said(left), new Set(named))
    assert.deepEqual(beyond(left, named), [])
  }
  assert.deepEqual(withOnly(full, []), {})
  for (const each of leaves) assert.deepEqual(said(withOnly(full, [each])), new Set([each]))
  assert.deepEqual(said(full), new Set(leaves), 'the given block is as it was')
})

test('of repeated groups each is minimised', () => {
  const named = ['Declaration/GoodsShipment/GovernmentAgencyGoodsItem/Commodity/Description']
  const left = withOnly(exampleExport(), named)
  const items = ((left['Declaration'] as Block)['GoodsShipment'] as Block)['GovernmentAgencyGoodsItem'] as Block[]
  assert.equal(items.length, 2)
  for (const item of items) {
    assert.deepEqual(Object.keys(item), ['Commodity'])
    assert.deepEqual(Object.keys(item['Commodity'] as Block), ['Description'])
  }
})

test('what tries to get through under another shape or name does not', () => {
  const named = [
    'WCOTypeName',
    'Declaration/ID',
    'Declaration/InvoiceAmount',
    'Declaration/Exporter/Name',
    'Declaration/GoodsShipment/GovernmentAgencyGoodsItem/SequenceNumeric',
  ]
  const tries: unknown[] = [
    { Declaration: 'secret(a)', WCOTypeName: { ID: 'secret(b)', '@x': 'secret(c)' } },
    { declaration: { ID: 'secret(a)' }, 'Declaration/ID': 'secret(b)', 'Declaration ': { ID: 'secret(c)' } },
    { '': 'secret(a)', '#text': 'secret(b)', Declaration: { '': { ID: 'secret(c)' }, '#text': 'secret(d)' } },
    { Declaration: { ID: { ID: 'secret(a)', '#text': ['secret(b)'] } } },
    { Declaration: { InvoiceAmount: { '@currencyID': 'secret(a)', '#text': { ID: 'secret(b)' } } } },
    { Declaration: [{ Exporter: [{ ID: 'secret(a)', Address: { Name: 'secret(b)' } }, 'secret(c)'] }, 'secret(d)'] },
    { Declaration: { Exporter: { Name: { '#text': { Name: 'secret(a)' } } } } },
    { Declaration: { GoodsShipment: { GovernmentAgencyGoodsItem: [[{ SequenceNumeric: 'secret(a)' }], null, 5] } } },
    JSON.parse('{"__proto__":{"ID":"secret(a)"},"constructor":{"ID":"secret(b)"}}'),
    JSON.parse('{"Declaration":{"__proto__":{"ID":"secret(a)","Exporter":{"Name":"secret(b)"}}}}'),
    Object.create({ WCOTypeName: 'secret(a)', Declaration: { ID: 'secret(b)' } }),
    { Declaration: { ID: 5, Exporter: { Name: null }, toString: 'secret(a)', valueOf: { Name: 'secret(b)' } } },
  ]
  for (const each of tries) {
    const left = withOnly(each as Block, named)
    assert.deepEqual(said(left), new Set(), JSON.stringify(each))
    assert.equal(Object.getPrototypeOf(left), Object.prototype)
  }
  assert.equal(({} as Record<string, unknown>)['ID'], undefined)
})

test('what says more than a contract has is found', () => {
  const named = leaves.filter((leaf) => leaf !== 'Declaration/Exporter/Address/Line')
  assert.deepEqual(beyond(everything(), named), ['Declaration/Exporter/Address/Line'])
  assert.deepEqual(beyond({ Declaration: { ID: 'x', extra: [{ y: 'z' }] } }, leaves), ['Declaration/extra/y'])
  assert.deepEqual(beyond({ 'Declaration/ID': 'x' }, leaves), ['"Declaration/ID"'])
  assert.deepEqual(beyond({ Declaration: { InvoiceAmount: { '#text': '1', '@other': 'x' } } }, leaves), [
    'Declaration/InvoiceAmount/@other',
  ])
})

test('what no contract may leave out is what must be there, and nothing that may be left out', () => {
  for (const { edition } of blocks.editions) {
    const least = always(blocks, edition)
    assert.ok(least.includes('Declaration/TypeCode') && !least.includes('Declaration/AcceptanceDateTime'))
    const missing = missingFor(blocks, edition, least)
    assert.deepEqual(missing, ['Declaration/Declarant'], 'name or number of the declarant is for people to choose')
    assert.deepEqual(missingFor(blocks, edition, [...least, 'Declaration/Declarant/ID']), [])
  }
})

test('a group stands for all below it; what is unknown stays as it was named', () => {
  const exporter = expanded(blocks, edition, ['Declaration/Exporter', 'Declaration/Nobody', 'Declaration/Export'])
  assert.deepEqual(exporter, [
    'Declaration/Export',
    ...leaves.filter((leaf) => leaf.startsWith('Declaration/Exporter/')).toSorted(),
    'Declaration/Nobody',
  ])
  assert.equal(
    leavesOf(blocks, '1.0').some((leaf) => leaf.startsWith('Declaration/GoodsShipment/Buyer')),
    false,
    'an older edition has less',
  )
})

test('with what may not be left out, what is left is a block that can be read; without any of it, it is named', () => {
  const drawn = chance(815)
  for (let times = 0; times < 100; times++) {
    let named = leaves.filter(() => drawn.next() < 0.3)
    for (
      let missing = missingFor(blocks, edition, named);
      missing.length > 0;
      missing = missingFor(blocks, edition, named)
    )
      named = expanded(blocks, edition, [...named, ...missing])
    const left = withOnly(chanceBlock(drawn, 1), named)
    const structural = blocks.check(left).filter(({ kind }) => kind === 'xml')
    assert.deepEqual(
      structural.map(({ path, rule }) => `${path} ${rule}`),
      [],
    )
  }
  assert.ok(missingFor(blocks, edition, ['Declaration/ID']).includes('Declaration/TypeCode'))
  assert.ok(missingFor(blocks, edition, []).includes('WCOTypeName'))
})
