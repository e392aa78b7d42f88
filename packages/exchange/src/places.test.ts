import assert from 'node:assert/strict'
import test from 'node:test'
import { Places } from './places.ts'

const answer = { afterMs: 50, bytes: 10_000 }
const answerAll = (places: Places, rounds: number, over: Partial<typeof answer> = {}): void => {
  for (let round = 0; round < rounds; round++) {
    const underWay = places.number
    for (let n = 0; n < underWay; n++) places.answered({ ...answer, underWay, ...over })
  }
}

test('a partner that answers promptly gets twice as many places each round, up to the most', () => {
  const places = new Places(64)
  const seen = [0, 1, 2, 3, 4].map((rounds) => {
    answerAll(places, rounds === 0 ? 0 : 1)
    return places.number
  })
  assert.deepEqual(seen, [8, 16, 32, 64, 64])
})

test('no more places than are allowed, from the start on', () => {
  const places = new Places(3)
  assert.equal(places.number, 3)
  answerAll(places, 5)
  assert.equal(places.number, 3)
})

test('places that nobody needs do not grow in number', () => {
  const places = new Places(64)
  for (let n = 0; n < 100; n++) places.answered({ ...answer, underWay: 3 })
  assert.equal(places.number, 8)
})

test('a failure halves them, and from there they grow by one a round', () => {
  const places = new Places(64)
  answerAll(places, 3)
  places.failed()
  assert.equal(places.number, 32)
  answerAll(places, 1)
  assert.equal(places.number, 32)
  answerAll(places, 1)
  assert.equal(places.number, 33)
})

test('after any number of failures one place is left', () => {
  const places = new Places(64)
  for (let n = 0; n < 20; n++) places.failed()
  assert.equal(places.number, 1)
  answerAll(places, 3)
  assert.ok(places.number > 1)
})

test('on a thin line they become fewer, but never none', () => {
  const places = new Places(64)
  answerAll(places, 10, { afterMs: 6_000 })
  assert.equal(places.number, 1)
})

test('answers that are neither prompt nor slow, or of a clock that was set back, change nothing', () => {
  const places = new Places(64)
  answerAll(places, 3, { afterMs: 3_000 })
  answerAll(places, 3, { afterMs: -3_600_000 })
  assert.equal(places.number, 8)
})

test('a large message takes them back to what they were at first', () => {
  const places = new Places(64)
  answerAll(places, 3)
  places.answered({ ...answer, bytes: 5_000_000, underWay: 64 })
  assert.equal(places.number, 8)
})
