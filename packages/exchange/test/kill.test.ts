import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { after, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Outgoing } from '../src/index.ts'
import type { Orders } from './node-process.ts'
import {
  count,
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  until,
  vaultOf,
  type Papers,
} from './nodes.ts'

type Store = Awaited<ReturnType<typeof makeStore>>

interface Side {
  papers: Papers
  store: Store
  port: number
  process?: ChildProcess
}

let al: Side
let xk: Side

before(async () => {
  al = { papers: await makePapers('NTA.AL'), store: await makeStore(), port: 0 }
  xk = { papers: await makePapers('NTA.XK'), store: await makeStore(), port: 0 }
  // Each takes a free port at its first start and keeps it, so that its partner finds it again.
  await start(xk, al)
  await start(al, xk)
})

after(async () => {
  for (const side of [al, xk]) {
    await kill(side)
    await side.store.drop()
  }
})

beforeEach(async () => {
  for (const side of [al, xk]) await side.store.db.query('truncate inbox, outbox, effect')
})

async function start(side: Side, other: Side, dieAt?: Orders['dieAt']): Promise<void> {
  const child = fork(fileURLToPath(new URL('node-process.ts', import.meta.url)))
  side.process = child
  const orders: Orders = {
    databaseUrl: side.store.url,
    papers: side.papers,
    partner: other.papers,
    partnerUrl: `https://127.0.0.1:${other.port}/as4`,
    port: side.port,
    dieAt,
  }
  child.send(orders)
  const [message] = (await once(child, 'message')) as [{ ready: number }]
  side.port = message.ready
}

async function kill(side: Side): Promise<void> {
  const child = side.process
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function restart(side: Side, other: Side, dieAt?: Orders['dieAt']): Promise<void> {
  await kill(side)
  await start(side, other, dieAt)
}

async function died(side: Side): Promise<void> {
  await until('it dies', () => side.process?.signalCode === 'SIGKILL')
}

/** The tests write what a decision would: the processes hear of it. */
async function owe(messages: Outgoing[]): Promise<void> {
  const writer = createExchange(optionsOf(al.papers, al.store.db, [partnerOf('NTA.AL', xk.papers, '')]))
  await writer.enqueue(al.store.db, messages)
}

async function allArrived(messages: readonly Outgoing[]): Promise<void> {
  const n = messages.length
  await until('all receipts', async () => (await count(al.store.db, "outbox where state = 'receipted'")) === n, 30_000)
  await until('all effects', async () => (await count(xk.store.db, 'effect')) >= n, 30_000)
  await until('nothing left', async () => (await count(xk.store.db, "inbox where state = 'done'")) === n)
  const ids = await xk.store.db.query<{ message_id: string }>('select message_id from effect')
  assert.deepEqual(ids.map((row) => row.message_id).sort(), messages.map(({ messageId }) => messageId).sort())
  // Both hold the same proof.
  assert.deepEqual(await proofs(al, 'outbox'), await proofs(xk, 'inbox'))
}

async function proofs({ store, papers }: Side, box: 'inbox' | 'outbox') {
  const rows = await store.db.query<{ message_id: string; payload_digest: Buffer; receipt: Buffer }>(
    `select message_id, payload_digest, receipt from ${box} order by message_id`,
  )
  const vault = vaultOf(papers.party)
  return rows.map((row) => ({ ...row, receipt: vault.open('receipt', row.message_id, row.receipt) }))
}

test('killed between commit and answer, the receiver answers the repeat with the stored receipt; one effect', async () => {
  await restart(xk, al, 'after-commit')
  const message = document('NTA.XK')
  await owe([message])
  await died(xk)
  const [kept] = await proofs(xk, 'inbox')
  assert.ok(kept, 'the message is on disk')
  assert.equal(await count(al.store.db, "outbox where state = 'receipted'"), 0)
  await start(xk, al)
  await allArrived([message])
  const [had] = await proofs(al, 'outbox')
  assert.deepEqual(had?.receipt, kept.receipt)
  const repeated = await count(xk.store.db, "journal where kind = 'message.repeated' and message_id = $1", [
    message.messageId,
  ])
  assert.ok(repeated >= 1)
})

for (const dieAt of ['in-batch', 'after-commit'] as const)
  test(`killed with a batch of messages (${dieAt}), the receiver has whole messages or none; each is receipted and decided once`, async () => {
    await restart(xk, al, dieAt)
    const messages = Array.from({ length: 40 }, () => document('NTA.XK'))
    await owe(messages)
    await died(xk)
    const kept = await proofs(xk, 'inbox')
    const keptIds = new Set<unknown>(kept.map((row) => row.message_id))
    const early = await al.store.db.query("select message_id from outbox where state = 'receipted'")
    assert.ok(early.every((row) => keptIds.has(row['message_id'])))
    await start(xk, al)
    await allArrived(messages)
    const had = await proofs(al, 'outbox')
    assert.deepEqual(
      had.filter((row) => keptIds.has(row.message_id)),
      kept,
    )
  })

test('killed between POST and the last statement, the sender sends the same bytes again; one effect', async () => {
  await restart(al, xk, 'after-post')
  const message = document('NTA.XK')
  await owe([message])
  await died(al)
  const [left] = await al.store.db.query<{ state: string; sealed: Buffer }>('select state, sealed from outbox')
  assert.equal(left?.state, 'sent')
  await start(al, xk)
  await allArrived([message])
  const [again] = await al.store.db.query<{ sealed: Buffer; tries: number }>('select sealed, tries from outbox')
  assert.deepEqual(again?.sealed, left.sealed)
  assert.equal(again?.tries, 2)
})

test('killed right after a decision, the receiver does not decide again', async () => {
  await restart(xk, al, 'after-decision')
  const message = document('NTA.XK')
  await owe([message])
  await died(xk)
  assert.equal(await count(xk.store.db, 'effect'), 1)
  await start(xk, al)
  await allArrived([message])
})

test('F01-F22 killed ten times at any moment under traffic, the two sides lose and double nothing', async () => {
  const messages = Array.from({ length: 120 }, (_, n) => document('NTA.XK', { conversation: `26AL${n % 17}` }))
  const killing = (async () => {
    for (let n = 0; n < 10; n++) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 250))
      await (n % 2 === 0 ? restart(xk, al) : restart(al, xk))
    }
  })()
  for (let n = 0; n < messages.length; n += 10) {
    await owe(messages.slice(n, n + 10))
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  await killing
  await allArrived(messages)
})
