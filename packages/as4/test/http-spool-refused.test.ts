import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { sealUserMessage, type Wire } from '@corridor/as4'
import { as4 } from '@corridor/as4/fastify'
import { memoryDuplicates, postWire, type ReceiverOptions, sendMessage, type StreamedWire } from '@corridor/as4/http'
import fastify from 'fastify'
import { sealPayloads } from './forge.ts'
import { codeOf, LARGE, large, largeMessage, newDirectory, send, spooling } from './http-spool-support.ts'
import { whileServing } from './http-support.ts'
import { albania, atAlbania, atKosovo, kosovo, sealed } from './support.ts'

// What may go wrong with messages that the receiver does not hold in memory: refused as others are, and nothing stays.

/** Opens a connection and sends the beginning of a request. */
async function begin(url: string, wire: Wire, octets: number): Promise<Socket> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    `POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Type: ${wire.contentType}\r\nContent-Length: ${wire.body.length}\r\n\r\n`,
  )
  socket.write(wire.body.subarray(0, octets))
  return socket
}

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 4000; n++) {
    if (holds()) return
    await pause(5)
  }
  assert.fail('it never came')
}

test('a client that goes away at 60 % leaves no files, no message and no fault', async () => {
  const options = spooling()
  await whileServing(options, async ({ url }) => {
    const wire = large()
    const socket = await begin(url, wire, wire.body.length * 0.6)
    await until(() => options.spooled().length === 1)
    socket.destroy()
    await until(() => options.spooled().length === 0)
    assert.deepEqual([options.kept.length, options.told.faults, options.told.errors], [0, [], []])
    assert.equal((await sendMessage(url, wire, send)).kind, 'receipt')
  })
})

test('fastify takes a client that goes away at 60 % the same way', async () => {
  const options = spooling()
  const app = fastify()
  const errors: unknown[] = []
  app.setErrorHandler((error, _, reply) => {
    errors.push(error)
    return reply.code(500).send()
  })
  await app.register(as4, { path: '/as4', ...options })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  try {
    const wire = large()
    const socket = await begin(url, wire, wire.body.length * 0.6)
    await until(() => options.spooled().length === 1)
    socket.destroy()
    await until(() => options.spooled().length === 0)
    assert.equal((await sendMessage(`${url}/as4`, wire, send)).kind, 'receipt')
    assert.deepEqual([options.kept.length, errors], [1, []])
  } finally {
    await app.close()
  }
})

test('a client that stops at 60 % is timed out, and its files are gone', async () => {
  const options = { ...spooling(), requestTimeoutMs: 1000, headersTimeoutMs: 500 }
  await whileServing(options, async ({ url }) => {
    const wire = large()
    const socket = await begin(url, wire, wire.body.length * 0.6)
    await until(() => options.spooled().length === 1)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    assert.match(String(answer), /^HTTP\/1.1 408 /)
    await until(() => options.spooled().length === 0)
    assert.deepEqual([options.kept.length, options.told.faults], [0, []])
    socket.destroy()
  })
})

test('F41 a disk that is full is EBMS:0202 with nothing half done; with room the message is taken', async (t) => {
  const directory = newDirectory()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory]).status === 0
  if (!mounted) return t.skip('needs to mount a file system of 2 MB, which this user may not')
  try {
    const options = spooling({ duplicates: memoryDuplicates() })
    const spool = { ...options.spool, directory }
    await whileServing({ ...options, spool }, async ({ url }) => {
      writeFileSync(join(directory, 'others'), Buffer.alloc(1_200_000))
      const outcome = await sendMessage(url, large(), send)
      assert.equal(codeOf(outcome), 'EBMS:0202')
      assert.ok(outcome.kind === 'error' && !Buffer.from(outcome.wire.body).includes('ENOSPC'))
      const [event] = options.told.errors
      assert.ok(event?.kind === 'refused' && event.header?.messageId === 'large@nta.al')
      assert.match(event.detail, /ENOSPC/)
      assert.deepEqual([readdirSync(directory), options.kept.length], [['others'], 0])
      rmSync(join(directory, 'others'))
      assert.equal(codeOf(await sendMessage(url, large(), send)), 'receipt')
      assert.deepEqual(readdirSync(directory), [])
    })
  } finally {
    spawnSync('umount', [directory])
  }
})

test('a spool that is gone is EBMS:0202, and the next message finds it again', async () => {
  const options = spooling()
  await whileServing(options, async ({ url }) => {
    rmSync(options.directory, { recursive: true })
    assert.equal(codeOf(await sendMessage(url, large(), send)), 'EBMS:0202')
    mkdirSync(options.directory)
    assert.equal(codeOf(await sendMessage(url, large(), send)), 'receipt')
  })
})

// Where nothing may be written there is no directory: whatever tried would be EBMS:0202.
const manyParts = (envelopeOf: Wire): Wire => {
  const boundary = /boundary="?([^";]+)/.exec(envelopeOf.contentType)![1]!
  const all = Buffer.from(envelopeOf.body)
  const envelope = all.subarray(0, all.indexOf(`\r\n--${boundary}`, 10))
  const part = (n: number): string => `\r\n--${boundary}\r\nContent-ID: <p${n}@x>\r\n\r\n${'x'.repeat(100)}`
  const parts = Array.from({ length: 10_000 }, (_, n) => part(n)).join('')
  return { ...envelopeOf, body: Buffer.concat([envelope, Buffer.from(`${parts}\r\n--${boundary}--\r\n`)]) }
}
const POLICY: [name: string, code: string, make: () => Wire, changes?: Partial<ReceiverOptions>][] = [
  ['not signed by the partner', 'EBMS:0101', () => sealUserMessage(largeMessage(), atAlbania, kosovo)],
  ['not encrypted', 'EBMS:0103', () => sealUserMessage(largeMessage(), { ...atAlbania, encrypt: false }, albania)],
  ['encrypted in another way', 'EBMS:0103', () => large(), { findPMode: () => ({ ...atKosovo, encrypt: false }) }],
  ['under no agreement', 'EBMS:0010', () => large(), { findPMode: () => undefined }],
  ['without a property that was agreed', 'EBMS:0010', () => large(), { findPMode: () => demanding }],
  ['of 10,000 tiny parts', 'EBMS:0007', () => manyParts(large())],
  ['of 10,000 tiny parts that are none of the message', 'EBMS:0007', () => manyParts(sealed())],
  ['that is a signal', 'EBMS:0007', () => ({ contentType: 'application/soap+xml', body: LARGE })],
]
const demanding = { ...atKosovo, requiredProperties: [{ name: 'finalRecipient' }] }

for (const [name, code, make, changes] of POLICY) {
  test(`refused before anything is written: a large message ${name}`, async () => {
    const options = spooling(changes)
    await whileServing(options, async ({ url }) => {
      rmSync(options.directory, { recursive: true })
      const wire = make()
      assert.ok(wire.body.length > 1_048_576)
      const posted = await postWire(url, wire)
      assert.ok(posted.kind === 'answer' && Buffer.from(posted.wire.body).includes(`errorCode="${code}"`))
      const [event] = options.told.errors
      assert.equal(event?.kind === 'refused' && event.error.code, code)
      assert.equal(event?.kind === 'refused' && event.wire, undefined)
      assert.deepEqual([options.kept.length, options.told.faults], [0, []])
    })
  })
}

test('who may not send hears it while he is sending, however much more there is', async () => {
  const options = spooling({ findPMode: () => undefined, limits: { bodyBytes: 2 ** 31 } })
  const wire = large()
  let read = 0
  const length = 2_000_000_000
  const endless: StreamedWire = {
    contentType: wire.contentType,
    length,
    async *body() {
      for (read = wire.body.length, yield wire.body.subarray(0, -100); read < length; read += 65_536)
        yield Buffer.alloc(65_536)
    },
  }
  await whileServing(options, async ({ url }) => {
    const posted = await postWire(url, endless)
    assert.ok(posted.kind === 'answer', JSON.stringify(posted))
    assert.ok(Buffer.from(posted.wire.body).includes('errorCode="EBMS:0010"'))
    // The rest is not waited for.
    assert.equal(posted.headers.connection, 'close')
    assert.ok(read < length / 2, `${read} octets were sent`)
  })
})

test('what is wrong at the end of a large message is refused, and nothing of it stays', async () => {
  const options = spooling()
  const signedOnly = { ...atKosovo, encrypt: false }
  const flipped = (wire: Wire): Wire => {
    const body = Buffer.from(wire.body)
    const at = body.lastIndexOf('\r\n--') - 1
    body.writeUInt8(body.at(at)! ^ 1, at)
    return { ...wire, body }
  }
  await whileServing(options, async ({ url }) => {
    assert.equal(codeOf(await sendMessage(url, { ...large(), ...flipped(large()) }, send)), 'EBMS:0102')
  })
  await whileServing({ ...options, findPMode: () => signedOnly }, async ({ url }) => {
    for (const compress of [true, false]) {
      const pmode = { ...atAlbania, encrypt: false, compress }
      const sent = sealUserMessage(largeMessage(), pmode, albania)
      const outcome = await sendMessage(url, { ...sent, ...flipped(sent) }, { ...send, pmode })
      assert.equal(codeOf(outcome), 'EBMS:0101')
    }
  })
  assert.deepEqual([options.kept.length, options.spooled()], [0, []])
})

test('a compression bomb in a large message is EBMS:0303 long before it is unpacked', async () => {
  const options = spooling({ limits: { unzipRatio: 20 } })
  const bomb = Buffer.concat([gzipSync(randomBytes(1_200_000)), gzipSync(Buffer.alloc(60_000_000))])
  const wire = sealPayloads([{ contentId: 'a@b', mimeType: 'application/gzip', bytes: bomb }])
  await whileServing(options, async ({ url }) => {
    const outcome = await sendMessage(url, wire, send)
    assert.equal(codeOf(outcome), 'EBMS:0303')
    assert.deepEqual([options.kept.length, options.spooled()], [0, []])
  })
})

test('the limits hold for large messages, with and without a length', async () => {
  const options = spooling({ limits: { bodyBytes: 1_200_000 } })
  await whileServing(options, async ({ url }) => {
    const wire = large()
    const status = async (body: NonNullable<RequestInit['body']>): Promise<number> => {
      const headers = { 'content-type': wire.contentType }
      const response = await fetch(url, { method: 'POST', body, headers, duplex: 'half' })
      await response.arrayBuffer()
      return response.status
    }
    const chunked = (size: number) =>
      new ReadableStream({
        start(controller) {
          for (let at = 0; at < wire.body.length; at += size) controller.enqueue(wire.body.subarray(at, at + size))
          controller.close()
        },
      })
    assert.equal(await status(wire.body as Uint8Array<ArrayBuffer>), 413)
    assert.equal(await status(chunked(60_000)), 413)
    assert.deepEqual([options.kept.length, options.spooled(), options.told.errors.length], [0, [], 0])
  })
})
