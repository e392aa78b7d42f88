import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { ExchangeFault } from './faults.ts'
import { makeVault } from './vault.ts'

const vault = makeVault(createSecretKey(randomBytes(32)))
const document = Buffer.from(`<ncts:CC015C><accessCode>A1b2</accessCode>${'<x/>'.repeat(3000)}</ncts:CC015C>`)
const sealedOtherwise = (error: unknown) =>
  error instanceof ExchangeFault && error.code === 'exchange.sealed-otherwise' && !error.message.includes('A1b2')

test('what is sealed opens to the same bytes, shows nothing of them, and is never the same twice', () => {
  for (const kept of ['payload', 'raw', 'sealed', 'receipt'] as const) {
    for (const bytes of [document, Buffer.alloc(0), Buffer.from([0]), randomBytes(100_000)]) {
      const [one, two] = [vault.seal(kept, 'm@al', bytes), vault.seal(kept, 'm@al', bytes)]
      assert.deepEqual(vault.open(kept, 'm@al', one), bytes)
      assert.notDeepEqual(one, two)
    }
    assert.ok(!vault.seal(kept, 'm@al', document).includes('accessCode'))
  }
  assert.ok(vault.seal('payload', 'm@al', document).length < document.length / 10, 'documents are deflated')
})

test('a value opens in its own place only', () => {
  const stored = vault.seal('payload', 'm@al', document)
  assert.throws(() => vault.open('raw', 'm@al', stored), sealedOtherwise)
  assert.throws(() => vault.open('payload', 'n@al', stored), sealedOtherwise)
  assert.throws(() => makeVault(createSecretKey(randomBytes(32))).open('payload', 'm@al', stored), sealedOtherwise)
})

test('each flipped bit is noticed, and each cut', () => {
  const stored = vault.seal('payload', 'm@al', Buffer.from('<a/>'))
  for (let bit = 0; bit < stored.length * 8; bit++) {
    const flipped = Buffer.from(stored)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    // A flip in the version byte may make it a value that was never sealed: those bytes are then no document.
    if (bit < 8 && flipped[0] !== 1 && flipped[0] !== 2) continue
    assert.throws(() => vault.open('payload', 'm@al', flipped), sealedOtherwise, `bit ${bit}`)
  }
  for (let length = 1; length < stored.length; length++)
    assert.throws(() => vault.open('payload', 'm@al', stored.subarray(0, length)), sealedOtherwise, `length ${length}`)
})

test('values of a program that did not seal are given as they are', () => {
  for (const text of ['<a/>', '\uFEFF<a/>', '--boundary\r\n', '\r\n--boundary', ''])
    assert.deepEqual(vault.open('raw', 'm@al', Buffer.from(text)), Buffer.from(text))
})

test('a file, and the address or secret of a webhook, is never taken in clear', () => {
  for (const kept of ['file', 'webhook'] as const)
    for (const text of ['https://erp.example.com/', 'a'.repeat(32), ''])
      assert.throws(() => vault.open(kept, 'm@al', Buffer.from(text)), sealedOtherwise, `${kept} ${text}`)
})
