/** What traders see follows from their mailbox alone, and agrees with the offices when a movement is over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { traderState } from '../src/index.ts'
import { consignee, declarant, departure, law, type Stage } from './stage.ts'
import { stageIn } from './states.ts'

const seen = (stage: Stage, trader = declarant): string =>
  traderState(
    law,
    stage.told.filter(({ to }) => 'trader' in to && to.trader === trader),
  )

test('the declarant sees the state that the documents of the office of departure tell', () => {
  const expected: Record<string, string> = {
    'pre-lodged': 'declared',
    accepted: 'accepted',
    'guarantee-not-valid': 'guarantee-not-valid',
    'under-control': 'under-control',
    'not-released': 'not-released',
    released: 'released',
    crossed: 'released',
    arrived: 'released',
    'invalidation-asked': 'released',
    discrepancies: 'discrepancies',
    'holder-asked': 'asked',
    'under-recovery': 'recovery',
    recovered: 'written-off',
    'written-off': 'written-off',
    invalidated: 'invalidated',
  }
  for (const [state, shown] of Object.entries(expected)) assert.equal(seen(stageIn('departure', state)), shown, state)
})

test('a refused invalidation changes nothing', () => {
  const stage = stageIn('departure', 'invalidation-asked')
  stage.act('departure', departure, 'refuse-invalidation', { motivation: 'The goods have left' })
  assert.equal(seen(stage), 'released')
})

test('the consignee sees the permission and the release', () => {
  assert.equal(seen(stageIn('destination', 'arrived'), consignee), '-')
  assert.equal(seen(stageIn('destination', 'unloading'), consignee), 'unloading')
  assert.equal(seen(stageIn('destination', 'waiting-discrepancies'), consignee), 'unloading')
  assert.equal(seen(stageIn('destination', 'goods-released'), consignee), 'goods-released')
})
