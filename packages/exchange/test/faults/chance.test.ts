// kill -9 at moments that nobody chose, and with many messages in one commit.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { document, vaultOf } from '../nodes.ts'
import { clear, deliveredOnce, journalHolds, makeSide, owe, type Side } from './sides.ts'
import { TcpProxy } from './tcp-proxy.ts'
import type { Moment } from './victim.ts'
import { Victims, type Victim } from './victims.ts'

interface Killed extends Side {
  /** Where its partner finds it, whichever process it is. */
  line: TcpProxy
  process?: Victim
}

let al: Killed
let xk: Killed
const victims = new Victims()

before(async () => {
  ;[al, xk] = await Promise.all([makeKilled('NTA.AL'), makeKilled('NTA.XK')])
  await Promise.all([start(al, xk), start(xk, al)])
})
beforeEach(() => clear(al, xk))
after(async () => {
  victims.end()
  for (const side of [al, xk]) {
    await side.line.close()
    await journalHolds(side)
    await side.store.drop()
  }
})

async function makeKilled(party: string): Promise<Killed> {
  const side = await makeSide(party)
  const killed: Killed = { ...side, line: await TcpProxy.to(() => killed.process?.port ?? 1) }
  return killed
}

async function start(side: Killed, other: Killed, dieAt?: Moment): Promise<void> {
  const { papers, store } = side
  const orders = { databaseUrl: store.url, papers, partner: other.papers, partnerUrl: other.line.url, dieAt }
  side.process = await victims.start(orders)
}

async function restart(side: Killed, other: Killed, dieAt?: Moment): Promise<void> {
  await side.process?.kill()
  await start(side, other, dieAt)
}

async function receipts({ store, papers }: Side, box: 'inbox' | 'outbox'): Promise<Map<string, Buffer>> {
  const rows = await store.db.query<{ id: string; receipt: Buffer }>(
    `select message_id as id, receipt from ${box} where receipt is not null`,
  )
  const vault = vaultOf(papers.party)
  return new Map(rows.map(({ id, receipt }) => [id, vault.open('receipt', id, receipt)]))
}

for (const moment of ['in a batch', 'after accept'] as const)
  test(`F11 F12 killed with a batch of messages, ${moment}: whole messages or none, and who has a receipt keeps it`, async () => {
    await restart(xk, al, moment)
    const messages = Array.from({ length: 40 }, () => document('NTA.XK'))
    await owe(al, [xk], messages)
    await xk.process?.died()
    const kept = await receipts(xk, 'inbox')
    for (const id of (await receipts(al, 'outbox')).keys()) assert.ok(kept.has(id))
    await start(xk, al)
    await deliveredOnce(al, xk, messages)
    const had = await receipts(al, 'outbox')
    for (const [id, receipt] of kept) assert.deepEqual(had.get(id), receipt)
  })

test('F01-F22 killed ten times at any moment under traffic, the two sides lose and double nothing', async () => {
  const messages = Array.from({ length: 120 }, (_, n) => document('NTA.XK', { conversation: `26AL${n % 17}` }))
  const killing = (async () => {
    for (let n = 0; n < 10; n++) {
      await pause(Math.random() * 250)
      await (n % 2 === 0 ? restart(xk, al) : restart(al, xk))
    }
  })()
  for (let n = 0; n < messages.length; n += 10) {
    await owe(al, [xk], messages.slice(n, n + 10))
    await pause(150)
  }
  await killing
  await deliveredOnce(al, xk, messages)
})
