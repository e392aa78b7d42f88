import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exchanged, lose, type Pair, reconcileUntilSame } from './losing.ts'
import { count, until } from './nodes.ts'

const [sent, received] = [6_000, 4_000]
const lost = { 'missing-there': 60, 'missing-here': 40, 'unknown-here': 20, 'no-receipt': 17 }
let pair: Pair

before(async () => {
  pair = await exchanged({ sent, received })
})
after(() => pair.end())

test('10,000 messages, 137 of them lost in four ways: they come back, and only they', async (t) => {
  const { al, xk } = pair
  const losses = await lose(pair, lost)
  for (const { store } of [al, xk]) await store.db.query('truncate effect')
  const began = performance.now()
  const { found, last } = await reconcileUntilSame(pair)
  t.diagnostic(
    `zero difference after ${((performance.now() - began) / 1000).toFixed(1)} s; ${found.parts} parts differed`,
  )
  assert.deepEqual(found.differences, lost)
  assert.deepEqual([last.follows, last.differences], [found.number, {}])
  assert.deepEqual([last.own?.sent.count, last.own?.received.count], [sent, received])

  // Only what was lost was decided again, once each; nothing else went.
  const effects = async ({ store }: typeof al) =>
    (await store.db.query<{ message_id: string }>('select message_id from effect')).map(({ message_id: id }) => id)
  await until('what came again is decided', async () => {
    const [there, here] = [await effects(xk), await effects(al)]
    return there.length === lost['missing-there'] && here.length === lost['missing-here']
  })
  assert.deepEqual((await effects(xk)).toSorted(), losses['missing-there'].toSorted())
  assert.deepEqual((await effects(al)).toSorted(), losses['missing-here'].toSorted())
  const returned = 'returned_message where receipted and message_id = any ($1)'
  assert.equal(await count(al.store.db, returned, [losses['unknown-here']]), lost['unknown-here'])
  const again = `journal where kind = 'message.requeued'`
  assert.equal(await count(al.store.db, again), lost['missing-there'] + lost['no-receipt'])
  assert.equal(await count(xk.store.db, again), lost['missing-here'])
})
