// Floods, backlogs and little memory. What is asserted is what happens and in which order; how long it takes is only told.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { httpsTransport, type Handler, type Partner } from '../../src/index.ts'
import { count, document, makePapers, recordEffect, seal, until } from '../nodes.ts'
import { clear, journalHolds, makeSide, partner, work, type Side } from './sides.ts'
import { Victims } from './victims.ts'

let al: Side
let xk: Side
let me: Pick<Side, 'papers'>
const nobody = 'https://127.0.0.1:1/as4'

before(async () => {
  ;[al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
  me = { papers: await makePapers('NTA.ME') }
})
beforeEach(() => clear(al, xk))
after(async () => {
  await journalHolds(xk)
  await Promise.all([al.store.drop(), xk.store.drop()])
})

const clientOf = ({ papers }: Pick<Side, 'papers'>, connections: number) =>
  httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem, connections })

const sealedBy = (side: Pick<Side, 'papers'>, to: Partner) =>
  seal(document('NTA.XK', { sender: side.papers.party }), to, side.papers)

function p99(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  return `${Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0)} ms`
}

test("F59 one partner floods: the other's messages are receipted and decided while the flood still waits behind itself", async (t) => {
  const ofMe = { ...xk, papers: me.papers }
  // Decisions that take their time, so that the flood is longer undecided than it comes in.
  const handler: Handler = async (tx, message) => {
    await tx.query('select pg_sleep(0.02)')
    return recordEffect(tx, message)
  }
  const kosovo = await work(xk, { partners: [partner(xk, al, nobody), partner(xk, ofMe, nobody)], handler })
  t.after(() => kosovo.stop())
  const [fromAl, fromMe] = [partner(al, xk, kosovo.port), partner(ofMe, xk, kosovo.port)]
  const [flooding, calm] = [clientOf(al, 60), clientOf(me, 1)]
  t.after(() => Promise.all([flooding.close(), calm.close()]))
  const times: Record<string, number[]> = { quiet: [], flooded: [] }
  const sendTen = async (when: string) => {
    for (let n = 0; n < 10; n++) {
      const wire = sealedBy(me, fromMe)
      const began = performance.now()
      assert.equal((await calm.send(fromMe.url, wire, fromMe)).status, 200)
      times[when]?.push(performance.now() - began)
    }
  }
  await sendTen('quiet')
  const flood = Array.from({ length: 800 }, () => sealedBy(al, fromAl))
  let answered = 0
  const began = performance.now()
  const flooded = Promise.all(flood.map((wire) => flooding.send(fromAl.url, wire, fromAl).then(() => answered++)))
  await until('the flood is there', () => answered > 0)
  await sendTen('flooded')
  const then = answered
  assert.ok(then < flood.length, 'the flood is not over yet')
  const undecided = "inbox where state <> 'done' and sender = $1"
  await until('the ten are decided', async () => (await count(xk.store.db, undecided, ['NTA.ME'])) === 0)
  const behind = await count(xk.store.db, undecided, ['NTA.AL'])
  assert.ok(behind > 0 || answered < flood.length, 'before the flood')
  await flooded
  const rate = Math.round(flood.length / ((performance.now() - began) / 1000))
  t.diagnostic(
    `p99 of the other partner ${p99(times['quiet'] ?? [])} before, ${p99(times['flooded'] ?? [])} in a flood of ${rate}/s`,
  )
  t.diagnostic(
    `${then} of ${flood.length} were answered when its ten were receipted, ${behind} were undecided when they were decided`,
  )
  await until(
    'all is decided',
    async () => (await count(xk.store.db, "inbox where state = 'done'")) === 20 + 800,
    60_000,
  )
})

test('F60 a backlog of 20,000 is decided in order per movement, each once, with flat memory', async (t) => {
  const { db } = xk.store
  await db.query(`
    insert into inbox (sender, message_id, link, recipient, conversation, document_type, payload, payload_digest, due_at, received_at)
    select 'ALT1', 'm' || n || '@trader.test', 'api', 'XK1', 'movement ' || n % 400, 'CC015C', payload, sha256(payload), now(), now()
    from generate_series(1, 20000) n, lateral (select convert_to('<CC015C>' || n || repeat('<x/>', 500) || '</CC015C>', 'utf8') as payload) p`)
  await db.query('analyze inbox')
  const began = performance.now()
  const node = await work(xk, { partners: [partner(xk, al, nobody)] })
  t.after(() => node.stop())
  const memory: number[] = []
  // Counting is work for the same database.
  for (let left = 1; left > 0; await pause(250)) {
    memory.push(process.memoryUsage().rss / 1e6)
    left = await count(db, "inbox where state in ('received', 'waiting')")
  }
  const seconds = (performance.now() - began) / 1000
  assert.equal(await count(db, 'effect'), 20_000)
  const outOfOrder = `(select substr(message_id, 2, strpos(message_id, '@') - 2)::int as n,
      lag(substr(message_id, 2, strpos(message_id, '@') - 2)::int) over (partition by conversation order by effect.n) as before
    from effect) as ordered where before > n`
  assert.equal(await count(db, outOfOrder), 0)
  const [first = 0, most] = [memory[Math.floor(memory.length / 10)], Math.max(...memory)]
  t.diagnostic(
    `${Math.round(20_000 / seconds)} a second; ${Math.round(first)} MB after a tenth, ${Math.round(most)} MB at most`,
  )
  assert.ok(most < first + 200, 'memory does not grow with the backlog')
})

test('F61 little memory and many large messages: the process sends some away, stays alive and keeps all', async (t) => {
  const victims = new Victims(['--max-old-space-size=64'])
  t.after(() => victims.end())
  const orders = { databaseUrl: xk.store.url, papers: xk.papers, partner: al.papers, partnerUrl: nobody }
  const victim = await victims.start(orders)
  const to = partner(al, xk, victim.port)
  const wires = Array.from({ length: 4 }, () => {
    const noise = Array.from({ length: 700_000 }, () => Math.random().toString(36).slice(2, 12)).join('')
    return seal(document('NTA.XK', { payload: Buffer.from(`<CD001C>${noise}</CD001C>`) }), to, al.papers)
  })
  const client = clientOf(al, 24)
  t.after(() => client.close())
  let away = 0
  const sendUntilTaken = async (wire: (typeof wires)[number]): Promise<void> => {
    for (;;) {
      // Who is sent away in the middle of a body sees the connection end.
      const status = await client.send(to.url, wire, to).then(
        (answer) => answer.status,
        () => 503,
      )
      if (status === 200) return
      assert.equal(status, 503)
      away++
    }
  }
  await Promise.all(Array.from({ length: 24 }, (_, n) => sendUntilTaken(wires[n % 4]!)))
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${victim.pid}/status`, 'utf8')) ?? []
  const bodyMb = Math.round(wires[0]!.body.length / 1e6)
  t.diagnostic(
    `24 times ${bodyMb} MB at once with a heap of 64 MB: ${away} sent away, ${Math.round(Number(peak) / 1024)} MB at most`,
  )
  await until('all are decided', async () => (await count(xk.store.db, "inbox where state = 'done'")) === 4, 60_000)
  assert.equal(await count(xk.store.db, 'effect'), 4)
})
