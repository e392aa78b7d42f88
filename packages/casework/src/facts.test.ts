import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localDay } from './facts.ts'

test('F40 the day of an officer is the one on the wall of the office', () => {
  const clock = () => new Date('2026-11-24T23:30:00Z')
  assert.equal(localDay({ clock, timeZone: 'Europe/Tirane' }), '2026-11-25')
  assert.equal(localDay({ clock, timeZone: 'America/New_York' }), '2026-11-24')
  assert.equal(localDay({ clock }), '2026-11-24')
})

test('F40 the day changes at the office’s own midnight: at the end of the year, and when the clocks change', () => {
  const tirana = (at: string) => localDay({ clock: () => new Date(at), timeZone: 'Europe/Tirane' })
  assert.deepEqual(['2026-12-31T22:59:59Z', '2026-12-31T23:00:00Z'].map(tirana), ['2026-12-31', '2027-01-01'])
  // On 25 October 2026 the clock goes from UTC+2 to UTC+1 at 01:00 UTC.
  assert.deepEqual(
    ['2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'].map(tirana),
    ['2026-10-24', '2026-10-25', '2026-10-25', '2026-10-26'],
  )
})
