import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { compileInto } from './compiled.ts'
import type { Order } from './stream-process.ts'
import { albania, kosovo } from './support.ts'

const BYTES = 250 * 1_000_000
const MOST_MB = 150

const scratch = mkdtempSync(join(tmpdir(), 'as4-large-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const [incoming, outgoing] = [mkdtempSync(join(scratch, 'in-')), mkdtempSync(join(scratch, 'out-'))]
const program = compileInto(mkdtempSync(join(scratch, 'js-')), new URL('stream-process.ts', import.meta.url))
const pemOf = (own: typeof albania, partner: typeof albania) => ({
  certificate: own.certificatePem,
  privateKey: own.privateKeyPem,
  partner: partner.certificatePem,
})

function start(order: Order): { child: ChildProcess; next: () => Promise<Record<string, unknown>> } {
  const child = fork(program)
  const words: Record<string, unknown>[] = []
  let heard = Promise.withResolvers<void>()
  child.on('message', (word) => {
    words.push(word as Record<string, unknown>)
    heard.resolve()
  })
  child.on('exit', () => heard.resolve())
  child.send(order)
  return {
    child,
    async next() {
      while (words.length === 0 && child.exitCode === null) {
        await heard.promise
        heard = Promise.withResolvers()
      }
      return words.shift() ?? { error: `ended with ${child.exitCode}` }
    },
  }
}

test(`a payload of 250 MB is compressed, signed, encrypted, sent, verified and receipted in ${MOST_MB} MB a side`, async (t) => {
  const receiver = start({ role: 'receive', ...pemOf(kosovo, albania), directory: incoming, bytes: BYTES })
  const { url } = (await receiver.next()) as { url: string }
  const sender = start({ role: 'send', ...pemOf(albania, kosovo), directory: outgoing, bytes: BYTES, url })
  try {
    const got = await receiver.next()
    const sent = await sender.next()
    assert.equal(got.error, undefined)
    assert.equal(sent.kind, 'receipt', String(sent.reason))
    assert.equal(got.length, BYTES)
    assert.equal(got.received, sent.sent)
    const peaks = [Number(sent.peakMb), Number(got.peakMb)]
    t.diagnostic(
      `${Number(sent.wireBytes)} bytes on the wire; at most ${peaks.map((mb) => `${mb.toFixed(0)} MB`).join(' and ')}`,
    )
    for (const mb of peaks) assert.ok(mb < MOST_MB, `${mb} MB`)
    for (const each of [incoming, outgoing]) assert.deepEqual(readdirSync(each), [])
  } finally {
    sender.child.disconnect()
    receiver.child.disconnect()
  }
})
