// kill -9 of the receiver at each step from the connection to the answer. Whatever the step: the sender sends the same id again, there
// is one effect, and both sides hold the same receipt.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { count, document, seal, until } from '../nodes.ts'
import {
  clear,
  deliveredOnce,
  journalHolds,
  makeSide,
  outboxOf,
  owe,
  partner,
  said,
  work,
  type Side,
  type Working,
} from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'
import type { Moment } from './victim.ts'
import { Victims, type Victim } from './victims.ts'

let al: Side
let xk: Side
/** Albania sends all the time, over this line, to whichever process of Kosovo there is. */
let albania: Working
let line: TcpProxy
let xkPort = 0
const victims = new Victims()
let survivor: Working | undefined

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
  line = await TcpProxy.to(() => xkPort)
  albania = await work(al, { partners: [partner(al, xk, line.url)] })
})

beforeEach(async () => {
  await clear(al, xk)
  line.mend()
})

afterEach(async () => {
  line.cut()
  await survivor?.stop()
  survivor = undefined
})

after(async () => {
  victims.end()
  await albania.stop()
  await line.close()
  await Promise.all([al, xk].map(journalHolds))
  await Promise.all([al.store.drop(), xk.store.drop()])
})

async function startVictim(dieAt?: Moment): Promise<Victim> {
  const orders = {
    databaseUrl: xk.store.url,
    papers: xk.papers,
    partner: al.papers,
    partnerUrl: 'https://127.0.0.1:1/as4',
  }
  const victim = await victims.start({ ...orders, dieAt })
  xkPort = victim.port
  return victim
}

/** Another process of Kosovo takes over. */
async function takeOver(): Promise<void> {
  survivor = await work(xk, { partners: [partner(xk, al, 'https://127.0.0.1:1/as4')] })
  xkPort = survivor.port
}

/** What a kill leaves: `nothing` · `message` on disk with its receipt, undecided · `effect` decided too. */
type Left = 'nothing' | 'message' | 'effect'

const steps: [name: string, moment: Moment, left: Left][] = [
  ['F04 killed after the MIME parts and the header were read', 'header read', 'nothing'],
  ['F05 killed after the signature was verified', 'signature verified', 'nothing'],
  ['F06 killed after the payload was decrypted', 'payload decrypted', 'nothing'],
  ['F07 killed after the payload was unzipped', 'payload unzipped', 'nothing'],
  ['F08 killed in the handler, when it has read the document', 'in the handler', 'message'],
  [
    'F09 killed after the message was taken on and claimed, before anything was written for it',
    'after claim',
    'message',
  ],
  ['F10 killed after the effect was written, before the journal', 'after effect', 'message'],
  ['F11 killed before the commit of the message', 'before accept', 'nothing'],
  ['F11 killed before the commit of the decision', 'before the commit', 'message'],
  ['F12 killed after the commit of the decision', 'after the commit', 'effect'],
  ['F13 killed after the receipt was sealed, before the commit', 'receipt sealed', 'nothing'],
  ['F13 killed after the commit, before the receipt leaves', 'before the answer', 'message'],
  ['F14 killed with half of the receipt sent', 'half of the answer', 'message'],
  ['F15 killed after the receipt was sent', 'after the answer', 'message'],
]

for (const [name, moment, left] of steps)
  test(`${name}: ${left} is left, and the repeat makes it whole`, async () => {
    const victim = await startVictim(moment)
    const message = document('NTA.XK')
    await owe(al, [xk], [message])
    await victim.died()
    await leftIs(left)
    await takeOver()
    await deliveredOnce(al, xk, [message])
  })

async function leftIs(left: Left): Promise<void> {
  // What is decided at the same moment as the answer leaves may be done or not.
  const wanted = { nothing: [0, 0], message: [1], effect: [1, 1] }[left]
  const found = [await count(xk.store.db, 'inbox where receipt is not null'), await count(xk.store.db, 'effect')]
  assert.deepEqual(found.slice(0, wanted.length), wanted)
}

test('F12 killed after the commit, before the answer: the repeat gets the receipt that was stored', async () => {
  const victim = await startVictim('after accept')
  const message = document('NTA.XK')
  await owe(al, [xk], [message])
  await victim.died()
  const [kept] = await xk.store.db.query<{ receipt: Buffer }>('select receipt from inbox')
  assert.ok(kept, 'the message is on disk')
  assert.equal((await outboxOf(al, message)).state, 'sent')
  await takeOver()
  await deliveredOnce(al, xk, [message])
  const [still] = await xk.store.db.query<{ receipt: Buffer }>('select receipt from inbox')
  assert.deepEqual(still, kept)
  assert.ok((await said(xk, 'message.repeated', message)) >= 1)
})

test('F11 killed while PostgreSQL works on the commit: it is committed with nobody to answer, and the repeat is answered', async () => {
  const victim = await startVictim()
  const message = document('NTA.XK')
  const { db } = xk.store
  await db.transaction(async (tx) => {
    await tx.query('lock table inbox in share mode')
    await owe(al, [xk], [message])
    const waits =
      "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into inbox%'"
    await until('the statement waits for the table', async () => (await count(db, waits)) > 0)
    await victim.kill()
  })
  await until('it is committed all the same', async () => (await count(db, 'inbox')) === 1)
  assert.equal((await outboxOf(al, message)).state, 'sent')
  await takeOver()
  await deliveredOnce(al, xk, [message])
  assert.ok((await said(xk, 'message.repeated', message)) >= 1)
})

/** A TLS connection of Albania's to Kosovo's process. */
async function dial(): Promise<TLSSocket> {
  const { certificatePem: cert, privateKeyPem: key } = al.papers
  const options = { port: xkPort, host: '127.0.0.1', cert, key, ca: [xk.papers.caPem] }
  const socket = connect({ ...options, checkServerIdentity: () => undefined })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  return socket
}

test('F01 killed after the connection was accepted: nothing is left, and the message goes to the next process', async () => {
  const victim = await startVictim()
  const message = document('NTA.XK')
  // The line holds what the sender says, so the connection is there and nothing has come over it.
  line.there = { pass: 'hold' }
  const before = line.connections
  await owe(al, [xk], [message])
  await until('it is connected', () => line.connections > before)
  await victim.kill()
  await leftIs('nothing')
  line.mend()
  await takeOver()
  await deliveredOnce(al, xk, [message])
})

for (const [name, parts] of [
  ['F02 killed in the middle of the headers', (head: Buffer) => [head.subarray(0, head.length / 2)]],
  ['F03 killed in the middle of the body', (head: Buffer, body: Buffer) => [head, body.subarray(0, body.length / 2)]],
] as const)
  test(`${name}: nothing is left, and the repeat makes it whole`, async () => {
    const victim = await startVictim()
    const message = document('NTA.XK')
    const wire = seal(message, partner(al, xk, ''), al.papers)
    const head = `POST /as4 HTTP/1.1\r\nhost: xk\r\ncontent-type: ${wire.contentType}\r\ncontent-length: ${wire.body.length}\r\n\r\n`
    const socket = await dial()
    for (const part of parts(Buffer.from(head), Buffer.from(wire.body)))
      await new Promise<void>((resolve) => socket.write(part, () => resolve()))
    // The victim answers another request after these bytes, so it has them.
    const other = document('NTA.XK')
    await owe(al, [xk], [other])
    await deliveredOnce(al, xk, [other])
    await victim.kill()
    assert.equal(await count(xk.store.db, 'inbox where message_id = $1', [message.messageId]), 0)
    await takeOver()
    await owe(al, [xk], [message])
    await deliveredOnce(al, xk, [other, message])
  })
