import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortNote } from './short-note.ts'

test('a note is cut, and has no half of a character', () => {
  assert.equal(shortNote('wrong'), 'wrong')
  assert.equal(shortNote('😀'.repeat(1_500)), '😀'.repeat(1_000))
  assert.equal(shortNote(`a${'😀'.repeat(1_500)}`), `a${'😀'.repeat(999)}\uFFFD`)
  assert.equal(shortNote('\uD83D'), '\uFFFD')
})
