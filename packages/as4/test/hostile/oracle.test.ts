import assert from 'node:assert/strict'
import { constants, createHmac, publicEncrypt, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { open, type RefusedMessage, sealError, type Wire } from '@corridor/as4'
import { find, replace, rewrite } from '../forge.ts'
import { atKosovo, kosovo, messageOf, NOW, sealed } from '../support.ts'

// Who holds one message of the partner can have our key try any wrapped key and any ciphertext. Neither what he hears
// nor how long it takes may tell him how far his guess came.

const CIPHER_VALUE = /(?<=<xenc:CipherValue>)[^<]+/
const padding = constants.RSA_PKCS1_OAEP_PADDING
const wrap = (key: Uint8Array): Buffer =>
  publicEncrypt({ key: kosovo.certificate.publicKey, padding, oaepHash: 'sha256' }, key)
const withKey = (wire: Wire, wrapped: Buffer): Wire =>
  rewrite(wire, (xml) => replace(xml, CIPHER_VALUE, wrapped.toString('base64')))

/** Octets that look random and are the same in every run. */
function octets(n: number, size: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, at) =>
    createHmac('sha256', 'oracle').update(`${n} ${at}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, size)
}

function answerTo(wire: Wire): string {
  const refused = open(wire, { identity: kosovo, findPMode: () => atKosovo, now: NOW }) as RefusedMessage
  assert.equal(refused.kind, 'refused')
  let n = 0
  const options = {
    messageId: 'e@nta.xk',
    timestamp: NOW,
    identity: kosovo,
    randomBytes: (size: number) => Buffer.alloc(size, ++n),
  }
  return Buffer.from(sealError(refused.error, { ...options, refToMessageId: refused.refToMessageId }).body).toString()
}

test('400 guesses at the content key are answered with the same bytes', () => {
  const wire = sealed()
  const right = Buffer.from(find(Buffer.from(wire.body).toString('latin1'), CIPHER_VALUE), 'base64')
  const guesses = Array.from({ length: 400 }, (_, n): Buffer => {
    if (n % 4 === 0) return wrap(octets(n, 16))
    if (n % 4 === 1) return wrap(octets(n, n % 64))
    // Below the modulus, as a random number of an attacker would be, and the right one with a changed octet.
    if (n % 4 === 2) return Buffer.concat([Buffer.from([n % 100]), octets(n, 255)])
    const changed = Buffer.from(right)
    changed[n % 256]! ^= 1 + (n % 200)
    return changed
  })
  assert.deepEqual(new Set(guesses.map((guess) => answerTo(withKey(wire, guess)))).size, 1)
})

test('400 changed ciphertexts are answered with the same bytes, which are those for a wrong key', () => {
  const wire = sealed()
  const answers = new Set([answerTo(withKey(wire, wrap(octets(1, 16))))])
  const start = Buffer.from(wire.body).indexOf('Content-ID: <doc@nta.al>\r\n\r\n') + 28
  const end = Buffer.from(wire.body).lastIndexOf('\r\n--corridor')
  for (let n = 0; n < 400; n++) {
    const body = Buffer.from(wire.body)
    body[start + ((n * 7919) % (end - start))]! ^= 1 << (n % 8)
    answers.add(answerTo({ ...wire, body }))
  }
  assert.equal(answers.size, 1)
})

test('a wrong key, a key that does not open and a wrong tag take the same time', (t) => {
  // Large enough that leaving the decryption out would be seen at once.
  const bytes = randomBytes(4_000_000)
  const wire = sealed({ parts: [{ ...messageOf().parts[0]!, bytes }] })
  const tampered = Buffer.from(wire.body)
  tampered[tampered.length - 100]! ^= 1
  const inputs: Record<string, Wire> = {
    'wrong key': withKey(wire, wrap(octets(1, 16))),
    'key that does not open': withKey(wire, octets(2, 256).fill(1, 0, 1)),
    'key of the wrong length': withKey(wire, wrap(octets(3, 32))),
    'wrong tag': { ...wire, body: tampered },
  }
  const times = new Map(Object.keys(inputs).map((name) => [name, [] as number[]]))
  for (let n = 0; n < 60; n++) {
    for (const [name, input] of Object.entries(inputs)) {
      const started = process.hrtime.bigint()
      open(input, { identity: kosovo, findPMode: () => atKosovo, now: NOW })
      times.get(name)!.push(Number(process.hrtime.bigint() - started) / 1e6)
    }
  }
  // The faster quarter: what else the machine does only ever adds time.
  const typical = [...times].map(([name, list]) => [name, list.sort((a, b) => a - b)[15]!] as const)
  t.diagnostic(typical.map(([name, ms]) => `${name} ${ms.toFixed(2)} ms`).join(', '))
  const all = typical.map(([, ms]) => ms)
  // Without the decryption it would be a quarter.
  assert.ok(Math.max(...all) < 2.5 * Math.min(...all), 'one way to fail is seen on the clock')
})
