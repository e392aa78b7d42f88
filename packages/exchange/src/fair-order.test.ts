import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairOrder } from './fair-order.ts'

const start = Date.UTC(2026, 10, 24)
const at = (ms: number) => new Date(start + ms)

test('within its share everybody comes in the order of arrival', () => {
  const order = new FairOrder()
  for (let n = 0; n < 100; n++)
    for (const sender of ['A', 'B']) assert.deepEqual(order.turnOf(sender, at(n * 50)), at(n * 50))
})

test('what a flood sends above its share comes after what others send meanwhile', () => {
  const order = new FairOrder()
  const flood = Array.from({ length: 1_000 }, (_, n) => order.turnOf('A', at(n)).getTime() - start)
  const other = order.turnOf('B', at(1_000)).getTime() - start
  assert.equal(other, 1_000)
  assert.equal(flood.filter((turn) => turn < other).length, 20)
  assert.deepEqual(
    flood,
    flood.toSorted((a, b) => a - b),
    'its own order stays',
  )
})

test('a flood is forgotten within a minute, and nobody is put off by a clock that was ahead', () => {
  const order = new FairOrder()
  for (let n = 0; n < 10_000; n++) order.turnOf('A', at(0))
  assert.deepEqual(order.turnOf('A', at(0)), at(60_000))
  assert.deepEqual(order.turnOf('A', at(60_050)), at(60_050))
  order.turnOf('B', at(3_600_000))
  assert.deepEqual(order.turnOf('B', at(1_000)), at(1_000))
})

test('memory stays bounded whoever sends', () => {
  const order = new FairOrder()
  for (let n = 0; n < 25_000; n++) order.turnOf(`sender ${n}`, at(0))
  for (let n = 0; n < 30; n++) order.turnOf('A', at(0))
  assert.ok(order.turnOf('A', at(0)) > at(0), 'the latest are remembered')
})
