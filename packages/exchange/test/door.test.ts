import assert from 'node:assert/strict'
import { makeAuthority } from '@corridor/as4/testing'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { after, before, test } from 'node:test'
import { connect as tlsConnect } from 'node:tls'
import { httpsTransport, type As4Server, type Partner } from '../src/index.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  seal,
  serverOf,
  until,
  type Papers,
} from './nodes.ts'

let albania: Papers
let kosovo: Papers
let store: Awaited<ReturnType<typeof makeStore>>
let server: As4Server
/** A certificate of an authority that Kosovo trusts, in Albania's name, but not the pinned one. */
let unpinned: Papers

before(async () => {
  albania = await makePapers('NTA.AL')
  kosovo = await makePapers('NTA.XK')
  unpinned = await makePapers('NTA.AL', await makeAuthority('another'))
  store = await makeStore()
  const partner = { ...partnerOf('NTA.XK', albania, ''), ca: [albania.caPem, unpinned.caPem] }
  const exchange = createExchange(optionsOf(kosovo, store.db, [partner]))
  server = await serverOf(exchange, kosovo, 0)
})

after(async () => {
  await server.close()
  await store.drop()
})

function toKosovo(): Partner {
  return partnerOf('NTA.AL', kosovo, `https://127.0.0.1:${server.address.port}/as4`)
}

test('who comes without a certificate, or with one that is pinned to no partner, is turned away at the door', async () => {
  const stranger = await makePapers('NTA.RS')
  const partner = toKosovo()
  for (const [certificate, key] of [
    ['', ''],
    [stranger.certificatePem, stranger.privateKeyPem],
    [unpinned.certificatePem, unpinned.privateKeyPem],
  ] as const) {
    const client = httpsTransport({ certificate, key })
    await assert.rejects(client.send(partner.url, seal(document('NTA.XK'), partner, albania), partner))
    await client.close()
  }
  await until('three lines', async () => (await count(store.db, "journal where kind = 'connection.refused'")) === 3)
  assert.equal(await count(store.db, 'journal'), 3)
  assert.equal(await count(store.db, 'inbox'), 0)
})

test('TLS below 1.2 is not spoken', async () => {
  const { port } = server.address
  const options = {
    port,
    host: '127.0.0.1',
    ca: [kosovo.caPem],
    cert: albania.certificatePem,
    key: albania.privateKeyPem,
  }
  const attempt = new Promise((resolve, reject) => {
    const old = {
      ...options,
      minVersion: 'TLSv1' as const,
      maxVersion: 'TLSv1.1' as const,
      ciphers: 'DEFAULT:@SECLEVEL=0',
    }
    tlsConnect(old, () => resolve('connected')).once('error', reject)
  })
  // The server's alert, not a refusal of our own client.
  await assert.rejects(attempt, { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })
})

test('when it cannot store, it gives no receipt and asks for patience', async () => {
  const bare = await makeStore()
  const broken = createExchange(optionsOf(kosovo, bare.db, [partnerOf('NTA.XK', albania, '')]))
  await bare.db.query('alter table inbox rename to elsewhere')
  const partner = toKosovo()
  const answer = await broken.receive(seal(document('NTA.XK'), partner, albania))
  assert.equal(answer.status, 503)
  assert.ok((answer.retryAfterSeconds ?? 0) > 0)
  assert.match(Buffer.from(answer.wire?.body ?? []).toString(), /EBMS:0202/)
  await bare.drop()
})

async function post(options: RequestOptions, body?: Buffer): Promise<number> {
  const { port } = server.address
  const base = {
    host: '127.0.0.1',
    port,
    ca: [kosovo.caPem],
    cert: albania.certificatePem,
    key: albania.privateKeyPem,
    agent: false,
  }
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ ...base, path: '/as4', method: 'POST', ...options }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    request.on('error', reject)
    request.end(body)
  })
}

test('the endpoint takes POST to /as4 of a bounded size and nothing else', async () => {
  assert.equal(await post({ path: '/' }), 404)
  assert.equal(await post({ path: '/as4/../as4' }), 404)
  assert.equal(await post({ method: 'GET' }), 405)
  assert.equal(await post({ headers: { 'content-encoding': 'gzip' } }, Buffer.from('x')), 415)
  assert.equal(await post({ headers: { 'content-length': 10_000_001 } }), 413)
  assert.equal(await post({ headers: { 'transfer-encoding': 'chunked' } }, Buffer.alloc(10_000_001)), 413)
  assert.equal(await post({}, Buffer.from('x')), 200)
})

test('strangers who say nothing hold no connection, and only so many at a time', async () => {
  const exchange = createExchange(optionsOf(kosovo, store.db, [partnerOf('NTA.XK', albania, '')]))
  const door = await serverOf(exchange, kosovo, 0, {
    headersTimeoutMs: 2_000,
    mostConnections: 3,
  })
  const began = performance.now()
  const sockets = Array.from({ length: 6 }, () => connectTcp(door.address.port, '127.0.0.1'))
  const ends = sockets.map((socket) => once(socket.resume(), 'close'))
  await Promise.race(ends)
  assert.ok(performance.now() - began < 1_500, 'one too many is turned away at once')
  await Promise.all(ends)
  assert.ok(performance.now() - began >= 1_500, 'those within the number have their time')
  await door.close()
})

test('a partner with too much at once is asked to come later, and the others are not', async () => {
  const third = await makePapers('NTA.ME')
  const partners = [partnerOf('NTA.XK', albania, ''), partnerOf('NTA.XK', third, '')]
  const exchange = createExchange(optionsOf(kosovo, store.db, partners))
  const door = await serverOf(exchange, kosovo, 0, {
    share: { requests: 2, bytes: 1_000_000 },
    mostConnectionsOfPartner: 4,
  })
  const toDoor = { port: door.address.port }
  // Two requests of Albania whose bodies do not end.
  const endless = [1, 2].map(() => {
    const request = httpsRequest({
      ...toDoor,
      host: '127.0.0.1',
      ca: [kosovo.caPem],
      cert: albania.certificatePem,
      key: albania.privateKeyPem,
      agent: false,
      path: '/as4',
      method: 'POST',
      headers: { 'content-length': 5_000 },
    })
    request.on('error', () => {})
    request.write('x')
    return request
  })
  await until('both are inside', async () => (await post(toDoor, Buffer.from('x'))) === 503)
  const answers: number[] = []
  for (let n = 0; n < 3; n++) answers.push(await post(toDoor, Buffer.from('x')))
  assert.deepEqual(answers, [503, 503, 503])
  const montenegro = { ...toDoor, cert: third.certificatePem, key: third.privateKeyPem }
  assert.equal(await post(montenegro, Buffer.from('x')), 200)
  for (const request of endless) request.destroy()
  await until('Albania is served again', async () => (await post(toDoor, Buffer.from('x'))) === 200)
  await door.close()
})

test('a partner has so many connections and no more', async () => {
  const exchange = createExchange(optionsOf(kosovo, store.db, [partnerOf('NTA.XK', albania, '')]))
  const door = await serverOf(exchange, kosovo, 0, {
    mostConnectionsOfPartner: 2,
  })
  const options = {
    port: door.address.port,
    host: '127.0.0.1',
    ca: [kosovo.caPem],
    cert: albania.certificatePem,
    key: albania.privateKeyPem,
  }
  const sockets = [1, 2, 3].map(() => tlsConnect(options).on('error', () => {}))
  const closed = new Set<number>()
  sockets.forEach((socket, n) => socket.resume().once('close', () => closed.add(n)))
  await until('one is turned away', () => closed.size === 1)
  sockets.find((_, n) => !closed.has(n))!.destroy()
  await until('there is room again', async () => (await post({ port: door.address.port }, Buffer.from('x'))) === 200)
  for (const socket of sockets) socket.destroy()
  await door.close()
})

test('a partner that is connected and asks for nothing does not hold back the end', async () => {
  const exchange = createExchange(optionsOf(kosovo, store.db, [partnerOf('NTA.XK', albania, '')]))
  const door = await serverOf(exchange, kosovo, 0, {
    closeWithinMs: 200,
  })
  const { certificatePem: cert, privateKeyPem: key } = albania
  const silent = tlsConnect({ ...door.address, cert, key, ca: [kosovo.caPem] }).on('error', () => {})
  await once(silent, 'secureConnect')
  const closed = once(silent.resume(), 'close')
  await door.close()
  await closed
})
