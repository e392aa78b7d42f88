import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentOn, wallOf } from './moment.ts'

const zone = 'Europe/Tirane'

test('a day and a time on the wall are a moment, in winter and in summer', () => {
  assert.equal(momentOn(zone, '2026-11-24', '09:30'), '2026-11-24T08:30:00')
  assert.equal(momentOn(zone, '2026-07-01', '00:30'), '2026-06-30T22:30:00')
  assert.equal(momentOn(undefined, '2026-07-01', '00:30'), '2026-07-01T00:30:00')
  assert.equal(momentOn('America/New_York', '2026-01-01', '22:00'), '2026-01-02T03:00:00')
})

test('when clocks are set back the first of two hours is meant; when they are set on, none is lost', () => {
  assert.equal(momentOn(zone, '2026-10-25', '02:30'), '2026-10-25T00:30:00')
  assert.equal(momentOn(zone, '2026-10-25', '03:30'), '2026-10-25T02:30:00')
  assert.equal(momentOn(zone, '2026-10-25', '01:30'), '2026-10-24T23:30:00')
  assert.equal(momentOn(zone, '2026-03-29', '03:30'), '2026-03-29T01:30:00')
  assert.equal(momentOn(zone, '2026-03-29', '01:30'), '2026-03-29T00:30:00')
})

test('a moment is read on the wall', () => {
  assert.equal(wallOf(zone, '2026-11-24T08:30:00'), '2026-11-24 09:30')
  assert.equal(wallOf(zone, '2026-06-30T22:30:00'), '2026-07-01 00:30')
})
