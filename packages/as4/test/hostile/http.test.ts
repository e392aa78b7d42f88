import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { type Endpoint, memoryDuplicates, serve } from '@corridor/as4/http'
import { atKosovo, kosovo, NOW, sealed } from '../support.ts'
import { BODY_LIMIT, HTTP_CASES } from './http-cases.ts'
import { exchange } from './http-run.ts'

// Bad HTTP against the library's own endpoint.

const wire = sealed()
const taken: string[] = []
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

test('HTTP: while slow clients wait, a good message is answered', async () => {
  const slow = HTTP_CASES.filter(({ name }) => name.startsWith('slow')).map(async (each) => ({
    each,
    got: await send(each),
  }))
  const started = performance.now()
  assert.deepEqual((await send(good)).answers, ['receipt'])
  assert.ok(performance.now() - started < 1000)
  for (const { each, got } of await Promise.all(slow)) {
    const expected = [each.expect].flat() as unknown[]
    for (const answer of got.answers) assert.ok(expected.includes(answer), `${each.name}: ${got.answers.join(', ')}`)
  }
})

for (const each of HTTP_CASES.filter(({ name }) => !name.startsWith('slow'))) {
  test(`HTTP: ${each.name} → ${[each.expect].flat().join(' or ')}`, async () => {
    const { answers, text } = await send(each)
    assert.ok(([each.expect].flat() as unknown[]).includes(answers[0]), `${answers.join(', ')}\n${text.slice(0, 300)}`)
  })
}

test('HTTP: after all that one message was taken, and a good one is answered', async () => {
  assert.deepEqual((await send(good)).answers, ['receipt'])
  assert.deepEqual(taken, [wire.messageId])
})
