import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build } from './peer.ts'
import { allCases, pairwiseCases } from './plan.ts'
import { runInterop } from './run.ts'

test('the pairwise plan has each pair of values that exists, in at most 40 exchanges', () => {
  const pairs = (cases: ReturnType<typeof allCases>): Set<string> =>
    new Set(
      cases.flatMap((each) => {
        const values = Object.entries(each).map(String)
        return values.flatMap((a) => values.filter((b) => a < b).map((b) => `${a} ${b}`))
      }),
    )
  const [all, chosen] = [allCases(), pairwiseCases()]
  assert.equal(all.length, 392)
  assert.ok(chosen.length <= 40, String(chosen.length))
  assert.deepEqual(pairs(chosen), pairs(all))
})

test(
  'we and phase4 understand each other both ways: messages, receipts, pulling, every error',
  { timeout: 240_000 },
  async (t) => {
    const built = build()
    if (!built.ok) return t.skip(built.reason)
    const { results, log } = await runInterop(built.classPath, false, () => undefined)
    const wrong = results
      .filter((each) => each.wrong.length > 0)
      .map(({ name, wrong }) => `${name}: ${wrong.join('; ')}`)
    assert.deepEqual(wrong, [], log.slice(-20).join('\n'))
    const count = (kind: string): number => results.filter((each) => each.kind === kind).length
    assert.ok(count('exchange') >= 16 && count('pull') >= 9 && count('error') >= 70, JSON.stringify(results.length))
    t.diagnostic(`${count('exchange')} exchanges, ${count('pull')} pulls, ${count('error')} errors`)
  },
)
