/** Every rule that a message table cites is evaluated in every message that cites it, or it is written down why not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadCoverage } from '../tools/rule-coverage.ts'

const { rules, byKind, byMessage } = loadCoverage()

test('no rule is left open, and none is evaluated only in some of its messages', () => {
  assert.deepEqual(
    rules.filter(({ state }) => state === 'open').map(({ id }) => id),
    [],
  )
  const partly = rules.filter(({ state, open }) => (state === 'done' || state === 'needs-fact') && open.length > 0)
  assert.deepEqual(
    partly.filter(({ kind }) => kind === 'C' || kind === 'R').map(({ id, open }) => [id, ...open]),
    [],
  )
})

test('all conditions and rules but one are evaluated', () => {
  const { all: conditions, exception: none } = byKind.get('C')!
  assert.deepEqual([conditions, none], [81, 0])
  const { all, exception } = byKind.get('R')!
  assert.deepEqual([all, exception], [65, 1])
})

test('every exception has a reason and is of a rule that is cited', () => {
  for (const { id, state, reasons } of rules)
    if (state === 'exception' || state === 'guidance') assert.ok(reasons.every(Boolean) && reasons.length > 0, id)
})

test('the counts of a message add up', () => {
  const { all, ...states } = byMessage.get('CC015C')!
  assert.equal(
    Object.values(states).reduce((sum, count) => sum + count, 0),
    all,
  )
  assert.ok(all > 100)
})
