import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collapsed, toggled, toneOf, toShare, treeOf, valuesOf, withCursor } from './shares.ts'

const all = ['A', 'B/C', 'B/D/E', 'B/D/F', 'B/D', 'B/D/@unit']

test('a group of which everything is named stands for all below it', () => {
  assert.deepEqual(collapsed(['A', 'B/D', 'B/D/E', 'B/D/F', 'B/D/@unit'], all), ['A', 'B/D'])
  assert.deepEqual(collapsed(all, all), ['A', 'B'])
  assert.deepEqual(collapsed(['B/D/E', 'X/Y'], all), ['B/D/E', 'X/Y'])
})

test('a choice takes a whole group, and leaves what is always there', () => {
  const leaves = treeOf(all).at(-1)?.leaves ?? []
  assert.equal(leaves.length, 5)
  const chosen = toggled(new Set(['A']), leaves, { on: true, always: ['B/C'] })
  assert.deepEqual([...toggled(chosen, leaves, { on: false, always: ['B/C'] })], ['A', 'B/C'])
})

test('addresses, tones and values', () => {
  assert.equal(toShare({ owner: 'NTA.SZ', id: 'a@sz.example' }), '/shares/NTA.SZ/a%40sz.example')
  assert.equal(withCursor('/shares', null), '/shares')
  assert.equal(withCursor('/shares', 'a='), '/shares?cursor=a%3D')
  assert.equal(toneOf('unheard'), 'neutral')
  assert.deepEqual(valuesOf({ A: { '#text': '1', '@unit': 'kg' }, B: [{ C: '2' }] }), [
    { path: 'A', value: '1' },
    { path: 'A/@unit', value: 'kg' },
    { path: 'B[1]/C', value: '2' },
  ])
})
