import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localDay } from './facts.ts'

test('the day of an officer is the one on the wall of the office', () => {
  const clock = () => new Date('2026-11-24T23:30:00Z')
  assert.equal(localDay({ clock, timeZone: 'Europe/Tirane' }), '2026-11-25')
  assert.equal(localDay({ clock, timeZone: 'America/New_York' }), '2026-11-24')
  assert.equal(localDay({ clock }), '2026-11-24')
})
