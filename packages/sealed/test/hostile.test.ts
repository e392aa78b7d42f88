import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decryptWith } from '../src/cms/decrypt.ts'
import { isBoundedDer } from '../src/cms/der.ts'
import { encryptFor } from '../src/cms/encrypt.ts'
import { sealObject } from '../src/index.ts'
import { jordan, message, open, outcomeOf, syria } from './support.ts'

/** Numbers that a seed decides (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const content = message()
const object = Buffer.from(await sealObject(content, syria, jordan.certificate))
const signed = Buffer.from(decryptWith([jordan], object))

/** Opens something changed: no throw, and never anything else than what Syria wrote. Answers whether it opened. */
async function harmless(bytes: Uint8Array, what: string): Promise<boolean> {
  const opened = await open(bytes)
  if (opened.kind === 'opened')
    assert.deepEqual(opened.content, { ...content, document: new Uint8Array(content.document) }, what)
  return opened.kind === 'opened'
}

test('every byte of the object, flipped in a bit or more', async () => {
  const draw = chance(1)
  for (let at = 0; at < object.length; at += 1) {
    const bytes = Buffer.from(object)
    bytes[at]! ^= 1 + draw(255)
    assert.equal(await harmless(bytes, `byte ${at}`), false, `byte ${at} is not protected`)
  }
})

test('every byte of what is signed, flipped and encrypted anew', async () => {
  const draw = chance(2)
  const changeable = signed.indexOf(syria.certificate.raw)
  for (let at = 0; at < signed.length; at += 1) {
    if (at > changeable && at < changeable + syria.certificate.raw.length && at % 16 !== 0) continue
    const bytes = Buffer.from(signed)
    bytes[at]! ^= 1 + draw(255)
    // The certificate lies inside for people with openssl; the key never comes from it, so it may be any.
    const beside = at >= changeable && at < changeable + syria.certificate.raw.length
    const opened = await harmless(encryptFor(jordan.certificate, bytes), `byte ${at} inside`)
    assert.ok(!opened || beside, `byte ${at} of what is signed is not protected`)
  }
})

test('pieces moved, doubled, cut out, put in: in both layers', async () => {
  const draw = chance(3)
  const spliced = (bytes: Buffer): Buffer => {
    const [from, to, into] = [draw(bytes.length), draw(bytes.length), draw(bytes.length)]
    const piece = bytes.subarray(Math.min(from, to), Math.min(Math.max(from, to), Math.min(from, to) + 64))
    const rest = Buffer.concat([bytes.subarray(0, into), piece, bytes.subarray(into + draw(2) * piece.length)])
    return draw(4) === 0 ? rest.subarray(0, draw(rest.length)) : rest
  }
  for (let run = 0; run < 600; run += 1) {
    await harmless(spliced(object), `run ${run}`)
    await harmless(encryptFor(jordan.certificate, spliced(signed)), `run ${run} inside`)
  }
})

test('an object that is cut short anywhere', async () => {
  for (let length = 0; length < object.length; length += 1)
    assert.equal(await outcomeOf(object.subarray(0, length)), 'not-an-object', `${length} bytes`)
  for (let length = 0; length < signed.length; length += 7)
    assert.equal(await outcomeOf(encryptFor(jordan.certificate, signed.subarray(0, length))), 'bad-signature')
  assert.equal(await outcomeOf(Buffer.concat([object, Buffer.from([0])])), 'not-an-object')
})

/** An element of ASN.1 around content. */
function element(tag: number, body: Uint8Array): Buffer {
  const length = Buffer.alloc(5)
  length[0] = 0x84
  length.writeUInt32BE(body.length, 1)
  const short = body.length < 0x80
  const octets = body.length < 0x100 ? 1 : body.length < 0x10000 ? 2 : body.length < 0x1000000 ? 3 : 4
  const header = short ? [body.length] : [0x80 + octets, ...length.subarray(5 - octets)]
  return Buffer.concat([Buffer.from([tag, ...header]), body])
}

/** Where ASN.1 gets expensive: depth, number, sizes that lie, all forms that are not DER. */
function bombs(): Record<string, Buffer> {
  let deep: Buffer = Buffer.alloc(0)
  for (let each = 0; each < 5_000; each += 1) deep = element(0x30, deep)
  const million = Buffer.alloc(2_000_000).fill(Buffer.from([0x05, 0x00]))
  const sets = Buffer.alloc(2_000_000).fill(Buffer.from([0x31, 0x00]))
  const openEnded = Buffer.alloc(1_000_000).fill(Buffer.from([0x30, 0x80]))
  const oid = Buffer.from('060b2a864886f70d0109100117', 'hex')
  const content = (body: Uint8Array) => element(0x30, Buffer.concat([oid, element(0xa0, body)]))
  return {
    deep,
    'deep inside': content(deep),
    'many elements': element(0x30, million),
    'many sets inside': content(element(0x30, sets)),
    'without lengths': openEnded,
    'without lengths inside an octet string': content(element(0x04, openEnded)),
    'a length of 4 GB': Buffer.from('3084ffffffff', 'hex'),
    'a length of 2^56': Buffer.from('3087ffffffffffffff00', 'hex'),
    'a length in more octets than it needs': Buffer.from('308200020500', 'hex'),
    'a long identifier': content(Buffer.from('1f818181818181818100', 'hex')),
    'a long object identifier': element(0x30, element(0x06, Buffer.alloc(1_000_000, 0xff))),
    'a long integer': content(element(0x30, element(0x02, Buffer.alloc(5_000_000, 0x7f)))),
    'two long values': content(
      Buffer.concat([element(0x04, Buffer.alloc(70_000)), element(0x04, Buffer.alloc(70_000))]),
    ),
    nothing: Buffer.alloc(0),
    'one byte': Buffer.from([0x30]),
  }
}

for (const [name, bytes] of Object.entries(bombs()))
  test(`ASN.1 that is meant to hurt: ${name}`, async () => {
    assert.equal(await outcomeOf(bytes), 'not-an-object')
    assert.equal(await outcomeOf(encryptFor(jordan.certificate, bytes)), 'bad-signature')
  })

test('the scan lets pass what real certificates and objects are', () => {
  for (const bytes of [object, signed, syria.certificate.raw]) assert.ok(isBoundedDer(bytes))
  assert.ok(isBoundedDer(Buffer.from('0500', 'hex')))
})
