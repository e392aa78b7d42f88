// What a store, the line to it or somebody on it may answer: each has its name, and nothing of it is taken for an object.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { after, afterEach, test } from 'node:test'
import { makeAuthority } from '@corridor/as4/testing'
import type { Carrier } from '@corridor/exchange'
import { openObjectStore, StoreFault, type StoreFaultCode, storeSettings } from '../../src/index.ts'
import { keyOf, metadataOf } from '../../src/object-store/layout.ts'
import { object, stores, za, bw } from './stores.ts'

const open: { close(): unknown }[] = []
const carriers: Carrier[] = []
afterEach(async () => {
  for (const each of carriers.splice(0)) await each.close()
})
after(() => {
  for (const each of open) each.close()
})

async function listen(server: Server | ReturnType<typeof createTls>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  return (server.address() as AddressInfo).port
}

async function answering(listener: RequestListener): Promise<Carrier> {
  return carrierAt(`http://127.0.0.1:${await listen(createServer(listener))}`)
}

function carrierAt(endpoint: string, authority?: string): Carrier {
  const settings = storeSettings(
    JSON.stringify({
      endpoint,
      bucket: 'sacu',
      region: 'x',
      accessKeyId: 'key',
      secretAccessKey: 'x'.repeat(20),
      authority,
    }),
  )
  const carrier = openObjectStore({ settings, party: za, answerTimeoutMs: 400, connectTimeoutMs: 2_000 })
  carriers.push(carrier)
  return carrier
}

const mine = () => object({ sender: za, addressee: bw })

async function rejectsAll(carrier: Carrier, code: StoreFaultCode): Promise<void> {
  const is = (error: unknown) => {
    assert.ok(error instanceof StoreFault, String(error))
    assert.equal(error.code, code, error.message)
    assert.equal(error.message.includes('x'.repeat(20)), false)
    return true
  }
  await assert.rejects(carrier.put(mine()), is)
  await assert.rejects(carrier.waiting(5), is)
  await assert.rejects(carrier.mark(object(), 'taken'), is)
}

const errorOf = (code: string) => `<Error><Code>${code}</Code><Message>m</Message></Error>`

for (const [status, code, fault] of [
  [503, 'SlowDown', 'store.busy'],
  [503, 'ServiceUnavailable', 'store.busy'],
  [500, 'InternalError', 'store.busy'],
  [429, 'TooManyRequests', 'store.busy'],
  [403, 'AccessDenied', 'store.denied'],
  [403, 'RequestTimeTooSkewed', 'store.clock'],
  [403, 'InvalidAccessKeyId', 'store.wrong-credentials'],
  [403, 'SignatureDoesNotMatch', 'store.wrong-credentials'],
  [404, 'NoSuchBucket', 'store.no-bucket'],
  [301, 'PermanentRedirect', 'store.elsewhere'],
  [507, 'InsufficientStorage', 'store.full'],
  [400, 'QuotaExceeded', 'store.full'],
  [400, 'EntityTooLarge', 'store.too-large'],
  [400, 'SomethingNew', 'store.refused'],
  [501, 'NotImplemented', 'store.unconditional'],
] as const)
  test(`a store answers ${status} ${code}`, async () => {
    await rejectsAll(await answering((_, response) => response.writeHead(status).end(errorOf(code))), fault)
  })

test('a page of a proxy, an error without a body, an error that never ends', async () => {
  await rejectsAll(
    await answering((_, response) => response.writeHead(502).end('<html>bad gateway</html>')),
    'store.busy',
  )
  await rejectsAll(await answering((_, response) => response.writeHead(403).end()), 'store.denied')
  const endless = (response: ServerResponse): void => {
    response.writeHead(503)
    const more = (): void => {
      if (!response.destroyed && response.write('x'.repeat(10_000))) setImmediate(more)
    }
    response.on('drain', more)
    more()
  }
  await rejectsAll(await answering((_, response) => endless(response)), 'store.broken-answer')
})

test('a store that says nothing, stops in the middle, or closes the line', async () => {
  await rejectsAll(await answering(() => undefined), 'store.unreachable')
  const half = await answering((_, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('<ListBucketResult>')
  })
  await assert.rejects(half.waiting(5), { code: 'store.unreachable' })
  await rejectsAll(await answering((request) => request.socket.destroy()), 'store.unreachable')
  const tcp = createTcp((socket) => socket.end('no http\r\n\r\n'))
  tcp.listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  open.push(tcp)
  await rejectsAll(carrierAt(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}`), 'store.broken-answer')
})

test('a listing that is none', async () => {
  for (const body of [
    '',
    '<html/>',
    '<ListBucketResult',
    '<!DOCTYPE a [<!ENTITY x "y">]><ListBucketResult>&x;</ListBucketResult>',
    '<ListBucketResult><Contents><Key>k</Key><Size>-1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>',
    '<ListBucketResult><Contents><Key>k</Key><Size>1</Size><LastModified>then</LastModified></Contents></ListBucketResult>',
    `<ListBucketResult>${' '.repeat(2_000_001)}</ListBucketResult>`,
  ])
    await assert.rejects((await answering((_, response) => response.end(body))).waiting(5), {
      code: 'store.broken-answer',
    })
})

test('a listing that says it goes on for ever is left after some pages', async () => {
  let asked = 0
  const carrier = await answering((request, response) => {
    asked += request.url?.includes('list-type') === true ? 1 : 0
    const line = (at: number) =>
      `<Contents><Key>to/${za}/M${at}/${'a'.repeat(64)}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`
    if (request.url?.includes('list-type') !== true) return response.writeHead(404).end()
    return response.end(
      `<ListBucketResult><IsTruncated>true</IsTruncated>${line(asked)}${line(asked + 1)}</ListBucketResult>`,
    )
  })
  assert.deepEqual(await carrier.waiting(5), [])
  assert.equal(asked, 20)
})

test('an object that comes as a part only is no object, and stays where it lies', async () => {
  const one = object()
  const methods = new Set<string>()
  for (const how of ['cut', 'short'] as const) {
    const carrier = await answering((request, response) => {
      methods.add(request.method ?? '')
      if (request.url?.includes('list-type') === true)
        return response.end(
          `<ListBucketResult><Contents><Key>${keyOf(one)}</Key><Size>${one.bytes.length}</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>`,
        )
      const part = Buffer.from(one.bytes).subarray(0, 100)
      if (how === 'short') return response.writeHead(200, metadataOf(one)).end(part)
      response.writeHead(200, { ...metadataOf(one), 'content-length': one.bytes.length })
      return response.write(part, () => response.destroy())
    })
    await assert.rejects(carrier.waiting(5), (error: unknown) => error instanceof StoreFault, how)
  }
  assert.deepEqual([...methods], ['GET'])
})

test('what cannot be removed is told once and hides nothing; what comes again for ever is left after some rounds', async () => {
  const one = object()
  const line = (key: string, size = 300) =>
    `<Contents><Key>${key}</Key><Size>${size}</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`
  for (const status of [403, 204]) {
    let [removals, rounds] = [0, 0]
    const carrier = await answering((request, response) => {
      if (request.method === 'DELETE') {
        removals += 1
        return response.writeHead(status).end()
      }
      if (request.url?.includes('list-type') === true) {
        rounds += 1
        const again =
          status === 204
            ? line(`to/${za}/${bw}/${rounds}`)
            : line(`to/${za}/${bw}/rubbish`) + line(`to/${za}/${bw}/../x`) + line(keyOf(one))
        return response.end(`<ListBucketResult>${again}</ListBucketResult>`)
      }
      return response.writeHead(200, metadataOf(one)).end(one.bytes)
    })
    const sound = status === 204 ? 0 : 1
    assert.equal((await carrier.waiting(1)).length, sound)
    assert.equal((await carrier.waiting(1)).length, sound)
    assert.equal(removals, status === 204 ? 40 : 1)
  }
})

test('an object that is longer than the listing says is refused unread', async () => {
  const methods: string[] = []
  let isThere = true
  const carrier = await answering((request, response) => {
    methods.push(request.method ?? '')
    if (request.method === 'DELETE') {
      isThere = false
      return response.writeHead(204).end()
    }
    const one = object()
    if (request.url?.includes('list-type') === true)
      return response.end(
        `<ListBucketResult>${isThere ? `<Contents><Key>${keyOf(one)}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>` : ''}</ListBucketResult>`,
      )
    return response.writeHead(200, metadataOf(one)).end(one.bytes)
  })
  assert.deepEqual(await carrier.waiting(5), [])
  assert.deepEqual(methods, ['GET', 'GET', 'DELETE', 'GET'])
})

test('what is refused to be written over and is gone when it is looked at is left again, a few times', async () => {
  let puts = 0
  const carrier = await answering((request, response) => {
    request.resume()
    if (request.method === 'PUT') puts += 1
    response.writeHead(request.method === 'PUT' ? 412 : 404).end()
  })
  await assert.rejects(carrier.put(mine()), { code: 'store.busy' })
  assert.equal(puts, 3)
})

test('over TLS: with its authority it is reached, without it or under another name it is not trusted', async () => {
  const made = await stores['the stand-in of demonstrations']()
  const store = await made.make()
  try {
    const authority = await makeAuthority('CA of the store')
    const leaf = await authority.issue({ commonName: 'store' })
    const behind = Number(store.owner.endpoint.port)
    const tls = createTls({ cert: leaf.certificatePem, key: leaf.privateKeyPem }, (socket) => {
      const through = connect(behind, '127.0.0.1')
      socket.pipe(through).pipe(socket)
      for (const each of [socket, through]) each.on('error', () => through.destroy())
    })
    const port = await listen(tls)
    const settings = { ...store.settingsOf(za), endpoint: new URL(`https://127.0.0.1:${port}`) }
    const reached = (more: { authority?: string; endpoint?: URL }) => {
      const carrier = openObjectStore({ settings: { ...settings, ...more }, party: za })
      carriers.push(carrier)
      return carrier
    }
    assert.deepEqual(await reached({ authority: authority.certificatePem }).waiting(5), [])
    await assert.rejects(reached({}).waiting(5), { code: 'store.not-trusted' })
    const another = await makeAuthority('another')
    await assert.rejects(reached({ authority: another.certificatePem }).waiting(5), { code: 'store.not-trusted' })
  } finally {
    await store.drop()
  }
})
