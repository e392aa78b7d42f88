// Certificates that end, change early or do not belong to their key, under traffic. TLS keeps its own papers throughout: what changes
// here are the keys that sign and decrypt.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { Identity } from '@corridor/as4'
import { makeAuthority } from '@corridor/as4/testing'
import { httpsTransport, type Log, type Outgoing, type Partner } from '../../src/index.ts'
import { count, createExchange, document, identityOf, optionsOf, recordEffect, until } from '../nodes.ts'
import {
  clear,
  deliveredOnce,
  journalHolds,
  makeSide,
  outboxOf,
  owe,
  partner,
  work,
  type Side,
  type Working,
} from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'

const hourMs = 3_600_000

let al: Side
let xk: Side
let line: TcpProxy
let xkPort = 0
/** Each side has a certificate that ends in an hour, and one that comes after it. */
let keys: Record<'al' | 'alNext' | 'xk' | 'xkNext', Identity>
let aheadMs = 0
const clock = (): Date => new Date(Date.now() + aheadMs)
const started: Working[] = []

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
  line = await TcpProxy.to(() => xkPort)
  const authority = await makeAuthority('CA of both')
  const soon = new Date(Date.now() + hourMs)
  const issue = (commonName: string, notAfter?: Date) => authority.issue({ commonName, notAfter })
  keys = {
    al: await issue('NTA.AL', soon),
    alNext: await issue('NTA.AL'),
    xk: await issue('NTA.XK', soon),
    xkNext: await issue('NTA.XK'),
  }
})
beforeEach(async () => {
  aheadMs = 0
  line.mend()
  await clear(al, xk)
})
afterEach(async () => {
  line.resetAll()
  for (const each of started.splice(0)) await each.stop()
})
after(async () => {
  await line.close()
  await Promise.all([al, xk].map(journalHolds))
  await Promise.all([al.store.drop(), xk.store.drop()])
})

/** The other side, known by the certificate that it signs and decrypts with. */
function known(own: Side, other: Side, url: string, identity: Identity, next?: Identity): Partner {
  const base = partner(own, other, url)
  const certificates = { partnerCertificate: identity.certificate, nextPartnerCertificate: next?.certificate }
  return { ...base, sending: { ...base.sending, ...certificates }, receiving: { ...base.receiving, ...certificates } }
}

async function startAlbania(identity: Identity, kosovo: Identity, log?: Log): Promise<Working> {
  const exchange = { identity, clock, ...(log && { log }) }
  const working = await work(al, { partners: [known(al, xk, line.url, kosovo)], exchange })
  started.push(working)
  return working
}

async function startKosovo(identity: Identity, albania: Identity, next?: Identity): Promise<Working> {
  const partners = [known(xk, al, 'https://127.0.0.1:1/as4', albania, next)]
  const working = await work(xk, { partners, exchange: { identity, clock } })
  xkPort = working.port
  started.push(working)
  return working
}

async function stop(working: Working): Promise<void> {
  started.splice(started.indexOf(working), 1)
  line.resetAll()
  await working.stop()
}

const some = (n: number) => Array.from({ length: n }, () => document('NTA.XK'))
const reasonOf = async (message: Outgoing) => (await outboxOf(al, message)).reason ?? ''

test('F51 our signing certificate ends under traffic: what is owed waits, is not tried and not parked, and goes by itself under the next one', async () => {
  await startKosovo(keys.xkNext, keys.al, keys.alNext)
  const told: string[] = []
  const first = await startAlbania(keys.al, keys.xkNext, (_, text) => void told.push(text))
  const before = some(10)
  await owe(al, [xk], before)
  await deliveredOnce(al, xk, before)
  aheadMs = 2 * hourMs
  const late = some(3)
  await owe(al, [xk], late)
  await until('it is said', async () => told.includes('nothing is sent: our signing certificate has ended'))
  assert.equal(told.filter((text) => text.startsWith('nothing is sent')).length, 1)
  assert.equal(await first.exchange.steps(recordEffect).send(), false)
  for (const message of late) {
    const { state, tries, reason } = await outboxOf(al, message)
    assert.deepEqual([state, tries, reason], ['queued', 0, null])
  }
  assert.equal(await count(xk.store.db, "journal where kind = 'message.refused'"), 0)
  await stop(first)
  await startAlbania(keys.alNext, keys.xkNext)
  const after = some(10)
  await owe(al, [xk], after)
  await deliveredOnce(al, xk, [...before, ...late, ...after])
  for (const message of late) assert.equal((await outboxOf(al, message)).tries, 1)
})

test('F51 our certificate changes while a receipt is missing: the message that is there already gets a receipt for the new bytes', async () => {
  await startKosovo(keys.xkNext, keys.al, keys.alNext)
  line.onEachRequest(() => (line.back = { pass: 'lose' }))
  const first = await startAlbania(keys.al, keys.xkNext)
  const [message] = some(1) as [Outgoing]
  await owe(al, [xk], [message])
  await until('it has arrived', async () => (await count(xk.store.db, 'inbox')) === 1)
  await stop(first)
  line.mend()
  await startAlbania(keys.alNext, keys.xkNext)
  await until('it is receipted', async () => (await outboxOf(al, message)).state === 'receipted')
  assert.equal(await count(xk.store.db, 'inbox'), 1)
})

test("F52 the partner's certificate ends under traffic: its receipts prove nothing any more, nothing is lost, and the next one mends it", async () => {
  const first = await startKosovo(keys.xk, keys.alNext)
  const albania = await startAlbania(keys.alNext, keys.xk)
  const before = some(10)
  await owe(al, [xk], before)
  await deliveredOnce(al, xk, before)
  aheadMs = 2 * hourMs
  const late = some(3)
  await owe(al, [xk], late)
  for (const message of late) await until('it says why', async () => /not valid now/.test(await reasonOf(message)))
  assert.equal(await count(al.store.db, "outbox where state = 'sent'"), 3)
  await stop(first)
  await stop(albania)
  await startKosovo(keys.xkNext, keys.alNext)
  await startAlbania(keys.alNext, keys.xkNext)
  await until('all are receipted', async () => (await count(al.store.db, "outbox where state = 'receipted'")) === 13)
  await until('all are decided', async () => (await count(xk.store.db, 'effect')) === 13)
  assert.equal(await count(xk.store.db, 'inbox'), 13)
})

test('F53 the partner changes its certificate before we know it: nothing is parked, and all goes when we know', async () => {
  await startKosovo(keys.xkNext, keys.alNext)
  const first = await startAlbania(keys.alNext, keys.xk)
  const messages = some(5)
  await owe(al, [xk], messages)
  for (const message of messages) await until('it was tried', async () => (await reasonOf(message)) !== '')
  assert.equal(await count(al.store.db, "outbox where state = 'sent'"), 5)
  assert.equal(await count(xk.store.db, 'inbox'), 0)
  await stop(first)
  await startAlbania(keys.alNext, keys.xkNext)
  await deliveredOnce(al, xk, messages)
})

test('F57 a key that is not that of its certificate stops the start: for signing, for the TLS server and for the TLS client', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const options = optionsOf(al.papers, al.store.db, [])
  const wrong = { code: 'exchange.wrong-key', remedy: /belong/ }
  const identity = { ...identityOf(al.papers), privateKey }
  assert.throws(() => createExchange({ ...options, identity }), wrong)
  const encryption = { certificate: identity.certificate, privateKey }
  assert.throws(() => createExchange({ ...options, identity: { ...identityOf(al.papers), encryption } }), wrong)
  const certificate = al.papers.certificatePem
  await assert.rejects(createExchange(options).serve({ host: '127.0.0.1', port: 0, certificate, key: pem }), wrong)
  assert.throws(() => httpsTransport({ certificate, key: pem }), wrong)
})
