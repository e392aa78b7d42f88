import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentsBefore } from './moments.ts'

test('moments before now are those on the wall at the node, also over midnight', () => {
  const moments = momentsBefore(new Date('2026-11-30T01:20:00Z'), 'Europe/Tirane')
  assert.deepEqual([moments['day1hAgo'], moments['time1hAgo']], ['2026-11-30', '01:20'])
  assert.deepEqual([moments['day3hAgo'], moments['time3hAgo']], ['2026-11-29', '23:20'])
})
