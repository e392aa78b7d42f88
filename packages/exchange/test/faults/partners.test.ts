// Partners that answer nonsense, ask for patience, move to another address, and ten countries on bad lines.
import assert from 'node:assert/strict'
import dns from 'node:dns'
import { createServer, type Server } from 'node:https'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { syncBuiltinESMExports } from 'node:module'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Wire } from '@corridor/as4'
import type { Outgoing, TransportAnswer } from '../../src/index.ts'
import { count, document, makePapers, recordEffect, seal, until } from '../nodes.ts'
import {
  clear,
  deliveredOnce,
  journalHolds,
  makeSide,
  outboxOf,
  owe,
  partner,
  post,
  work,
  type Side,
  type Working,
} from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'

let al: Side
let xk: Side
let kosovo: Working
const stops: (() => Promise<unknown>)[] = []
const nobody = 'https://127.0.0.1:1/as4'

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
  kosovo = await work(xk, { partners: [partner(xk, al, nobody)] })
})
beforeEach(() => clear(al, xk))
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})
after(async () => {
  await kosovo.stop()
  await Promise.all([al, xk].map(journalHolds))
  await Promise.all([al.store.drop(), xk.store.drop()])
})

type Answering = (response: ServerResponse, wire: Wire) => Promise<void> | void

/** A server with Kosovo's certificate that does as it likes. Answers its port. */
async function pretend(answers: Answering): Promise<number> {
  const { certificatePem: cert, privateKeyPem: key } = xk.papers
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat((await request.toArray()) as Buffer[])
    await answers(response, { contentType: request.headers['content-type'] ?? '', body })
  }
  const server: Server = createServer({ cert, key }, (request, response) => {
    take(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port
}

const toKosovo = () => partner(al, xk, kosovo.port)

function give(response: ServerResponse, { status, wire }: TransportAnswer): void {
  response.writeHead(status, { 'content-type': wire.contentType, 'content-length': wire.body.length }).end(wire.body)
}

const nonsense: [
  what: string,
  answers: (response: ServerResponse, real: TransportAnswer, other: TransportAnswer) => void,
][] = [
  [
    'HTML',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to the portal</html>'),
  ],
  ['nothing', (response) => response.writeHead(200, { 'content-length': 0 }).end()],
  [
    'half of a receipt',
    (response, real) => give(response, { ...real, wire: { ...real.wire, body: real.wire.body.subarray(0, 900) } }),
  ],
  [
    'a receipt that breaks off',
    (response, { wire }) => {
      response.writeHead(200, { 'content-type': wire.contentType, 'content-length': wire.body.length })
      response.write(wire.body.subarray(0, 900), () => response.destroy())
    },
  ],
  [
    'a receipt as a picture',
    (response, real) => give(response, { ...real, wire: { ...real.wire, contentType: 'image/png' } }),
  ],
  ['the receipt of another message', (response, _, other) => give(response, other)],
  ['more than an answer has', (response) => response.writeHead(200).end(Buffer.alloc(2_000_000))],
  ['a redirection', (response) => response.writeHead(307, { location: nobody }).end()],
]

for (const [what, answers] of nonsense)
  test(`F32 a partner that answers ${what} has confirmed nothing: the message goes again`, async () => {
    const other = await post(al, toKosovo(), seal(document('NTA.XK'), toKosovo(), al.papers))
    let asked = 0
    const port = await pretend(async (response, wire) => {
      asked++
      const real = await post(al, toKosovo(), wire)
      if (asked <= 2) answers(response, real, other)
      else give(response, real)
    })
    const albania = await work(al, { partners: [partner(al, xk, port)] })
    stops.push(() => albania.stop())
    const message = document('NTA.XK')
    await owe(al, [xk], [message])
    await deliveredOnce(al, xk, [message])
    assert.equal((await outboxOf(al, message)).tries, 3)
    assert.equal(asked, 3)
  })

test('F32 a partner whose answer drips, each piece in time, is not waited for without end', async () => {
  let asked = 0
  const port = await pretend(async (response, wire) => {
    if (asked++ > 0) return give(response, await post(al, toKosovo(), wire))
    response.writeHead(200, { 'content-length': 100_000 })
    const drip = setInterval(() => response.write('x'), 100)
    response.once('close', () => clearInterval(drip))
  })
  const albania = await work(al, { partners: [partner(al, xk, port)], transport: { answerTimeoutMs: 1_000 } })
  stops.push(() => albania.stop())
  const message = document('NTA.XK')
  await owe(al, [xk], [message])
  await deliveredOnce(al, xk, [message])
  assert.equal(asked, 2)
})

for (const [status, retryAfter] of [
  [503, () => '3600'],
  [429, (now: Date) => new Date(now.getTime() + 3_600_000).toUTCString()],
] as const)
  test(`F33 ${status} with Retry-After: the partner is left alone until then, with all that is for it`, async () => {
    // Whole seconds, as an HTTP date has them.
    let now = new Date(Math.floor(Date.now() / 1_000) * 1_000)
    let asked = 0
    const port = await pretend(async (response, wire) => {
      asked++
      if (asked > 1) give(response, await post(al, toKosovo(), wire))
      else response.writeHead(status, { 'retry-after': retryAfter(now) }).end()
    })
    const albania = await work(al, { partners: [partner(al, xk, port)], idle: true, exchange: { clock: () => now } })
    stops.push(() => albania.stop())
    const steps = albania.exchange.steps(recordEffect)
    const messages = [document('NTA.XK'), document('NTA.XK')]
    await owe(al, [xk], messages)
    await al.store.db.query('update outbox set due_at = $1', [now])
    assert.equal(await steps.send(), true)
    now = new Date(now.getTime() + 3_599_000)
    assert.equal(await steps.send(), false)
    assert.equal(asked, 1)
    now = new Date(now.getTime() + 1_000)
    while (await steps.send());
    await deliveredOnce(al, xk, messages)
    assert.equal(asked, 3)
  })

test('F34 a name that is gone, leads to a dead address, leads to an impostor, and is right again', async () => {
  const real = dns.lookup
  const lookUp: { address: string | undefined } = { address: undefined }
  const lookup = (name: string, options: dns.LookupOptions, callback: (...answer: unknown[]) => void): void => {
    if (name !== 'gateway.kosovo.test') return real(name, options, callback)
    const { address } = lookUp
    const gone = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })
    if (address === undefined) callback(gone)
    else if (options.all === true) callback(null, [{ address, family: 4 }])
    else callback(null, address, 4)
  }
  Object.assign(dns, { lookup })
  syncBuiltinESMExports()
  stops.push(async () => {
    Object.assign(dns, { lookup: real })
    syncBuiltinESMExports()
  })
  const impostor = await work(
    { ...xk, papers: { ...(await makePapers('NTA.XK')), caPem: xk.papers.caPem } },
    { partners: [], serve: { host: '127.0.0.3', port: kosovo.port }, idle: true },
  )
  stops.push(() => impostor.stop())
  const albania = await work(al, { partners: [partner(al, xk, `https://gateway.kosovo.test:${kosovo.port}/as4`)] })
  stops.push(() => albania.stop())
  const message = document('NTA.XK')
  await owe(al, [xk], [message])
  const reason = async () => (await outboxOf(al, message)).reason ?? ''
  await until('the name is gone', async () => (await reason()).includes('ENOTFOUND'))
  lookUp.address = '127.0.0.2'
  await until('nobody is there', async () => (await reason()).includes('ECONNREFUSED'))
  lookUp.address = '127.0.0.3'
  await until('the impostor is known', async () => /certificate|not pinned/.test(await reason()))
  assert.equal(await count(xk.store.db, 'inbox'), 0)
  lookUp.address = '127.0.0.1'
  await deliveredOnce(al, xk, [message])
})

test('F27 ten countries on lines that are cut, clogged and slow by chance: when they are mended, all is everywhere once', async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31) + 1
  t.diagnostic(`seed ${seed}`)
  let drawn = seed
  const random = (): number => (drawn = (drawn * 16_807) % 2_147_483_647) / 2_147_483_647
  const sides: Side[] = []
  for (let n = 0; n < 10; n++) sides.push(await makeSide(`NTA.C${n}`, 3))
  const ports = new Map<Side, number>()
  const lines = new Map<string, TcpProxy>()
  const nodes: Working[] = []
  for (const from of sides)
    for (const to of sides)
      if (from !== to) lines.set(`${from.papers.party} ${to.papers.party}`, await TcpProxy.to(() => ports.get(to) ?? 1))
  const lineOf = (from: Side, to: Side) => lines.get(`${from.papers.party} ${to.papers.party}`)!
  for (const side of sides) {
    const partners = sides
      .filter((other) => other !== side)
      .map((other) => partner(side, other, lineOf(side, other).url))
    const transport = { connectTimeoutMs: 1_000, answerTimeoutMs: 1_000, connections: 2 }
    const node = await work(side, { partners, transport, exchange: { deciding: 2 } })
    ports.set(side, node.port)
    nodes.push(node)
  }
  const sent: [from: Side, to: Side, messages: Outgoing[]][] = []
  for (const from of sides)
    for (const to of sides)
      if (from !== to) sent.push([from, to, [document(to.papers.party, { sender: from.papers.party })]])
  for (let round = 0; round < 10; round++) {
    for (const line of lines.values()) spoil(line, random)
    for (const [from, to, messages] of sent.slice(round * 9, round * 9 + 9)) await owe(from, [to], messages)
    await pause(150)
  }
  for (const line of lines.values()) line.mend()
  for (const [from, to, messages] of sent) await deliveredOnce(from, to, messages, 120_000)
  for (const side of sides) assert.equal(await count(side.store.db, 'inbox'), 9)
  for (const line of lines.values()) line.cut()
  await Promise.all(nodes.map((node) => node.stop()))
  await Promise.all([...lines.values()].map((line) => line.close()))
  for (const side of sides) {
    await journalHolds(side)
    await side.store.drop()
  }
})

function spoil(line: TcpProxy, random: () => number): void {
  line.mend()
  const drawn = random()
  if (drawn < 0.2) line.cut()
  else if (drawn < 0.3) line.reach = 'swallow'
  else if (drawn < 0.4) line.back = { pass: 'lose' }
  else if (drawn < 0.5) line.there = { pass: 'hold' }
  else if (drawn < 0.7) line.there = { pass: 'on', delayMs: Math.floor(random() * 400) }
}
