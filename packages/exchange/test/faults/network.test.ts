// The line between two nodes, spoiled by a TCP proxy. Both nodes are real: TLS, AS4 and PostgreSQL.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Outgoing } from '../../src/index.ts'
import { count, document, impatient, until, vaultOf } from '../nodes.ts'
import {
  clear,
  deliveredOnce,
  journalHolds,
  makeSide,
  outboxOf,
  owe,
  partner,
  post,
  said,
  work,
  type Side,
  type Working,
  type WorkingOptions,
} from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'

let al: Side
let xk: Side
let me: Side
/** From Albania to Kosovo and to Montenegro. */
let line: TcpProxy
let other: TcpProxy
let kosovo: Working
let montenegro: Working
const albanias: Working[] = []

/** All nodes have the same clock, which a test may set forward. */
let aheadMs = 0
const clock = (): Date => new Date(Date.now() + aheadMs)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const nobody = 'https://127.0.0.1:1/as4'

before(async () => {
  ;[al, xk, me] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK'), makeSide('NTA.ME')])
  const exchange = { clock }
  kosovo = await work(xk, { partners: [partner(xk, al, nobody)], exchange })
  montenegro = await work(me, { partners: [partner(me, al, nobody)], exchange })
  line = await TcpProxy.to(() => kosovo.port)
  other = await TcpProxy.to(() => montenegro.port)
})

beforeEach(async () => {
  aheadMs = 0
  await clear(al, xk, me)
  for (const each of [line, other]) each.mend()
})

afterEach(async () => {
  for (const each of [line, other]) each.cut()
  for (const each of albanias.splice(0)) await each.stop()
})

after(async () => {
  await Promise.all([kosovo.stop(), montenegro.stop(), line.close(), other.close()])
  await Promise.all([al, xk, me].map(journalHolds))
  await Promise.all([al, xk, me].map(({ store }) => store.drop()))
})

async function startAlbania(more: Partial<WorkingOptions> = {}): Promise<Working> {
  const partners = [partner(al, xk, line.url), partner(al, me, other.url)]
  const transport = { connectTimeoutMs: 500, answerTimeoutMs: 500, ...more.transport }
  const albania = await work(al, { partners, ...more, transport, exchange: { clock, ...more.exchange } })
  albanias.push(albania)
  return albania
}

const oweKosovo = (messages: Outgoing[]) => owe(al, [xk], messages)
const some = (n: number, more: Partial<Outgoing> = {}) => Array.from({ length: n }, () => document('NTA.XK', more))
const parked = () => count(al.store.db, "outbox where state = 'parked'")

/** Waits until Albania has tried the message once more, in vain. */
async function triedAgain(message: Outgoing, more = 1): Promise<void> {
  const { tries } = await outboxOf(al, message)
  await until('it is tried again', async () => (await outboxOf(al, message)).tries >= tries + more)
}

test('F23 a partition of eight hours: nothing is parked, tries are few, and the backlog is empty soon after', async (t) => {
  line.cut()
  await startAlbania({ exchange: { patience: { ...impatient, backOffMs: 1_000, backOffMostMs: 30_000 } } })
  const messages = some(60)
  const before = line.connections
  for (let half = 0; half < 16; half++) {
    await oweKosovo(messages.slice(half * 4, half * 4 + 4))
    const seen = line.connections
    aheadMs += hourMs / 2
    await until('it is tried', () => {
      aheadMs += 1_000
      return line.connections > seen
    })
  }
  t.diagnostic(`${line.connections - before} connections were tried for ${messages.length} messages in eight hours`)
  assert.ok(line.connections - before <= 16 * 3 * 8, 'not one for each message each time')
  line.mend()
  aheadMs += minuteMs
  await deliveredOnce(al, xk, messages)
  assert.equal(await parked(), 0)
})

test('F24 the line to a hub alone is away: what is pushed directly goes on, and the hub gets its copies later', async () => {
  other.cut()
  await startAlbania()
  const direct = some(20)
  const copies = direct.map(({ conversation }) => document('NTA.ME', { conversation }))
  await owe(al, [xk, me], [...copies, ...direct])
  await deliveredOnce(al, xk, direct)
  assert.equal(await count(al.store.db, "outbox where recipient = 'NTA.ME' and state = 'receipted'"), 0)
  other.mend()
  await deliveredOnce(al, me, copies)
})

test('F25 requests arrive and receipts are lost: the same bytes go again, the same receipt comes back, one effect', async () => {
  await startAlbania()
  line.onEachRequest(() => (line.back = { pass: 'lose' }))
  const [message] = some(1) as [Outgoing]
  await oweKosovo([message])
  await until('it has come and was repeated', async () => (await said(xk, 'message.repeated', message)) >= 2)
  const { state, sealed } = await outboxOf(al, message)
  assert.equal(state, 'sent')
  line.mend()
  line.resetAll()
  await deliveredOnce(al, xk, [message])
  assert.deepEqual((await outboxOf(al, message)).sealed, sealed)
})

test('F26 a line that flaps every second carries everything once', async (t) => {
  await startAlbania()
  const messages = some(60)
  for (let second = 0; second < 6; second++) {
    await oweKosovo(messages.slice(second * 10, second * 10 + 10))
    line.cut()
    await pause(500)
    line.mend()
    await pause(500)
  }
  await deliveredOnce(al, xk, messages)
  const [row] = await al.store.db.query<{ most: number }>('select max(tries) as most from outbox')
  t.diagnostic(`${row?.most} tries at most`)
})

test('F28 the same message twice, and fifty times at once: one effect, and every answer is the same', async () => {
  const to = partner(al, xk, kosovo.port)
  await startAlbania()
  const [message] = some(1) as [Outgoing]
  await oweKosovo([message])
  await deliveredOnce(al, xk, [message])
  const wire = await sentBytes(message)
  const answers = [
    await post(al, to, wire),
    ...(await Promise.all(Array.from({ length: 50 }, () => post(al, to, wire)))),
  ]
  for (const { status, wire: answer } of answers) {
    assert.equal(status, 200)
    assert.deepEqual(answer, answers[0]?.wire)
  }
  await deliveredOnce(al, xk, [message])
  assert.equal(await said(xk, 'message.repeated', message), 51)
})

/** The bytes of the outbox, as somebody who has seen them pass may send them again. */
async function sentBytes({ messageId }: Outgoing): Promise<{ contentType: string; body: Buffer }> {
  const [row] = await al.store.db.query<{ sealed: Buffer; sealed_content_type: string }>(
    'select sealed, sealed_content_type from outbox where message_id = $1',
    [messageId],
  )
  assert.ok(row)
  return { contentType: row.sealed_content_type, body: vaultOf('NTA.AL').open('sealed', messageId, row.sealed) }
}

test('F30 bytes that are ten minutes and five days late arrive as what they are; the sender had tried again meanwhile', async () => {
  line.cut()
  await startAlbania()
  const [message] = some(1) as [Outgoing]
  await oweKosovo([message])
  // The second try has begun: the first one has stored its bytes.
  await triedAgain(message, 2)
  const late = await sentBytes(message)
  aheadMs = 10 * minuteMs
  const first = await post(al, partner(al, xk, kosovo.port), late)
  assert.equal(first.status, 200)
  await until('it is decided', async () => (await count(xk.store.db, 'effect')) === 1)
  aheadMs = 5 * dayMs
  const second = await post(al, partner(al, xk, kosovo.port), late)
  assert.deepEqual(second.wire, first.wire)
  line.mend()
  await deliveredOnce(al, xk, [message])
})

test('F31 a peer of one byte a second, both ways, holds nobody else up', async () => {
  line.there = { pass: 'on', bytesPerSecond: 1 }
  line.back = line.there
  await startAlbania()
  const slow = some(20)
  const quick = Array.from({ length: 20 }, () => document('NTA.ME'))
  await owe(al, [xk, me], [...slow, ...quick])
  await deliveredOnce(al, me, quick)
  assert.equal(await count(xk.store.db, 'inbox'), 0)
  line.mend()
  line.resetAll()
  await deliveredOnce(al, xk, slow)
})

test('F35 a black hole takes connections and answers nothing; another lets only small packets through', async () => {
  await startAlbania()
  const [swallowed, large] = some(2) as [Outgoing, Outgoing]
  line.reach = 'swallow'
  await oweKosovo([swallowed])
  await triedAgain(swallowed, 2)
  assert.match((await outboxOf(al, swallowed)).reason ?? '', /no answer/)
  line.mend()
  line.resetAll()
  await deliveredOnce(al, xk, [swallowed])
  line.resetAll()
  line.there = { pass: 'on', mostBytes: 5_000 }
  await oweKosovo([large])
  await triedAgain(large, 2)
  assert.equal(await count(xk.store.db, 'inbox where message_id = $1', [large.messageId]), 0)
  line.mend()
  line.resetAll()
  await deliveredOnce(al, xk, [swallowed, large])
})

test('F36 64 kbit/s, 800 ms there and back, every twentieth packet lost and sent again: slow, and whole', async (t) => {
  let lost = 7
  // The same row of numbers each time.
  const random = () => (lost = (lost * 16_807) % 2_147_483_647) / 2_147_483_647
  line.there = { pass: 'on', bytesPerSecond: 8_000, delayMs: 400, stalls: { percent: 5, ms: 800, random } }
  line.back = line.there
  await startAlbania({ transport: { connectTimeoutMs: 20_000, answerTimeoutMs: 20_000, connections: 2 } })
  const messages = some(4)
  const began = performance.now()
  await oweKosovo(messages)
  await deliveredOnce(al, xk, messages)
  const [row] = await al.store.db.query<{ most: number }>('select max(tries) as most from outbox')
  t.diagnostic(
    `${Math.round(performance.now() - began)} ms for ${messages.length} messages, ${row?.most} tries at most`,
  )
  assert.equal(row?.most, 1, 'a slow line is no reason to send again')
})
