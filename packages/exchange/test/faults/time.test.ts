// Clocks that are wrong, on either side. A message says when it was decided: a day ahead and half a year back are taken.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { makeAuthority } from '@corridor/as4/testing'
import { count, document, recordEffect, until } from '../nodes.ts'
import {
  clear,
  deliveredOnce,
  journalHolds,
  makeSide,
  outboxOf,
  partner,
  work,
  type Side,
  type Working,
} from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const yearMs = 365 * 24 * hourMs

let al: Side
let xk: Side
let albania: Working
let kosovo: Working
let line: TcpProxy
/** How wrong each side's clock is. */
const wrong = { al: 0, xk: 0 }
const clockOf = (side: 'al' | 'xk') => () => new Date(Date.now() + wrong[side])

/** Papers that outlive every clock here: what is asked about is the clock and not the certificate. */
async function makeLastingSide(party: string): Promise<Side> {
  const side = await makeSide(party)
  const authority = await makeAuthority(`CA of ${party}`)
  const [notBefore, notAfter] = [new Date('2020-01-01'), new Date('2040-01-01')]
  const { certificatePem, privateKeyPem } = await authority.issue({ commonName: party, notBefore, notAfter })
  return { ...side, papers: { party, caPem: authority.certificatePem, certificatePem, privateKeyPem } }
}

before(async () => {
  ;[al, xk] = await Promise.all([makeLastingSide('NTA.AL'), makeLastingSide('NTA.XK')])
  const nobody = 'https://127.0.0.1:1/as4'
  kosovo = await work(xk, { partners: [partner(xk, al, nobody)], exchange: { clock: clockOf('xk') } })
  line = await TcpProxy.to(() => kosovo.port)
  albania = await work(al, { partners: [partner(al, xk, line.url)], exchange: { clock: clockOf('al') } })
})
beforeEach(async () => {
  wrong.al = wrong.xk = 0
  line.mend()
  await clear(al, xk)
})
afterEach(() => line.mend())
after(async () => {
  await Promise.all([albania.stop(), kosovo.stop(), line.close()])
  await Promise.all([al, xk].map(journalHolds))
  await Promise.all([al.store.drop(), xk.store.drop()])
})

/** Rows that the tests write have the time of the side's clock, as a decision would have written it. */
async function oweByItsClock(messages: ReturnType<typeof document>[]): Promise<void> {
  await al.store.db.transaction((tx) => albania.exchange.enqueue(tx, messages))
}

const parked = (message: ReturnType<typeof document>) =>
  until('it is parked', async () => (await outboxOf(al, message)).state === 'parked')

const small = [-5 * minuteMs, 5 * minuteMs, -hourMs, hourMs]
const name = (ms: number) => `${ms < 0 ? '-' : '+'}${Math.abs(ms) / minuteMs} min`

for (const ms of small)
  test(`F37 our clock is wrong by ${name(ms)}: what is sent and what comes is taken, and goes on when it is right`, async () => {
    wrong.al = ms
    const [during, after] = [document('NTA.XK', { conversation: 'C' }), document('NTA.XK', { conversation: 'C' })]
    await oweByItsClock([during])
    await deliveredOnce(al, xk, [during])
    wrong.al = 0
    await oweByItsClock([after])
    await deliveredOnce(al, xk, [during, after])
  })

for (const ms of small)
  test(`F39 the partner's clock is off by ${name(ms)} from ours: its messages and receipts are taken`, async () => {
    wrong.xk = ms
    const message = document('NTA.XK')
    await oweByItsClock([message])
    await deliveredOnce(al, xk, [message])
  })

for (const ms of [-yearMs, yearMs])
  test(`F37 the receiver's clock is a year ${ms < 0 ? 'behind' : 'ahead'}: refused and parked in sight, and delivered when a person lets it go again`, async () => {
    wrong.xk = ms
    const message = document('NTA.XK')
    await oweByItsClock([message])
    await parked(message)
    const row = await outboxOf(al, message)
    assert.match(row.reason ?? '', /EBMS:0003/)
    assert.equal(await count(xk.store.db, 'inbox'), 0)
    wrong.xk = 0
    assert.equal(await albania.exchange.retryParked('outbox', row.id, 'operator'), true)
    await deliveredOnce(al, xk, [message])
  })

test('F38 the clock jumps back an hour while a message is leased and under way: whoever sends it again meanwhile, it is settled once', async (t) => {
  const first = document('NTA.XK')
  await oweByItsClock([first])
  await deliveredOnce(al, xk, [first])
  line.back = { pass: 'hold' }
  const message = document('NTA.XK')
  await oweByItsClock([message])
  await until('it has arrived', async () => (await count(xk.store.db, 'inbox')) === 2)
  const { sealed } = await outboxOf(al, message)
  wrong.al = -hourMs
  // By this clock the lease ends in an hour, until its holder renews it: nobody has to wait for that, and the row may be taken twice.
  const exchange = { clock: clockOf('al') }
  const other = await work(al, { partners: [partner(al, xk, line.url)], idle: true, exchange })
  t.after(() => other.stop())
  const sending = other.exchange.steps(recordEffect).send()
  line.mend()
  await sending
  await deliveredOnce(al, xk, [first, message])
  assert.deepEqual((await outboxOf(al, message)).sealed, sealed)
  const later = document('NTA.XK')
  await oweByItsClock([later])
  await deliveredOnce(al, xk, [later])
})
