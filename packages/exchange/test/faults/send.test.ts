// kill -9 of the sender at each step from the decision to the receipt, and of the receiver before it tells of what has come. Whatever the
// step: the same id, one effect, one receipt that both sides hold.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { count, createExchange, document, optionsOf, seal, until } from '../nodes.ts'
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
} from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'
import type { Moment, Orders } from './victim.ts'
import { Victims, type Victim } from './victims.ts'

let al: Side
let xk: Side
/** Kosovo takes all the time what comes over this line. */
let kosovo: Working
let line: TcpProxy
const victims = new Victims()
let survivor: Working | undefined

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
  kosovo = await work(xk, { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')] })
  line = await TcpProxy.to(() => kosovo.port)
})

beforeEach(async () => {
  await clear(al, xk)
  line.mend()
})

afterEach(async () => {
  line.resetAll()
  await survivor?.stop()
  survivor = undefined
})

after(async () => {
  victims.end()
  await kosovo.stop()
  await line.close()
  await Promise.all([al, xk].map(journalHolds))
  await Promise.all([al.store.drop(), xk.store.drop()])
})

function startVictim(dieAt?: Moment, more: Partial<Orders> = {}): Promise<Victim> {
  const orders = { databaseUrl: al.store.url, papers: al.papers, partner: xk.papers, partnerUrl: line.url }
  return victims.start({ ...orders, dieAt, ...more })
}

/** Another process of Albania takes over. */
async function takeOver(): Promise<void> {
  survivor = await work(al, { partners: [partner(al, xk, line.url)] })
}

/** All that Albania owes, as the tests know messages. */
async function owed(): Promise<ReturnType<typeof document>[]> {
  const rows = await al.store.db.query<{ message_id: string }>('select message_id from outbox')
  return rows.map((row) => document('NTA.XK', { messageId: row.message_id }))
}

test('F16 killed after the commit of a decision that owes a message: it is sent by the next process', async () => {
  const victim = await startVictim('after the commit', { answers: true })
  const writer = createExchange(optionsOf(al.papers, al.store.db, []))
  const declaration = document('NTA.AL', { link: 'local' })
  await al.store.db.transaction((tx) => writer.submit(tx, { ...declaration, link: 'api' }))
  await victim.died()
  const messages = await owed()
  assert.equal(messages.length, 1)
  assert.equal((await outboxOf(al, messages[0]!)).state, 'queued')
  await takeOver()
  await deliveredOnce(al, xk, messages)
  assert.equal(await count(al.store.db, 'effect'), 1)
})

test('F17 killed after it took the lease: another process that runs takes the row when the lease has ended, under the same id', async () => {
  const victim = await startVictim('after lease')
  const message = document('NTA.XK')
  await owe(al, [xk], [message])
  await victim.died()
  const leased = 'outbox where message_id = $1 and leased_until is not null and sealed is null'
  assert.equal(await count(al.store.db, leased, [message.messageId]), 1)
  await takeOver()
  await deliveredOnce(al, xk, [message])
  assert.equal((await outboxOf(al, message)).tries, 2)
})

const steps: [name: string, moment: Moment, state: string, sameBytes: boolean][] = [
  ['F18 killed after sealing, before the bytes were stored', 'before mark-sent', 'queued', false],
  ['F18 killed after the bytes were stored, before the first left', 'after mark-sent', 'sent', true],
  ['F21 killed after the receipt came, before it was looked at', 'after the post', 'sent', true],
  ['F21 killed after the receipt was verified, before the commit', 'before settle-receipted', 'sent', true],
  ['F22 killed after the commit of the receipt', 'after settle-receipted', 'receipted', true],
]

for (const [name, moment, state, sameBytes] of steps)
  test(`${name}: the row says ${state}${sameBytes ? ', and the same bytes are those of every try' : ''}`, async () => {
    const victim = await startVictim(moment)
    const message = document('NTA.XK')
    await owe(al, [xk], [message])
    await victim.died()
    const left = await outboxOf(al, message)
    assert.equal(left.state, state)
    await takeOver()
    await deliveredOnce(al, xk, [message])
    if (sameBytes) assert.deepEqual((await outboxOf(al, message)).sealed, left.sealed)
    assert.equal(await said(al, 'message.resealed', message), 0)
  })

test('F19 killed in the middle of sending: the receiver has nothing, and the same bytes go again', async () => {
  const victim = await startVictim()
  const message = document('NTA.XK', { payload: Buffer.from(`<CD001C>${noise()}</CD001C>`) })
  // More than the handshake takes, less than the message.
  const cut = new Promise<void>((resolve) => line.afterBytes(60_000, resolve))
  line.there = { pass: 'on', bytesPerSecond: 400_000 }
  await owe(al, [xk], [message])
  await cut
  await victim.kill()
  line.resetAll()
  assert.equal(await count(xk.store.db, 'inbox'), 0)
  const left = await outboxOf(al, message)
  line.mend()
  await takeOver()
  await deliveredOnce(al, xk, [message])
  assert.deepEqual((await outboxOf(al, message)).sealed, left.sealed)
})

/** Digits that hardly zip. */
function noise(): string {
  return Array.from({ length: 60_000 }, () => Math.random().toString(36).slice(2, 6)).join('')
}

test('F20 killed after sending, before the receipt was read: the receiver has it, and answers the repeat', async () => {
  const victim = await startVictim()
  const message = document('NTA.XK')
  // The first answer is that of the handshake; what is held is the receipt.
  await owe(al, [xk], [document('NTA.XK', { conversation: 'first' })])
  const first = await owed()
  await deliveredOnce(al, xk, first)
  line.back = { pass: 'hold' }
  await owe(al, [xk], [message])
  await until('the receiver has it', async () => (await count(xk.store.db, 'inbox')) === 2)
  await victim.kill()
  line.resetAll()
  line.mend()
  assert.equal((await outboxOf(al, message)).state, 'sent')
  await takeOver()
  await deliveredOnce(al, xk, [...first, message])
  assert.ok((await said(xk, 'message.repeated', message)) >= 1)
})

test('F22 killed after a message was taken on, before anybody was told: the slow poll of the next process finds it', async () => {
  const nobody = 'https://127.0.0.1:1/as4'
  const orders = { databaseUrl: xk.store.url, papers: xk.papers, partner: al.papers, partnerUrl: nobody }
  // Workers are woken after the answer, and other processes told after that.
  const victim = await victims.start({ ...orders, dieAt: 'before the answer' })
  const message = document('NTA.XK')
  const to = partner(al, xk, victim.port)
  await assert.rejects(post(al, to, seal(message, to, al.papers)))
  await victim.died()
  await until('the poll has found it', async () => (await count(xk.store.db, "inbox where state = 'done'")) === 1)
  await owe(al, [xk], [message])
  await takeOver()
  await until('it is receipted', async () => (await outboxOf(al, message)).state === 'receipted')
  assert.equal(await count(xk.store.db, 'effect'), 1)
})
