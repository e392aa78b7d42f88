import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { EBMS, sealUserMessage, type Wire } from '@corridor/as4'
import { as4 } from '@corridor/as4/fastify'
import { createReceiver, memoryDuplicates, sendMessage, type Taken } from '@corridor/as4/http'
import fastify from 'fastify'
import { codeOf, LARGE, large, largeMessage, partOf, send, spooling } from './http-spool-support.ts'
import { listening, whileServing } from './http-support.ts'
import { albania, atAlbania, atKosovo, messageOf, sealed } from './support.ts'

// Messages that the receiver does not hold in memory: the same promises as for those that it does.

test('a large message comes as files, a small one in memory; each is receipted after its hook', async () => {
  const order: string[] = []
  const options = spooling({}, async ({ receipt, message }) => {
    assert.ok(Buffer.from(receipt.body).includes(message.messageId))
    order.push('storing')
    await pause(60)
    order.push('stored')
  })
  await whileServing(options, async ({ url }) => {
    order.push((await sendMessage(url, large(), send)).kind)
    assert.deepEqual(order, ['storing', 'stored', 'receipt'])
    assert.equal((await sendMessage(url, sealed(), send)).kind, 'receipt')
    const [kept] = options.kept
    assert.deepEqual(kept?.bytes, LARGE)
    const { content: _, ...part } = kept.received.message.parts[0]!
    const { bytes: __, ...sent } = partOf(LARGE)
    const sha256 = createHash('sha256').update(LARGE).digest('hex')
    assert.deepEqual(part, { ...sent, length: LARGE.length, sha256 })
    assert.equal(kept.received.signer.raw.equals(albania.certificate.raw), true)
    assert.deepEqual(
      options.told.received.map(({ message }) => message.messageId),
      [messageOf().messageId],
    )
    assert.deepEqual(options.spooled(), [])
  })
})

test('a duplicate gets the same receipt, whichever way it comes; another content is EBMS:0004', async () => {
  const duplicates = memoryDuplicates()
  const first = spooling({ duplicates })
  const second = listening({ duplicates })
  const sent = large()
  const receipts: Buffer[] = []
  for (const options of [first, first, second]) {
    await whileServing(options, async ({ url }) => {
      const outcome = await sendMessage(url, sent, send)
      assert.ok(outcome.kind === 'receipt', JSON.stringify(outcome))
      receipts.push(Buffer.from(outcome.wire.body))
    })
  }
  assert.deepEqual(receipts, [receipts[0], receipts[0], receipts[0]])
  assert.deepEqual([first.kept.length, second.told.received.length], [1, 0])
  await whileServing(first, async ({ url }) => {
    const other = await sendMessage(url, large(randomBytes(1_500_000)), send)
    assert.equal(codeOf(other), 'EBMS:0004')
  })
  assert.deepEqual(first.spooled(), [])
})

test('the same large message at the same time is stored once', async () => {
  const options = spooling({ duplicates: memoryDuplicates() }, () => pause(30))
  await whileServing(options, async ({ url }) => {
    const sent = large()
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => sendMessage(url, sent, send)))
    assert.deepEqual(outcomes.map(codeOf), ['receipt', 'receipt', 'receipt', 'receipt'])
    assert.equal(options.kept.length, 1)
    assert.deepEqual(options.spooled(), [])
  })
})

test('a hook that throws is EBMS:0202, one that refuses is heard, and the message may come again', async () => {
  const answers: (() => Taken)[] = [
    () => {
      throw new Error('the database is away')
    },
    () => ({ refuse: 'EBMS:0003', detail: 'not now' }),
    () => undefined,
  ]
  const options = spooling({ duplicates: memoryDuplicates() }, () => answers.shift()?.())
  await whileServing(options, async ({ url }) => {
    const outcomes = []
    for (let n = 0; n < 3; n++) outcomes.push(codeOf(await sendMessage(url, large(), send)))
    assert.deepEqual(outcomes, ['EBMS:0202', 'EBMS:0003', 'receipt'])
    assert.deepEqual(options.spooled(), [])
    const [thrown] = options.told.errors
    assert.equal(thrown?.kind === 'refused' && (thrown.cause as Error).message, 'the database is away')
  })
})

test('a large message to the test service is receipted and never handed on', async () => {
  const tests: string[] = []
  const service = { value: EBMS.testService }
  const isTest = { service, test: true, actions: [EBMS.testAction] }
  const options = spooling({
    findPMode: () => ({ ...atKosovo, ...isTest }),
    onTest: ({ message }) => void tests.push(message.messageId),
  })
  await whileServing(options, async ({ url }) => {
    const message = messageOf({ service, action: EBMS.testAction, parts: [partOf(LARGE)] })
    const pmode = { ...atAlbania, ...isTest }
    const outcome = await sendMessage(url, sealUserMessage(message, pmode, albania), { ...send, pmode })
    assert.equal(codeOf(outcome), 'receipt')
    assert.deepEqual([tests, options.kept.length, options.spooled()], [[message.messageId], 0, []])
  })
})

test('chunks without a length are held in memory or not by what they come to', async () => {
  const options = spooling()
  const receive = createReceiver(options)
  async function* pieces({ body }: Wire): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += 100_000) yield body.subarray(at, at + 100_000)
  }
  const [small, big] = [sealed(), large()]
  for (const wire of [small, big]) {
    const answer = await receive({ contentType: wire.contentType, body: pieces(wire) })
    assert.ok(answer.wire && 'body' in answer.wire)
  }
  assert.deepEqual([options.told.received.length, options.kept.length, options.spooled()], [1, 1, []])
  // Without a spool there is nothing but memory, up to its limit.
  const plain = listening({ limits: { bodyBytes: 1_200_000 } })
  const refusing = createReceiver(plain)
  for (const wire of [small, big]) await refusing({ contentType: wire.contentType, body: pieces(wire) })
  assert.equal(plain.told.received.length, 1)
  const [event] = plain.told.errors
  assert.equal(event?.kind === 'refused' && event.error.code, 'EBMS:0007')
})

test('F15 what an earlier process left is gone when the endpoint starts', async () => {
  const options = spooling()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const left = join(options.directory, `as4-${pid}-00000000-0000-4000-8000-000000000000`)
  writeFileSync(left, 'x')
  await whileServing(options, () => {
    assert.equal(existsSync(left), false)
    return Promise.resolve()
  })
  writeFileSync(left, 'x')
  const inAFile = { ...options.spool, directory: join(left, 'below') }
  assert.throws(() => createReceiver({ ...options, spool: inAFile }), { code: 'spool-failed' })
})

test('fastify serves the same, whatever its own limit of a body is', async () => {
  const options = spooling({ duplicates: memoryDuplicates(), limits: { bodyBytes: 4_000_000 } })
  const app = fastify({ bodyLimit: 1000 })
  await app.register(as4, { path: '/as4', ...options })
  const url = new URL('/as4', await app.listen({ host: '127.0.0.1', port: 0 }))
  try {
    const sent = large()
    assert.equal(codeOf(await sendMessage(url, sent, send)), 'receipt')
    assert.equal(codeOf(await sendMessage(url, sent, send)), 'receipt')
    assert.equal(codeOf(await sendMessage(url, sealed(), send)), 'receipt')
    assert.deepEqual(
      options.kept.map(({ bytes }) => bytes.equals(LARGE)),
      [true],
    )
    const unknown = sealUserMessage(
      { ...largeMessage(), messageId: '2@nta.al' },
      { ...atAlbania, encrypt: false },
      albania,
    )
    assert.equal(codeOf(await sendMessage(url, unknown, send)), 'EBMS:0103')
    assert.deepEqual(options.spooled(), [])
  } finally {
    await app.close()
  }
})
