import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entriesOf, localOf, utcOf } from './announcement.ts'

test('a moment comes back from a field as it went in, and what is none stays', () => {
  for (const moment of ['2026-12-01T20:00:00', '2026-07-01T00:30:00']) assert.equal(utcOf(localOf(moment)), moment)
  assert.equal(utcOf('soon'), 'soon')
})

test('the form of what is announced has what was said, a new one has nothing', () => {
  assert.deepEqual(Object.values(entriesOf(undefined)), ['S', 'T', '01', '', '', '', ''])
  const known = { type: 'U', functionality: 'G', explanation: '02', startsAt: '2026-12-01T20:00:00', endsAt: null, fallback: false, text: null, country: 'AL', name: 'Albania', fallbackText: null, isOwn: true, isNow: false, toldAt: '' } // prettier-ignore
  const { type, functionality, explanation, endsAt, fallback, text } = entriesOf(known)
  assert.deepEqual([type, functionality, explanation, endsAt, fallback, text], ['U', 'G', '02', '', '0', ''])
  assert.equal(entriesOf({ ...known, fallback: true }).fallback, '1')
})
