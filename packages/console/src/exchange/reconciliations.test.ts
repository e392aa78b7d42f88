import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUnderWay, resultOf, toReconciliations } from './reconciliations.ts'

const run = { state: 'compared', repair: null, isSame: false, open: 0 } as const

test('a comparison is good when both sides have the same, or nothing differs any more', () => {
  assert.equal(resultOf({ ...run, isSame: true }).result, 'same')
  assert.equal(resultOf({ ...run, open: 3 }).result, 'differs')
  assert.equal(resultOf({ ...run, open: 0, repair: 'ended' }).result, 'settled')
  assert.equal(resultOf({ ...run, open: 3, repair: 'ordered' }).result, 'mending')
  assert.equal(resultOf({ ...run, state: 'refused' }).tone, 'bad')
  assert.deepEqual(
    [isUnderWay({ state: 'asked', repair: null }), isUnderWay({ state: 'compared', repair: 'ended' })],
    [true, false],
  )
})

test('the list is asked for by partner and day; what is empty is left out', () => {
  assert.equal(toReconciliations({ partner: '', day: '' }), '/exchange/reconciliation')
  assert.equal(
    toReconciliations({ partner: 'NTA.XK', day: '2026-11-30' }),
    '/exchange/reconciliation?partner=NTA.XK&day=2026-11-30',
  )
})
