import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filled, piecesOf, textOf } from './catalogue.ts'

test('a text is cut at its places', () => {
  assert.deepEqual(piecesOf('Sends {document} to {office}.'), [
    { words: 'Sends ' },
    { place: 'document' },
    { words: ' to ' },
    { place: 'office' },
    { words: '.' },
  ])
  assert.deepEqual(piecesOf('Nothing here'), [{ words: 'Nothing here' }])
})

test('values are isolated, and a missing one shows as a gap', () => {
  assert.equal(filled('{a} of {b}', { a: '1' }), '\u20681\u2069 of \u2068…\u2069')
  assert.equal(filled('{a}', { a: '{b}', b: 'x' }), '\u2068{b}\u2069', 'a value is never read as a text')
})

test('plural forms follow the language', () => {
  const arabic = { n: { zero: 'z', one: 'o', two: 't', few: 'f', many: 'm', other: 'x' } }
  assert.equal(textOf(arabic, 'ar', 'n', 2), 't')
  assert.equal(textOf(arabic, 'ar', 'n', 5), 'f')
  assert.equal(textOf(arabic, 'ar', 'n', 11), 'm')
  assert.equal(textOf({ n: { one: 'o', other: 'x' } }, 'en', 'n', 1), 'o')
  assert.equal(textOf({ n: { other: 'x' } }, 'en', 'n', 1), 'x')
})

test('a key that is not there, or only inherited, is no text', () => {
  assert.equal(textOf({}, 'en', 'nothing'), undefined)
  assert.equal(textOf({}, 'en', 'toString'), undefined)
})
