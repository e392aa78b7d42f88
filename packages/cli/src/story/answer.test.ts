import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds, keptOf } from './answer.ts'

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

test('what is kept of an answer is found by its path', () => {
  const answer = { number: 3, files: [{ id: '7' }] }
  assert.deepEqual(keptOf(answer, { version: 'number', copy: 'files.0.id' }), { version: '3', copy: '7' })
  assert.throws(() => keptOf(answer, { copy: 'files.1.id' }), /no “files.1.id”/)
  assert.throws(() => keptOf(answer, { copy: 'files' }), /no “files”/)
})
