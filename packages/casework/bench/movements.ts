// `npm run bench:movements`: complete movements between two nodes, every document of them, durable, over AS4 and HTTPS; beside them the bare
// exchange of as many messages in the same run; then a list page and an act as open movements grow. Prints one JSON object; progress goes to
// standard error.
// Options: --in-flight 1,8,32 (movements), --seconds N (each, default 10), --rows 1000,10000,100000,1000000, --only rates|growth.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { connect } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { quantile, rounded } from '../../as4/bench/plan.ts'
import { fly } from '../../exchange/bench/flight.ts'
import { makePair } from '../../exchange/bench/pair.ts'
import { makePapers } from '../../exchange/test/nodes.ts'
import { growth } from './growth.ts'
import type { Ended, Order } from './movement-node.ts'

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const levels = (option('in-flight') ?? '1,8,32').split(',').map(Number)
const seconds = Number(option('seconds') ?? 10)
const rows = (option('rows') ?? '1000,10000,100000,1000000').split(',').map(Number)
const only = option('only')

const rates = only === 'growth' ? undefined : await movements()
const bare = rates === undefined ? undefined : await exchanged(rates.messages.as4)
const grown = only === 'rates' ? undefined : await growth(rows)
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.versions.node,
  load: loadavg().map((each) => rounded(each)),
}
const bench = 'complete movements between two nodes: declared, released, crossed, arrived, unloaded, written off'
process.stdout.write(`${JSON.stringify({ bench, ...rates, bare, growth: grown, machine }, null, 2)}\n`)
process.exit(0)

interface Pair {
  al: ChildProcess
  xk: ChildProcess
}

async function movements() {
  const papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
  const made = { al: await testDatabase(), xk: await testDatabase() }
  const ports = { al: await freePort(), xk: await freePort() }
  const open = async (id: 'al' | 'xk', other: 'al' | 'xk') => {
    const child = fork(fileURLToPath(new URL('movement-node.ts', import.meta.url)))
    const partnerUrl = `https://127.0.0.1:${ports[other]}/as4`
    const own = { id, databaseUrl: made[id].url, papers: papers[id], partner: papers[other], port: ports[id] }
    await ask(child, { open: { ...own, partnerUrl } }, 'opened')
    return child
  }
  const pair: Pair = { al: await open('al', 'xk'), xk: await open('xk', 'al') }
  await Promise.all([ask(pair.al, { start: true }, 'started'), ask(pair.xk, { start: true }, 'started')])
  await keepUnderWay(pair, Math.min(8, levels.at(-1) ?? 8), 3)
  const flights = []
  for (const level of levels) {
    const flight = await keepUnderWay(pair, level, seconds)
    process.stderr.write(`movements ${JSON.stringify(flight)}\n`)
    flights.push(flight)
  }
  const messages = await counted(made.al.url, made.xk.url)
  for (const child of [pair.al, pair.xk]) child.disconnect()
  await Promise.all([pair.al, pair.xk].map((child) => new Promise((resolve) => child.once('exit', resolve))))
  await Promise.all([made.al.drop(), made.xk.drop()])
  return { movements: flights, messages }
}

/** A port that was free a moment ago: each node is told that of the other before it opens its own. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Keeps so many movements under way for some seconds, and sees them all ended. */
async function keepUnderWay(pair: Pair, inFlight: number, most: number) {
  const usage = () =>
    Promise.all([ask<number>(pair.al, { usage: true }, 'usage'), ask<number>(pair.xk, { usage: true }, 'usage')])
  const before = await usage()
  const began = performance.now()
  const took: number[] = []
  let declared = 0
  await new Promise<void>((resolve) => {
    const declare = (count: number): void => {
      declared += count
      pair.al.send({ declare: count } satisfies Order)
    }
    const hear = ({ ended }: { ended?: Ended }): void => {
      if (ended === undefined) return
      took.push(ended.tookMs)
      if (performance.now() - began < most * 1000) declare(1)
      else if (took.length === declared) {
        pair.al.off('message', hear)
        resolve()
      }
    }
    pair.al.on('message', hear)
    declare(inFlight)
  })
  const elapsed = performance.now() - began
  const after = await usage()
  const cpu = after.reduce((sum, each, at) => sum + each - (before[at] ?? 0), 0)
  const sorted = took.toSorted((a, b) => a - b)
  return {
    inFlight,
    movements: declared,
    movementsPerSecond: rounded((declared / elapsed) * 1000, 2),
    declaredToCreditedMs: { p50: rounded(quantile(sorted, 0.5)), p99: rounded(quantile(sorted, 0.99)) },
    nodeCpuMsPerMovement: rounded(cpu / declared, 1),
  }
}

/** Documents of one movement, by how they went: over AS4, between offices of one node, from and to traders. */
async function counted(al: string, xk: string) {
  let total = { as4: 0, local: 0, fromTraders: 0, toTraders: 0 }
  let ended = 0
  for (const url of [al, xk]) {
    const db = connect(url, { max: 1 })
    const [row] = await db.query<typeof total & { ended: number }>(
      `select (select count(*) from outbox where link = 'as4') as as4, (select count(*) from inbox where link = 'local') as local,
         (select count(*) from inbox where link = 'api') as "fromTraders", (select count(*) from outbox where link = 'mailbox') as "toTraders",
         (select count(*) from movement where role = 'departure' and state = 'written-off') as ended`,
    )
    await db.close()
    if (row === undefined) continue
    ended += row.ended
    total = {
      as4: total.as4 + row.as4,
      local: total.local + row.local,
      fromTraders: total.fromTraders + row.fromTraders,
      toTraders: total.toTraders + row.toTraders,
    }
  }
  const each = Object.fromEntries(Object.entries(total).map(([name, count]) => [name, rounded(count / ended, 2)]))
  return { ended, ...(each as typeof total) }
}

/** The exchange alone, with no casework: as many messages of 10 kB as the movements sent. */
async function exchanged(perMovement: number) {
  const pair = await makePair(1)
  await pair.start()
  await fly(pair, 32, 10_000, 3)
  const { inFlight, messagesPerSecond, cpuMsPerMessage } = await fly(pair, 32, 10_000, seconds)
  await pair.close()
  return {
    inFlight,
    messagesPerSecond,
    cpuMsPerMessage,
    movementsPerSecond: rounded(messagesPerSecond / perMovement, 2),
  }
}

/** Asks a process and waits for the word it answers with. Rejects when the process ends first. */
function ask<T>(child: ChildProcess, order: Order, answer: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error(`a node of the bench ended before it said “${answer}”`))
    const hear = (word: Record<string, unknown>): void => {
      if (!(answer in word)) return
      child.off('message', hear)
      child.off('exit', gone)
      resolve(word[answer] as T)
    }
    child.on('message', hear)
    child.once('exit', gone)
    child.send(order)
  })
}
