import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Wire } from '@corridor/as4'
import { type Endpoint, memoryDuplicates, type ReceiverOptions, serve } from '@corridor/as4/http'
import { atKosovo, kosovo, NOW, sealed } from '../support.ts'
import { BODY_LIMIT, HTTP_CASES } from './http-cases.ts'
import { exchange } from './http-run.ts'

// Bad HTTP against the library's own endpoint, with bodies in memory and with bodies that go through the spool.

const ENVELOPE_BYTES = 12_000
const directory = mkdtempSync(join(tmpdir(), 'as4-http-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const part = { contentId: 'scan@nta.al', mimeType: 'application/pdf', properties: [], bytes: randomBytes(20_000) }

// A body that is read as it comes is no message before it is too large.
const OTHERWISE: Record<string, string> = { 'chunks: more than is allowed': 'EBMS:0007' }

against('HTTP', sealed(), () => ({}))
against('HTTP through the spool', sealed({ parts: [part] }), (onMessage) => ({
  limits: { bodyBytes: BODY_LIMIT, envelopeBytes: ENVELOPE_BYTES },
  spool: { directory, above: ENVELOPE_BYTES, onMessage },
}))

function against(
  how: string,
  wire: Wire & { messageId: string },
  settings: (onMessage: (received: { message: { messageId: string } }) => void) => Partial<ReceiverOptions>,
): void {
  describe(how, () => {
    const taken: string[] = []
    const spooled = settings(() => undefined).spool !== undefined
    let endpoint: Endpoint
    let ids = 0

    before(async () => {
      endpoint = await serve({
        identity: kosovo,
        findPMode: () => atKosovo,
        now: () => NOW,
        newMessageId: () => `r${++ids}@nta.xk`,
        duplicates: memoryDuplicates(),
        limits: { bodyBytes: BODY_LIMIT },
        onMessage: ({ message }) => void taken.push(message.messageId),
        ...settings(({ message }) => void taken.push(`${message.messageId} from the spool`)),
        port: 0,
        host: '127.0.0.1',
        headersTimeoutMs: 700,
        requestTimeoutMs: 1500,
      })
    })
    after(() => endpoint.close())

    async function send(hostile: (typeof HTTP_CASES)[number]) {
      const { port } = new URL(endpoint.url)
      const socket = connect({ host: '127.0.0.1', port: Number(port) })
      await once(socket, 'connect')
      return exchange(socket, hostile, wire)
    }

    const good = {
      name: 'good',
      expect: 'receipt',
      bytes: HTTP_CASES.find(({ name }) => name.startsWith('fields that say'))!.bytes,
    } as const

    test('while slow clients wait, a good message is answered', async () => {
      const slow = HTTP_CASES.filter(({ name }) => name.startsWith('slow')).map(async (each) => ({
        each,
        got: await send(each),
      }))
      const started = performance.now()
      assert.deepEqual((await send(good)).answers, ['receipt'])
      assert.ok(performance.now() - started < 1000)
      for (const { each, got } of await Promise.all(slow)) {
        const expected = [each.expect].flat() as unknown[]
        for (const answer of got.answers)
          assert.ok(expected.includes(answer), `${each.name}: ${got.answers.join(', ')}`)
      }
    })

    for (const each of HTTP_CASES.filter(({ name }) => !name.startsWith('slow'))) {
      const expected: unknown[] = [(spooled && OTHERWISE[each.name]) || each.expect].flat()
      test(`${each.name} → ${expected.join(' or ')}`, async () => {
        const { answers, text } = await send(each)
        assert.ok(expected.includes(answers[0]), `${answers.join(', ')}\n${text.slice(0, 300)}`)
      })
    }

    test('after all that one message was taken, and a good one is answered', async () => {
      assert.deepEqual((await send(good)).answers, ['receipt'])
      assert.deepEqual(taken, [spooled ? `${wire.messageId} from the spool` : wire.messageId])
      assert.deepEqual(readdirSync(directory), [])
    })
  })
}
