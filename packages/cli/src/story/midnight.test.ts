import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextMidnight } from './midnight.ts'

const cases: [name: string, now: string, zone: string, midnight: string][] = [
  ['winter', '2026-11-30T08:00:00Z', 'Europe/Tirane', '2026-11-30T23:00:00.000Z'],
  ['already the next day there', '2026-11-30T23:00:00Z', 'Europe/Tirane', '2026-12-01T23:00:00.000Z'],
  ['the millisecond before', '2026-11-30T22:59:59.999Z', 'Europe/Belgrade', '2026-11-30T23:00:00.000Z'],
  ['a day of 25 hours', '2026-10-24T22:30:00Z', 'Europe/Tirane', '2026-10-25T23:00:00.000Z'],
  ['a day of 23 hours', '2026-03-28T23:30:00Z', 'Europe/Tirane', '2026-03-29T22:00:00.000Z'],
  ['half an hour’s zone', '2026-11-30T08:00:00Z', 'Asia/Kabul', '2026-11-30T19:30:00.000Z'],
]
for (const [name, now, zone, midnight] of cases)
  test(`the next midnight: ${name}`, () => {
    assert.equal(nextMidnight(new Date(now), zone).toISOString(), midnight)
  })
