import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationForPeople } from './lines.ts'

test('what took long is told in minutes and hours', () => {
  assert.deepEqual([0, 43, 59_999, 60_000, 3_599_999, 32_402_291].map(durationForPeople), [
    '0 ms',
    '43 ms',
    '59999 ms',
    '1 min',
    '59 min',
    '9 h 0 min',
  ])
})
