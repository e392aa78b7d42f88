import assert from 'node:assert/strict'
import { test } from 'node:test'
import { putAgainPauseMs, backOffMs, retryAfterMs } from './back-off.ts'
import { defaultPatience as patience } from './context.ts'

test('pauses double up to the longest, less a random half at most', () => {
  const longest = [1, 2, 3, 10, 11, 1000].map((tries) => backOffMs(tries, patience, () => 1))
  assert.deepEqual(longest, [1_000, 2_000, 4_000, 512_000, 600_000, 600_000])
  const shortest = [1, 2, 1000].map((tries) => backOffMs(tries, patience, () => 0))
  assert.deepEqual(shortest, [500, 1_000, 300_000])
})

test('a message is tried for days before it is parked', () => {
  let ms = 0
  for (let tries = 1; tries < patience.triesBeforeParked; tries++) ms += backOffMs(tries, patience, () => 0.5)
  const days = ms / 86_400_000
  assert.ok(days > 3 && days < 6, `${days} days`)
})

test('Retry-After is read as seconds or as a date, and bounded', () => {
  const now = new Date('2026-11-24T10:00:00Z')
  assert.equal(retryAfterMs('120', now), 120_000)
  assert.equal(retryAfterMs('Tue, 24 Nov 2026 10:00:30 GMT', now), 30_000)
  assert.equal(retryAfterMs('Tue, 24 Nov 2026 09:00:00 GMT', now), 0)
  assert.equal(retryAfterMs('999999999', now), 86_400_000)
  for (const useless of [undefined, '', 'soon', '-5x']) assert.equal(retryAfterMs(useless, now), undefined)
})

test('what lies at a place is looked after every ten minutes at first, and every half an hour later', () => {
  const patience = { putAgainMs: 600_000 }
  const minutes = [-5, 0, 59, 60, 90, 120, 180, 10_000].map(
    (waited) => putAgainPauseMs(patience, waited * 60_000) / 60_000,
  )
  assert.deepEqual(minutes, [10, 10, 10, 10, 15, 20, 30, 30])
})
