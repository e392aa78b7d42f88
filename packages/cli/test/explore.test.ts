import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('explore counts the states of a path, to its end or to a depth', async () => {
  const all = await corridor(['explore', 'discrepancies', 'pre-lodged', '--json'])
  assert.equal(all.code, 0, all.err)
  const { ok, states, paths } = JSON.parse(all.out) as {
    ok: boolean
    states: number
    paths: { path: string; states: number; complete: boolean }[]
  }
  assert.equal(ok, true)
  assert.deepEqual(
    paths.map(({ path, complete }) => [path, complete]),
    [
      ['discrepancies', true],
      ['pre-lodged', true],
    ],
  )
  assert.equal(
    states,
    paths.reduce((sum, each) => sum + each.states, 0),
  )
  const shallow = await corridor(['explore', 'pre-lodged', '--depth', '3'])
  assert.equal(shallow.code, 0, shallow.err)
  assert.match(shallow.out, /^pre-lodged +\d+ .* to this depth$/m)
  assert.match(shallow.out, /^\d+ states explored on 1 paths, \d+ steps in [\d.]+ s: all is well$/m)
})

test('explore lists its paths, and refuses one that there is not and a depth that is none', async () => {
  const list = await corridor(['explore', '--list'])
  assert.match(list.out, /^normal +declared, /m)
  const none = await corridor(['explore', 'sea'])
  assert.equal(none.code, 2)
  assert.match(none.err, /There is no path “sea”\. There are: normal, /)
  const deep = await corridor(['explore', '--depth', 'deep'])
  assert.equal(deep.code, 2)
  assert.match(deep.err, /--depth takes a whole number/)
})

test('explore goes random ways, which a seed repeats', async () => {
  const [one, again] = [
    await corridor(['explore', '--random', '60', '--seed', '3', '--json']),
    await corridor(['explore', '--random', '60', '--seed', '3', '--json']),
  ]
  assert.equal(one.code, 0, one.err)
  assert.equal(one.out, again.out)
  const { ok, movements, entries } = JSON.parse(one.out) as { ok: boolean; movements: number; entries: number }
  assert.deepEqual([ok, movements], [true, 60])
  assert.ok(entries > 0)
})
