// `npm run bench`: durable signed and encrypted messages between two node processes with a database each on one embedded PostgreSQL.
// Prints one JSON object. Options: --messages N (default 2000), --bytes N (default 10000).
import { connect } from '@corridor/database'
import { testDatabase, testServer } from '@corridor/database/testing'
import { fork, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { migrate } from '@corridor/database'
import { migrations } from '../src/index.ts'
import { makePapers, type Papers } from '../test/nodes.ts'
import type { Order } from './node.ts'

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}
const messages = option('messages', 2_000)
const bytes = option('bytes', 10_000)
const warmUp = Math.min(400, messages)

const papers = { sender: await makePapers('NTA.AL'), receiver: await makePapers('NTA.XK') }
await testServer()
const databases = { sender: await testDatabase(), receiver: await testDatabase() }
const db = { sender: connect(databases.sender.url, { max: 1 }), receiver: connect(databases.receiver.url, { max: 1 }) }
await migrate(db.sender, [migrations])
await migrate(db.receiver, [migrations])

const receiver = await startNode('receiver', papers.receiver, papers.sender, 'https://127.0.0.1:1/as4')
const sender = await startNode('sender', papers.sender, papers.receiver, `https://127.0.0.1:${receiver.port}/as4`)

await run(warmUp)
const before = { sender: await cpuOf(sender.child), receiver: await cpuOf(receiver.child), postgres: postgresCpuMs() }
const started = performance.now()
const after = await run(messages)
const seconds = (after - started) / 1000
const used = {
  sender: (await cpuOf(sender.child)) - before.sender,
  receiver: (await cpuOf(receiver.child)) - before.receiver,
}
const postgresAfter = postgresCpuMs()
const postgres = before.postgres === null || postgresAfter === null ? null : postgresAfter - before.postgres
const [times] = await db.sender.query<{ p50: number; p99: number; receipts: number }>(
  `select percentile_cont(0.5) within group (order by ms) as p50, percentile_cont(0.99) within group (order by ms) as p99, count(*) as receipts
   from (select extract(epoch from receipted_at - first_sent_at) * 1000 as ms from outbox where state = 'receipted' order by id desc limit ${messages}) as last`,
)
const [taken] = await db.receiver.query<{ taken: number }>('select count(*) as taken from inbox')

const each = (ms: number): number => Number((ms / messages).toFixed(2))
process.stdout.write(
  `${JSON.stringify({
    bench: 'durable signed and encrypted push between two nodes',
    messages,
    bytes,
    receipts: times!.receipts,
    taken: taken!.taken - warmUp,
    seconds: Number(seconds.toFixed(2)),
    messagesPerSecond: Number((messages / seconds).toFixed(1)),
    sentToReceiptMs: { p50: Number(times!.p50.toFixed(1)), p99: Number(times!.p99.toFixed(1)) },
    cpuMsPerMessage: {
      bothNodes: each(used.sender + used.receiver),
      sender: each(used.sender),
      receiver: each(used.receiver),
      postgres: postgres === null ? null : each(postgres),
    },
    machine: { cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.versions.node },
  })}\n`,
)
sender.child.kill()
receiver.child.kill()
await Promise.all([db.sender.close(), db.receiver.close()])
await Promise.all([databases.sender.drop(), databases.receiver.drop()])
process.exit(times!.receipts === messages && taken!.taken === messages + warmUp ? 0 : 1)

/** Owes so many messages at once and waits for the last receipt. @returns when that was there */
async function run(count: number): Promise<number> {
  const owed = answer(sender.child, 'owed')
  tell(sender.child, { send: { messages: count, bytes } })
  await owed
  for (;;) {
    const [row] = await db.sender.query<{ left: number }>(
      `select count(*) as left from outbox where state <> 'receipted'`,
    )
    if (row?.left === 0) return performance.now()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function startNode(role: 'sender' | 'receiver', own: Papers, partner: Papers, partnerUrl: string) {
  const child = fork(fileURLToPath(new URL('node.ts', import.meta.url)))
  const ready = answer(child, 'ready')
  tell(child, { start: { databaseUrl: databases[role].url, papers: own, partner, partnerUrl, port: 0 } })
  return { child, port: Number(await ready) }
}

function tell(child: ChildProcess, order: Order): void {
  child.send(order)
}

function answer(child: ChildProcess, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const hear = (word: Record<string, unknown>): void => {
      if (!(name in word)) return
      child.off('message', hear)
      resolve(word[name])
    }
    child.on('message', hear)
    child.once('exit', () => reject(new Error(`a node of the bench ended before it said “${name}”`)))
  })
}

/** CPU milliseconds of a node so far, user and system. */
async function cpuOf(child: ChildProcess): Promise<number> {
  const said = answer(child, 'cpu')
  tell(child, { cpu: true })
  const { user, system } = (await said) as NodeJS.CpuUsage
  return (user + system) / 1000
}

/** CPU milliseconds of all PostgreSQL processes so far; null where there is no /proc. Clock ticks are 10 ms on Linux. */
function postgresCpuMs(): number | null {
  try {
    let ticks = 0
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const stat = statOf(pid)
      if (stat.startsWith('postgres')) {
        const fields = stat.slice(stat.indexOf(') ') + 2).split(' ')
        // utime, stime, and those of ended backends (cutime, cstime): fields 14-17 of proc_pid_stat(5).
        ticks += fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
      }
    }
    return ticks * 10
  } catch {
    return null
  }
}

function statOf(pid: string): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.indexOf('(') + 1)
  } catch {
    return ''
  }
}
