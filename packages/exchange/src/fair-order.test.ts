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

test('however long more is sent than can be decided, what others send comes before all of it that is left', () => {
  const order = new FairOrder()
  const [sentASecond, decidedASecond, seconds] = [60, 30, 600]
  const flood = Array.from({ length: sentASecond * seconds }, (_, n) =>
    order.turnOf('A', at((n * 1_000) / sentASecond)).getTime(),
  )
  const [firstLeft = 0] = flood.slice(decidedASecond * seconds)
  assert.ok(order.turnOf('B', at(seconds * 1_000)).getTime() < firstLeft)
})

test('a flood is forgotten within an hour, and nobody is put off by a clock that was ahead', () => {
  const order = new FairOrder()
  for (let n = 0; n < 100_000; n++) order.turnOf('A', at(0))
  assert.deepEqual(order.turnOf('A', at(0)), at(3_600_000))
  assert.deepEqual(order.turnOf('A', at(3_600_050)), at(3_600_050))
  for (const back of [3_599_000, 600_000, 0]) assert.deepEqual(order.turnOf('A', at(back)), at(back))
})

test('memory stays bounded whoever sends', () => {
  const order = new FairOrder()
  for (let n = 0; n < 25_000; n++) order.turnOf(`sender ${n}`, at(0))
  for (let n = 0; n < 30; n++) order.turnOf('A', at(0))
  assert.ok(order.turnOf('A', at(0)) > at(0), 'the latest are remembered')
})
