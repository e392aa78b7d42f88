import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detailsOf, lastOf, tryDifference } from './outlines.ts'

test('an algorithm is named by what tells it from others', () => {
  assert.equal(lastOf('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'), 'rsa-sha256')
  assert.equal(lastOf('http://www.w3.org/2009/xmlenc11#aes128-gcm'), 'aes128-gcm')
  assert.equal(lastOf('urn:x'), 'urn:x')
})

test('bytes that were made anew are shown part by part beside those of the try before', () => {
  const before = { sealedBy: 'old', references: [{ uri: '#body', digest: 'a' }] }
  const after = {
    sealedBy: 'new',
    references: [
      { uri: '#body', digest: 'a' },
      { uri: 'cid:1', digest: 'b' },
    ],
  }
  assert.deepEqual(tryDifference({ kind: 'message.resealed', detail: { before, after } }), [
    { part: 'certificates', before: 'old', after: 'new' },
    { part: '#body', before: 'a', after: 'a' },
    { part: 'cid:1', before: '—', after: 'b' },
  ])
  assert.equal(tryDifference({ kind: 'message.requeued', detail: { before, after } }), undefined)
  assert.equal(tryDifference({ kind: 'message.resealed', detail: null }), undefined)
})

test('what a line says is shown name by name, whatever it is', () => {
  assert.deepEqual(detailsOf({ type: 'CD001C', tries: 2, parts: ['a'] }), [
    ['type', 'CD001C'],
    ['tries', '2'],
    ['parts', '["a"]'],
  ])
  assert.deepEqual(detailsOf(null), [])
  assert.deepEqual(detailsOf('x'), [['', 'x']])
})
