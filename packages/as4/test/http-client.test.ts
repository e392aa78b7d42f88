import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { ebmsError, sealError, sealReceipt, sealUserMessage } from '@corridor/as4'
import { memoryDuplicates, postWire, sendMessage, type SendOptions } from '@corridor/as4/http'
import { listening, whileServing } from './http-support.ts'
import { albania, atAlbania, authority, DOCUMENT, kosovo, messageOf, openAtKosovo, sealed } from './support.ts'

const now = (): Date => new Date()
const send: SendOptions = { pmode: atAlbania, now }

/** A server that answers as it is told, for as long as `work` takes. */
async function whileAnswering(listener: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/as4`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

const hasIPv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'))

for (const [host, pattern, skip] of [
  ['127.0.0.1', /^http:\/\/127\.0\.0\.1:/, false],
  ['::1', /^http:\/\/\[::1\]:/, hasIPv6 ? false : 'needs IPv6'],
  ['localhost', /^http:\/\//, false],
] as const) {
  test(`a message is sent to ${host} and its receipt verified`, { skip }, async () => {
    const options = listening()
    await whileServing({ ...options, host }, async ({ url }) => {
      assert.match(url, pattern)
      const outcome = await sendMessage(url, sealed(), send)
      assert.equal(outcome.kind, 'receipt', JSON.stringify(outcome))
      assert.equal(outcome.attempts, 1)
      const [received] = options.told.received
      assert.deepEqual(received?.message.parts[0]?.bytes, DOCUMENT)
      assert.deepEqual(received.receipt.body, outcome.wire.body)
      assert.ok(received.peer.address)
    })
  })
}

test('over TLS, both ends show a certificate and a pinned server is known by it', async () => {
  const tls = { certificate: kosovo.certificatePem, key: kosovo.privateKeyPem, clientCa: authority.certificatePem }
  const options = listening()
  await whileServing({ ...options, tls }, async ({ url }) => {
    assert.match(url, /^https:/)
    const client = { ca: authority.certificatePem, certificate: albania.certificatePem, key: albania.privateKeyPem }
    const pinned = { ...client, pinned: [kosovo.certificate] }
    const outcome = await sendMessage(url, sealed(), { ...send, tls: pinned })
    assert.equal(outcome.kind, 'receipt', JSON.stringify(outcome))
    assert.equal(options.told.received[0]?.peer.certificate?.fingerprint256, albania.certificate.fingerprint256)

    for (const [wrong, reason] of [
      [{ ...client, pinned: [albania.certificate] }, /not one that is pinned/],
      [{ ca: authority.certificatePem }, /certificate required|ECONNRESET|socket hang up|alert/i],
      [{ ...client, ca: undefined }, /unable to verify|self-signed/i],
    ] as const) {
      const refused = await sendMessage(url, sealed(), { ...send, tls: wrong })
      assert.equal(refused.kind, 'missing-receipt')
      assert.match(refused.reason, reason)
    }
    assert.equal(options.told.received.length, 1)
  })
})

test('many messages at a time go over kept connections', async () => {
  const options = listening()
  await whileServing(options, async ({ url }) => {
    const ids = Array.from({ length: 20 }, (_, n) => `m${n}@nta.al`)
    const outcomes = await Promise.all(ids.map((messageId) => sendMessage(url, sealed({ messageId }), send)))
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(['receipt']))
    assert.deepEqual(options.told.received.map(({ message }) => message.messageId).sort(), ids.sort())
  })
})

test('a connection that the partner closed meanwhile is made anew without counting as a try', async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('x'))
  })
  server.keepAliveTimeout = 1
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  for (let n = 0; n < 5; n++) {
    const posted = await postWire(url, sealed())
    assert.equal(posted.kind, 'answer', JSON.stringify(posted))
    server.closeIdleConnections()
  }
  server.close()
})

test('no receipt is EBMS:0301 at the sender, whatever the reason, and nothing of it goes on the wire', async () => {
  const cases: [reason: RegExp, listener: RequestListener][] = [
    [/HTTP 204 without a body/, (_, response) => response.writeHead(204).end()],
    [/HTTP 503 without a body/, (_, response) => response.writeHead(503, { 'retry-after': '7' }).end()],
    [/HTTP 302 without a body/, (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    [/EBMS:0007/, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')],
    [/encoded as gzip/, (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')],
    [/more than 1000 bytes/, (_, response) => response.end(Buffer.alloc(2000))],
    [/socket hang up|ECONNRESET|aborted/, (_, response) => response.writeHead(200, { 'content-length': 9 }).destroy()],
    [/no whole answer within/, () => undefined],
    [
      /not signed|EBMS:0009/,
      (_, response) => response.writeHead(200, { 'content-type': 'application/soap+xml' }).end('<a/>'),
    ],
  ]
  for (const [reason, listener] of cases) {
    let posts = 0
    const counting: RequestListener = (request, response) => {
      posts += 1
      request.resume().on('end', () => listener(request, response))
    }
    await whileAnswering(counting, async (url) => {
      const outcome = await sendMessage(url, sealed(), { ...send, timeoutMs: 500, answerBytes: 1000 })
      assert.equal(outcome.kind, 'missing-receipt', String(reason))
      assert.match(outcome.reason, reason)
      assert.deepEqual([outcome.error.code, outcome.attempts, posts], ['EBMS:0301', 1, 1])
      if (String(reason).includes('503')) assert.deepEqual([outcome.status, outcome.retryAfterMs], [503, 7000])
    })
  }
})

test('nobody there is EBMS:0301 too', async () => {
  const free = createTcpServer()
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
  const { port } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))
  const outcome = await sendMessage(`http://127.0.0.1:${port}/as4`, sealed(), send)
  assert.equal(outcome.kind, 'missing-receipt')
  assert.match(outcome.reason, /ECONNREFUSED/)
})

test('the same bytes are sent again until the receipt comes, and the partner has one message', async () => {
  const options = listening({ duplicates: memoryDuplicates() })
  await whileServing(options, async ({ url }) => {
    // Two receipts are lost on the way back.
    let lost = 2
    const bodies: string[] = []
    const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = Buffer.concat(await request.toArray())
      bodies.push(body.toString('base64'))
      const contentType = request.headers['content-type'] ?? ''
      const answer = await postWire(url, { contentType, body })
      assert.equal(answer.kind, 'answer')
      if (lost-- > 0) response.destroy()
      else response.writeHead(200, { 'content-type': answer.wire.contentType }).end(answer.wire.body)
    }
    await whileAnswering(
      (request, response) => {
        forward(request, response).catch((error: unknown) => response.destroy(error as Error))
      },
      async (proxy) => {
        const pauses: number[] = []
        const sleep = (ms: number): Promise<void> => {
          pauses.push(ms)
          return Promise.resolve()
        }
        const outcome = await sendMessage(proxy, sealed(), { ...send, sleep, retry: { count: 3, intervalMs: 40 } })
        assert.equal(outcome.kind, 'receipt')
        assert.deepEqual([outcome.attempts, pauses], [3, [40, 40]])
        assert.equal(new Set(bodies).size, 1)
        assert.equal(options.told.received.length, 1)
        assert.deepEqual(outcome.wire.body, options.told.received[0]?.receipt.body)
      },
    )
  })
})

test('a refusal that the partner signed ends the tries; one of the moment or of anybody does not', async () => {
  const sent = sealed()
  const about = { messageId: 'e@nta.xk', timestamp: now(), refToMessageId: sent.messageId }
  const signed = (code: 'EBMS:0004' | 'EBMS:0202') => sealError(ebmsError(code), { ...about, identity: kosovo })
  const unsigned = signed('EBMS:0004')
  const bare = Buffer.from(unsigned.body)
    .toString()
    .replace(/<wsse:Security.*<\/wsse:Security>/s, '')
  for (const [wire, attempts, isSigned, code] of [
    [signed('EBMS:0004'), 1, true, 'EBMS:0004'],
    [signed('EBMS:0202'), 3, true, 'EBMS:0202'],
    [{ ...unsigned, body: Buffer.from(bare) }, 3, false, 'EBMS:0004'],
  ] as const) {
    const listener: RequestListener = (request, response) => {
      request.resume().on('end', () => response.writeHead(200, { 'content-type': wire.contentType }).end(wire.body))
    }
    await whileAnswering(listener, async (url) => {
      const outcome = await sendMessage(url, sent, { ...send, retry: { count: 2, intervalMs: 1 } })
      assert.equal(outcome.kind, 'error', JSON.stringify(outcome))
      assert.deepEqual([outcome.attempts, outcome.signed, outcome.errors[0]?.code], [attempts, isSigned, code])
    })
  }
})

test('a receipt for other bytes or by another key is no receipt', async () => {
  const sent = sealed()
  const other = openAtKosovo(sealed({ parts: [] }))
  const same = openAtKosovo(sent)
  assert.ok(other.kind === 'user' && same.kind === 'user')
  const signal = { messageId: 'r@nta.xk', timestamp: now() }
  for (const [receipt, reason] of [
    [sealReceipt(other, { ...signal, identity: kosovo }), /not for just what was sent/],
    [sealReceipt(same, { ...signal, identity: albania }), /EBMS:0101/],
  ] as const) {
    const listener: RequestListener = (request, response) => {
      request
        .resume()
        .on('end', () => response.writeHead(200, { 'content-type': receipt.contentType }).end(receipt.body))
    }
    await whileAnswering(listener, async (url) => {
      const outcome = await sendMessage(url, sent, send)
      assert.equal(outcome.kind, 'missing-receipt')
      assert.match(outcome.reason, reason)
    })
  }
})

test('sending can be given up from outside', async () => {
  await whileAnswering(
    () => undefined,
    async (url) => {
      const stop = AbortSignal.timeout(50)
      const outcome = await sendMessage(url, sealed(), { ...send, signal: stop, retry: { count: 9, intervalMs: 1 } })
      assert.deepEqual([outcome.kind, outcome.attempts], ['missing-receipt', 1])
    },
  )
})

test('an address that is none is a fault', async () => {
  for (const url of ['', 'as4', 'ftp://127.0.0.1/as4', 'file:///etc/passwd']) {
    await assert.rejects(sendMessage(url, sealUserMessage(messageOf(), atAlbania, albania), send), { code: 'bad-url' })
  }
})
