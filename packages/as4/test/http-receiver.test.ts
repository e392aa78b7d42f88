import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from 'node:net'
import { EBMS, open, type PMode, sealUserMessage, type Wire } from '@corridor/as4'
import { as4 } from '@corridor/as4/fastify'
import { memoryDuplicates, postWire, sendMessage, serve, type SendOptions, type Taken } from '@corridor/as4/http'
import fastify from 'fastify'
import { listening, whileServing } from './http-support.ts'
import { albania, atAlbania, atKosovo, DOCUMENT, kosovo, messageOf, sealed } from './support.ts'

const now = (): Date => new Date()
const send: SendOptions = { pmode: atAlbania, now }

test('the receipt exists before the message is stored and leaves after it', async () => {
  const order: string[] = []
  const options = listening({
    onMessage: async ({ receipt, message }) => {
      assert.ok(Buffer.from(receipt.body).includes(message.messageId))
      order.push('storing')
      await new Promise((resolve) => setTimeout(resolve, 60))
      order.push('stored')
    },
  })
  await whileServing(options, async ({ url }) => {
    const outcome = await sendMessage(url, sealed(), send)
    order.push(outcome.kind)
  })
  assert.deepEqual(order, ['storing', 'stored', 'receipt'])
})

test('a message that cannot be stored has no receipt but EBMS:0202, and may come again', async () => {
  let broken = true
  const options = listening({
    duplicates: memoryDuplicates(),
    onMessage: () => {
      if (broken) throw new Error('the disk is full')
    },
  })
  await whileServing(options, async ({ url }) => {
    const outcome = await sendMessage(url, sealed(), send)
    assert.equal(outcome.kind, 'error')
    assert.deepEqual([outcome.errors[0]?.code, outcome.signed], ['EBMS:0202', true])
    assert.ok(!Buffer.from(outcome.wire.body).includes('disk'))
    const [event] = options.told.errors
    assert.equal(event?.kind === 'refused' && (event.cause as Error).message, 'the disk is full')
    broken = false
    assert.equal((await sendMessage(url, sealed(), send)).kind, 'receipt')
  })
})

test('a duplicate gets the same receipt, and is not handed on again', async () => {
  const options = listening({ duplicates: memoryDuplicates() })
  await whileServing(options, async ({ url }) => {
    const sent = sealed()
    // The last is sealed anew: other bytes, same message.
    const outcomes = [await sendMessage(url, sent, send), await sendMessage(url, sent, send)]
    const [first, second] = outcomes.map((each) => each.kind === 'receipt' && Buffer.from(each.wire.body).toString())
    assert.ok(first)
    assert.equal(second, first)
    assert.equal(options.told.received.length, 1)
    assert.deepEqual(options.told.errors, [])
  })
})

test('the same id with other content is EBMS:0004 and not a duplicate', async () => {
  const options = listening({ duplicates: memoryDuplicates() })
  await whileServing(options, async ({ url }) => {
    assert.equal((await sendMessage(url, sealed(), send)).kind, 'receipt')
    const parts = [{ ...messageOf().parts[0]!, bytes: Buffer.from('<other/>') }]
    const outcome = await sendMessage(url, sealed({ parts }), send)
    assert.equal(outcome.kind === 'error' && outcome.errors[0]?.code, 'EBMS:0004')
    assert.equal(options.told.received.length, 1)
  })
})

test('the same message twice at the same time is stored once', async () => {
  let stored = 0
  const options = listening({
    duplicates: memoryDuplicates(),
    onMessage: async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      stored += 1
    },
  })
  await whileServing(options, async ({ url }) => {
    const sent = sealed()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => sendMessage(url, sent, send)))
    const bodies = outcomes.map((each) =>
      each.kind === 'receipt' ? Buffer.from(each.wire.body).toString() : each.kind,
    )
    assert.equal(new Set(bodies).size, 1)
    assert.match(bodies[0]!, /NonRepudiationInformation/)
    assert.equal(stored, 1)
  })
})

test('a store that finds the message itself answers with the receipt it kept, or refuses', async () => {
  const kept: Wire[] = []
  let refuse = false
  const onMessage = ({ receipt }: { receipt: Wire }): Taken => {
    if (refuse) return { refuse: 'EBMS:0003', detail: 'two documents' }
    kept.push(receipt)
    return { receipt: kept[0]! }
  }
  const options = listening({ onMessage })
  await whileServing(options, async ({ url }) => {
    const sent = sealed()
    const [first, second] = [await sendMessage(url, sent, send), await sendMessage(url, sent, send)]
    assert.ok(first.kind === 'receipt' && second.kind === 'receipt')
    assert.deepEqual(first.wire, second.wire)
    assert.equal(kept.length, 2)
    refuse = true
    const refused = await sendMessage(url, sealed({ messageId: 'x@nta.al' }), send)
    assert.equal(refused.kind === 'error' && refused.errors[0]?.code, 'EBMS:0003')
    assert.equal(options.told.errors[0]?.kind === 'refused' && options.told.errors[0].detail, 'two documents')
  })
})

test('duplicates are remembered for each sender, and only so many', async () => {
  const duplicates = memoryDuplicates(2)
  const receipt = { contentType: 'x', body: Buffer.alloc(0) }
  for (const messageId of ['1', '2', '3'])
    await duplicates.keep?.({ sender: 'a', messageId }, { digest: messageId, receipt })
  assert.equal(await duplicates.find({ sender: 'a', messageId: '1' }), undefined)
  assert.equal(await duplicates.find({ sender: 'b', messageId: '3' }), undefined)
  assert.equal((await duplicates.find({ sender: 'a', messageId: '3' }))?.digest, '3')
})

test('a refused message: the partner hears a code, the log the reason, both the same id', async () => {
  const options = listening()
  await whileServing(options, async ({ url }) => {
    const sent = sealed()
    const body = Buffer.from(sent.body)
    body.writeUInt8(body.at(-400)! ^ 1, body.length - 400)
    const outcome = await sendMessage(url, { ...sent, body }, send)
    assert.equal(outcome.kind, 'error')
    const [event] = options.told.errors
    assert.equal(event?.kind, 'refused')
    assert.ok(Buffer.from(outcome.wire.body).includes(event.errorMessageId))
    assert.ok(event.detail.length > 0 && !Buffer.from(outcome.wire.body).includes(event.detail))
    assert.deepEqual([event.refToMessageId, event.header?.action], [sent.messageId, 'CD001C'])
    assert.deepEqual(options.told.received, [])
  })
})

test('the test service is receipted and never handed on', async () => {
  const service = { value: EBMS.testService }
  const test = (pmode: PMode): PMode => ({ ...pmode, id: 'test', service, actions: [EBMS.testAction] })
  const options = listening({
    findPMode: ({ service }) => (service.value === EBMS.testService ? test(atKosovo) : atKosovo),
  })
  await whileServing(options, async ({ url }) => {
    const ping = sealUserMessage(messageOf({ service, action: EBMS.testAction }), test(atAlbania), albania)
    assert.equal((await sendMessage(url, ping, { ...send, pmode: test(atAlbania) })).kind, 'receipt')
    assert.deepEqual(options.told.received, [])
  })
})

test('the answer of a two-way exchange must be to a request that was made', async () => {
  const options = listening({
    findPMode: () => ({ ...atKosovo, replyTo: 'requests' }),
    findRequest: (messageId) => (messageId === 'request@nta.xk' ? messageOf() : undefined),
  })
  await whileServing(options, async ({ url }) => {
    const answer = (refToMessageId: string) =>
      sendMessage(url, sealed({ refToMessageId, messageId: `to-${refToMessageId}` }), send)
    assert.equal((await answer('request@nta.xk')).kind, 'receipt')
    const other = await answer('other@nta.xk')
    assert.equal(other.kind === 'error' && other.errors[0]?.code, 'EBMS:0003')
    assert.equal(options.told.received.length, 1)
  })
})

test('what is not AS4 is turned back by HTTP: method, path, encoding, size', async () => {
  const options = listening({ limits: { bodyBytes: 1000 } })
  await whileServing(options, async ({ url }) => {
    const status = async (path: string, init: RequestInit): Promise<number> => {
      const response = await fetch(new URL(path, url), init)
      await response.arrayBuffer()
      return response.status
    }
    assert.equal(await status('/as4', { method: 'GET' }), 405)
    assert.equal(await status('/other', { method: 'POST', body: 'x' }), 404)
    assert.equal(await status('/as4', { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } }), 415)
    assert.equal(await status('/as4', { method: 'POST', body: Buffer.alloc(1001) }), 413)
    // Without a length nobody knows before.
    const chunked = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 5; n++) controller.enqueue(Buffer.alloc(300))
        controller.close()
      },
    })
    assert.equal(await status('/as4', { method: 'POST', body: chunked, duplex: 'half' }), 413)
    assert.equal(await status('/as4', { method: 'POST', body: 'x' }), 200)
    assert.equal(options.told.errors.length, 1)
    assert.deepEqual(options.told.faults, [])
  })
})

test('a hook that fails is a fault and status 500; a client that goes away is not', async () => {
  const options = listening({
    onError: () => {
      throw new Error('the log is full')
    },
  })
  await whileServing(options, async ({ url }) => {
    const answer = await postWire(url, { contentType: 'text/plain', body: Buffer.from('x') })
    assert.equal(answer.kind === 'answer' && answer.status, 500)
    assert.deepEqual(options.told.faults.map(String), ['Error: the log is full'])
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc')
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(options.told.faults.length, 1)
  })
})

test('a port that is taken is a fault that says so', async () => {
  await whileServing(listening(), async ({ url }) => {
    const port = Number(new URL(url).port)
    await assert.rejects(serve({ ...listening(), host: '127.0.0.1', port }), { code: 'bad-port' })
  })
})

test('fastify serves the same', async () => {
  const options = listening({ limits: { bodyBytes: 100_000 }, duplicates: memoryDuplicates() })
  const app = fastify()
  app.get('/health', () => ({ ok: true }))
  await app.register(as4, { path: '/as4', ...options })
  const url = new URL('/as4', await app.listen({ host: '127.0.0.1', port: 0 }))
  try {
    const sent = sealed()
    const first = await sendMessage(url, sent, send)
    const second = await sendMessage(url, sent, send)
    assert.ok(first.kind === 'receipt' && second.kind === 'receipt', JSON.stringify(first))
    assert.deepEqual(first.wire.body, second.wire.body)
    assert.deepEqual(options.told.received[0]?.message.parts[0]?.bytes, DOCUMENT)
    const status = async (contentType: string, body: Buffer): Promise<number | string> => {
      const posted = await postWire(url, { contentType, body })
      return posted.kind === 'answer' ? posted.status : posted.reason
    }
    assert.equal(await status('text/plain', Buffer.from('x')), 200)
    assert.equal(await status('application/json', Buffer.from('{}')), 200)
    assert.equal(await status('text/plain', Buffer.alloc(100_001)), 413)
    assert.equal(await status('application/soap+xml', Buffer.from(first.wire.body)), 202)
    assert.equal(options.told.receipts[0]?.verdict.kind, 'unknown')
    assert.equal((await fetch(new URL('/health', url))).status, 200)
  } finally {
    await app.close()
  }
})

test('a message for Albania is not opened with the keys of Kosovo', async () => {
  const options = listening({ identity: albania })
  await whileServing(options, async ({ url }) => {
    const outcome = await sendMessage(url, sealed(), send)
    assert.equal(outcome.kind, 'missing-receipt')
    assert.match(outcome.reason, /EBMS:0101/)
  })
  assert.equal(open(sealed(), { identity: kosovo, findPMode: () => atKosovo, now: now() }).kind, 'user')
})
