import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds, memberOf } from './answer.ts'

const answer = { at: '2026-12-01', lists: [{ id: 'CL1', n: 1 }, { id: 'CL2', n: null }] } // prettier-ignore

for (const wanted of [
  {},
  { at: '2026-12-01' },
  { lists: [{ id: 'CL2' }] },
  { lists: [{ id: 'CL2', n: null }, { n: 1 }] },
])
  test(`in the answer: ${JSON.stringify(wanted)}`, () => assert.ok(holds(answer, wanted)))

for (const wanted of [
  { at: '2026-12-02' },
  { on: '2026-12-01' },
  { lists: [{ id: 'CL1', n: 2 }] },
  { at: {} },
  { lists: {}, at: [] },
])
  test(`not in the answer: ${JSON.stringify(wanted)}`, () => assert.ok(!holds(answer, wanted)))

test('a member inside of another', () => {
  assert.equal(memberOf({ a: { b: 2 } }, 'a.b'), 2)
  assert.equal(memberOf({ a: {} }, 'a.b.c'), undefined)
})
