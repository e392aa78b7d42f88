import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localDay } from '@corridor/node'
import { UsageError } from '../arguments.ts'
import { dayOf } from './day.ts'

test('a day as it is given, or today at the offices of the node', () => {
  assert.equal(dayOf(new Map([['at', '2026-12-01']]), 'at', 'Europe/Tirane'), '2026-12-01')
  assert.throws(() => dayOf(new Map([['at', 'tomorrow']]), 'at'), UsageError)
  // One of the two zones has another day than UTC at any hour.
  for (const timeZone of ['Etc/GMT+12', 'Etc/GMT-14', 'UTC'])
    assert.equal(dayOf(new Map(), 'at', timeZone), localDay({ clock: () => new Date(), timeZone }))
  const days = ['Etc/GMT+12', 'Etc/GMT-14'].map((timeZone) => dayOf(new Map(), 'at', timeZone))
  assert.ok(days.some((day) => day !== dayOf(new Map(), 'at')))
})
