import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  As4Fault,
  type Identity,
  open,
  type Opened,
  openStream,
  type PMode,
  sealReceipt,
  sealStream,
  sealUserMessage,
  type StreamOutcome,
  type UserMessage,
  verifyReceipt,
  type Wire,
} from '@corridor/as4'
import { COMPRESSION } from './hostile/compression.ts'
import { openOptionsOf } from './hostile/case.ts'
import { CHAINS } from './hostile/chains.ts'
import { CURVE_ENCRYPTION } from './hostile/curves.ts'
import { EBMS_HEADERS } from './hostile/ebms.ts'
import { ENCRYPTION_HEADER } from './hostile/encryption-header.ts'
import { ENCRYPTION } from './hostile/encryption.ts'
import { MIME } from './hostile/mime.ts'
import { PULLS, SIGNALS } from './hostile/signals.ts'
import * as profiles from './profile-support.ts'
import { albania, atAlbania, atKosovo, kosovo, messageOf, NOW, openAtKosovo, sealed } from './support.ts'

const directory = mkdtempSync(join(tmpdir(), 'as4-stream-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const spooled = (): string[] => readdirSync(directory)

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of source) all.push(piece)
  return Buffer.concat(all)
}

/** The outcome of a stream with its payloads in memory, and nothing of it left on disk. */
async function inMemory(outcome: StreamOutcome): Promise<unknown> {
  if (outcome.kind !== 'user') return outcome
  const { discard, message, ...rest } = outcome
  const parts = []
  for (const { content, sha256, length, ...part } of message.parts) {
    const bytes = await bytesOf(content())
    assert.equal(bytes.length, length)
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256)
    parts.push({ ...part, bytes })
  }
  await discard()
  return { ...rest, message: { ...message, parts } }
}

function plain(opened: unknown): unknown {
  const { message, ...rest } = opened as { message?: UserMessage }
  if (message === undefined) return opened
  return {
    ...rest,
    message: { ...message, parts: message.parts.map((part) => ({ ...part, bytes: Buffer.from(part.bytes) })) },
  }
}

const openAt = (wire: Wire, size: number) =>
  openStream(
    { contentType: wire.contentType, body: pieces(wire.body, size) },
    { identity: kosovo, findPMode: () => atKosovo, now: NOW, directory },
  )

const parts = [0, 1, 4000, 300_000]
  .map((length, n) => ({
    contentId: `part-${n}@nta.al`,
    mimeType: n % 2 === 0 ? 'application/pdf' : 'application/xml',
    characterSet: n === 1 ? 'UTF-8' : undefined,
    properties: [{ name: 'n', value: String(n) }],
    bytes: randomBytes(length),
  }))
  .map(({ characterSet, ...part }) => (characterSet === undefined ? part : { ...part, characterSet }))

async function streamed(message: UserMessage, pmode: PMode, identity: Identity) {
  const toStream = {
    ...message,
    parts: message.parts.map(({ bytes, ...part }) => ({ ...part, content: pieces(bytes, 1000) })),
  }
  return sealStream(toStream, pmode, identity, { directory })
}

test('what is sealed as a stream is opened in memory, and what is sealed in memory is opened as a stream', async () => {
  const message = messageOf({ parts })
  const stream = await streamed(message, atAlbania, albania)
  const body = await bytesOf(stream.body())
  assert.equal(body.length, stream.length)
  assert.deepEqual(await bytesOf(stream.body()), body)
  const opened = openAtKosovo({ contentType: stream.contentType, body })
  assert.equal(opened.kind, 'user', opened.kind === 'refused' ? opened.detail : '')
  assert.deepEqual(
    opened.message.parts.map((part) => ({ ...part, bytes: Buffer.from(part.bytes) })),
    parts,
  )
  assert.deepEqual(opened.references, stream.references)
  const receipt = sealReceipt(opened, { messageId: 'r@nta.xk', timestamp: NOW, identity: kosovo })
  assert.deepEqual(verifyReceipt(receipt, { sent: stream, pmode: atAlbania, now: NOW }), { ok: true })
  assert.equal(spooled().length, 4)
  // Encrypted on disk as on the wire: the content of the smallest compressed payload is nowhere.
  await stream.discard()
  assert.deepEqual(spooled(), [])

  const wire = sealed({ parts })
  for (const size of [1, 7, 100, 65_536, wire.body.length]) {
    assert.deepEqual(await inMemory(await openAt(wire, size)), plain(openAtKosovo(wire)), `pieces of ${size}`)
  }
  assert.deepEqual(spooled(), [])
})

for (const profile of ['edelivery-2.0', 'edelivery-2.0-ec', 'ics2']) {
  test(`${profile}: streams go both ways`, async () => {
    const { customs, identityOf, pmodeOf, trader } = profiles
    const sending = pmodeOf(customs, profile)
    const stream = await streamed(profiles.messageOf(sending), sending, identityOf(trader, profile))
    const options = {
      identity: identityOf(customs, profile),
      findPMode: () => pmodeOf(trader, profile),
      now: NOW,
      directory,
    }
    const outcome = await openStream({ contentType: stream.contentType, body: stream.body() }, options)
    assert.equal(outcome.kind, 'user', outcome.kind === 'refused' ? outcome.detail : '')
    const [part] = outcome.message.parts
    assert.deepEqual(await bytesOf(part!.content()), profiles.DOCUMENT)
    await outcome.discard()
    await stream.discard()
    assert.deepEqual(spooled(), [])
  })
}

test('without compression: octets are streamed, XML is not sealed so and is opened whole', async () => {
  const plainly = { ...atAlbania, compress: false }
  const part = { contentId: 'a@b', mimeType: 'application/pdf', properties: [], bytes: randomBytes(200_000) }
  const stream = await streamed(messageOf({ parts: [part] }), plainly, albania)
  const opened = openAtKosovo({ contentType: stream.contentType, body: await bytesOf(stream.body()) })
  assert.deepEqual(opened.kind === 'user' && Buffer.from(opened.message.parts[0]!.bytes), part.bytes)
  await stream.discard()
  await assert.rejects(
    streamed(messageOf({ parts: [part, { ...part, contentId: 'c@d', mimeType: 'text/plain' }] }), plainly, albania),
    (error) => error instanceof As4Fault && error.code === 'not-streamable',
  )
  assert.deepEqual(spooled(), [])
  const xml = { ...part, mimeType: 'application/xml', bytes: Buffer.from('<a b="c"></a>') }
  const wire = sealUserMessage(messageOf({ parts: [part, { ...xml, contentId: 'c@d' }] }), plainly, albania)
  assert.deepEqual(await inMemory(await openAt(wire, 1000)), plain(openAtKosovo(wire)))
})

test('a payload or a body that breaks off leaves nothing behind', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield randomBytes(100_000)
    throw new Error('the disk is gone')
  }
  const message = { ...messageOf(), parts: [{ contentId: 'a@b', mimeType: 'x/y', properties: [], content: broken() }] }
  await assert.rejects(sealStream(message, atAlbania, albania, { directory }), /the disk is gone/)
  assert.deepEqual(spooled(), [])
  const wire = sealed({ parts })
  async function* half(): AsyncGenerator<Uint8Array> {
    yield wire.body.subarray(0, wire.body.length / 2)
    // As Node says it of a connection; decompression that has no more to read has the same code.
    throw Object.assign(new Error('the line is gone'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })
  }
  const options = { identity: kosovo, findPMode: () => atKosovo, now: NOW, directory }
  await assert.rejects(openStream({ contentType: wire.contentType, body: half() }, options), /the line is gone/)
  assert.deepEqual(spooled(), [])
})

test('who may not send is refused before his payloads are read', async () => {
  const wire = sealed({ parts: [{ ...parts[3]!, bytes: randomBytes(5_000_000) }] })
  let read = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(wire.body, 10_000)) {
      read += piece.length
      yield piece
    }
  }
  const options = { identity: kosovo, findPMode: () => undefined, now: NOW, directory }
  const outcome = await openStream({ contentType: wire.contentType, body: counted() }, options)
  assert.equal(outcome.kind === 'refused' && outcome.error.code, 'EBMS:0010')
  assert.ok(read <= 40_000, `${read} bytes were read`)
})

// Where a stream learns things in another order: the first half of a cut attachment before the second half, and what is
// signed before what is there.
const OTHERWISE: Record<string, string> = {
  'a delimiter inside the attachment': 'EBMS:0102',
  'a second attachment cut out of the first': 'EBMS:0102',
  'an end inside the attachment': 'EBMS:0102',
  'no PartInfo although there is a part': 'EBMS:0103',
}

for (const hostile of [
  ...MIME,
  ...EBMS_HEADERS,
  ...SIGNALS,
  ...PULLS,
  ...CHAINS,
  ...ENCRYPTION,
  ...ENCRYPTION_HEADER,
  ...CURVE_ENCRYPTION,
  ...COMPRESSION,
]) {
  test(`as a stream, the same outcome: ${hostile.kind}: ${hostile.name}`, async () => {
    const wire = hostile.make()
    const options = openOptionsOf(hostile)
    const whole: Opened | { kind: 'pull' } = open(wire, options)
    const size = Math.max(997, Math.ceil(wire.body.length / 500))
    const body = pieces(wire.body, size)
    const outcome = await openStream({ contentType: wire.contentType, body }, { ...options, directory })
    if (whole.kind === 'refused') {
      const expected = OTHERWISE[hostile.name] ?? whole.error.code
      assert.equal(
        outcome.kind === 'refused' ? outcome.error.code : outcome.kind,
        expected,
        outcome.kind === 'refused' ? outcome.detail : '',
      )
    } else assert.deepEqual(await inMemory(outcome), plain(whole))
    assert.deepEqual(spooled(), [], 'something was left behind')
  })
}
