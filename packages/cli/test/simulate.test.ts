import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('simulate says of seeds what they came to, and of one seed every step', async () => {
  const many = await corridor(['simulate', '--seeds', '2', '--first', '11', '--workers', '1', '--json'])
  assert.equal(many.code, 0, many.err)
  const summary = JSON.parse(many.out) as { ok: boolean; first: number; seeds: number; steps: number }
  assert.deepEqual([summary.ok, summary.first, summary.seeds], [true, 11, 2])
  const [one, again] = [
    await corridor(['simulate', '--seed', '11']),
    await corridor(['simulate', '--seed', '11', '--json']),
  ]
  assert.equal(one.code, 0, one.err)
  assert.match(one.out, /healed/)
  const { digest, replay } = JSON.parse(again.out) as { digest: string; replay: string }
  assert.ok(one.out.endsWith(`all is well with seed 11\n${digest}\n`), 'processes that have nothing in common agree')
  assert.equal(replay, 'npx --no corridor simulate --seed 11')
})

test('simulate refuses what is no number of seeds', async () => {
  const { code, err } = await corridor(['simulate', '--seeds', 'many'])
  assert.equal(code, 2)
  assert.match(err, /--seeds takes a whole number/)
})
