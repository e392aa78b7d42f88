// One process of a node of the bench. It does what its parent asks, and tells it of every receipt that is committed.
import { openBorderDatabase, openObjectStore, storeSettings } from '@corridor/carriers'
import { connect, type Database } from '@corridor/database'
import { randomUUID, X509Certificate } from 'node:crypto'
import { Session } from 'node:inspector/promises'
import { type ExchangeOptions, httpsTransport, type Outgoing, type Partner } from '../src/index.ts'
import { createExchange, document, optionsOf, partnerOf, serverOf, type Papers } from '../test/nodes.ts'
import type { Profile } from './profile.ts'

/** What the bench asks of a process. */
export type Order =
  | { open: Opening }
  | { start: true }
  | { owe: Owing }
  | { usage: true }
  | { watch: boolean }
  | { times: true }

/** `open` makes the node and its server; it decides and sends from `start` on. */
export interface Opening {
  databaseUrl: string
  papers: Papers
  partner: Papers
  partnerUrl: string
  /** How the partner is reached; by AS4 push without it. */
  by?: By
}

/** AS4 by which one side fetches; AS4 inside of a tunnel; or a third place. */
export type By = { pulls: 'we' | 'they' } | { tunnel: { local: string; peer: string } } | Third

/** A border database, by its own role's URL; a cloud store, by its own settings; or a hub. */
type Third = { borderUrl: string } | { store: string } | { hub: Papers; hubUrl: string }

const isThird = (by: By | undefined): by is Third => by !== undefined && !('pulls' in by) && !('tunnel' in by)

/** So many documents, one after another in each of so many conversations; without that, each in one of its own. */
export interface Owing {
  messages: number
  bytes: number
  conversations?: number
  /** Numbers of the first. */
  from?: number
}

/** How often a statement ran, for how many rows, and how long its caller waited. */
export interface Statements {
  [name: string]: { times: number; rows: number; ms: number }
}

interface Node {
  exchange: ReturnType<typeof createExchange>
  db: Database
  partner: string
}

/** The statement by which a receipt is committed. That of an AS4 message to a hub is none of the partner. */
let settling = 'settle-receipted'
let work: Promise<Node> | undefined
let statements: Statements | undefined
let profiler: Session | undefined
/** Of messages that this process saw receipted: from being owed to the commit of the receipt. */
let times: number[] = []

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
})
process.once('disconnect', () => process.exit(0))

async function obey(order: Order): Promise<void> {
  if ('open' in order) work = open(order.open)
  if ('start' in order) {
    await (await work!).exchange.start(async () => ({ done: true }))
    process.send?.({ started: true })
  }
  if ('owe' in order) await owe(order.owe)
  if ('usage' in order) {
    const { user, system } = process.cpuUsage()
    process.send?.({ usage: { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1e6 } })
  }
  if ('watch' in order) await watch(order.watch)
  if ('times' in order) {
    process.send?.({ times })
    times = []
  }
}

async function open({ databaseUrl, papers, partner, partnerUrl, by }: Opening): Promise<Node> {
  if (isThird(by)) settling = 'settle-carried'
  const db = watched(connect(databaseUrl, { max: 20 }))
  const transport = httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem })
  const exchange = createExchange({
    ...optionsOf(papers, db, isThird(by) ? [] : [reachedBy(by, partnerOf(papers.party, partner, partnerUrl))]),
    ...(isThird(by) && carriedBy(by, papers, partner)),
    transport: transport.send,
    patience: {},
    deciding: 4,
  })
  const server = await serverOf(exchange, papers, 0, by !== undefined && 'tunnel' in by ? { host: '0.0.0.0' } : {})
  process.send?.({ opened: server.address.port })
  return { exchange, db, partner: partner.party }
}

/** The partner at its own endpoint. */
function reachedBy(by: Exclude<By, Third> | undefined, partner: Partner): Partner {
  if (by === undefined) return partner
  if ('tunnel' in by) return { ...partner, tunnel: by.tunnel }
  const mpc = 'urn:bench:mpc'
  return by.pulls === 'they'
    ? { ...partner, pulls: 'they', sending: { ...partner.sending, mpc } }
    : { ...partner, pulls: 'we', receiving: { ...partner.receiving, mpc } }
}

/** The partner at a third place, and how that is reached. */
function carriedBy(by: Third, own: Papers, partner: Papers): Partial<ExchangeOptions> {
  const certificates = [new X509Certificate(partner.certificatePem)]
  const carried = [{ party: partner.party, agreement: 'bench', certificates, place: 'between' }]
  if ('hub' in by)
    return { carried, places: { between: { hub: by.hub.party } }, partners: [partnerOf(own.party, by.hub, by.hubUrl)] }
  const { party } = own
  const carrier =
    'store' in by
      ? openObjectStore({ settings: storeSettings(by.store), party })
      : openBorderDatabase({ url: by.borderUrl, party })
  return { carried, places: { between: { carrier } } }
}

async function owe({ messages, bytes, conversations, from = 0 }: Owing): Promise<void> {
  const { db, exchange, partner } = await work!
  const owed = Array.from({ length: messages }, (_, n): Outgoing => {
    const number = from + n
    return document(partner, {
      // The number and the moment travel in the id, so that any process can say how long it took.
      messageId: `${number}.${now().toFixed(2)}.${randomUUID()}@bench.test`,
      conversation: conversations === undefined ? randomUUID() : `conversation ${number % conversations}`,
      payload: body(bytes),
    })
  })
  await db.transaction((tx) => exchange.enqueue(tx, owed))
  process.send?.({ owed: messages })
}

/** The same clock in all processes of the machine, finer than Date.now(). */
function now(): number {
  return performance.timeOrigin + performance.now()
}

/** Tells the parent of receipts when they are committed, and counts statements while that is asked for. */
function watched(db: Database): Database {
  const watchedRun =
    (run: Database['run']): Database['run'] =>
    async <Row>(...args: Parameters<Database['run']>) => {
      const began = performance.now()
      const rows = await run<Row>(...args)
      const name = args[0].name.split('.')[0] ?? ''
      note(name, rows.length, performance.now() - began)
      if (name === settling) receipted(rows as { message_id: string }[])
      return rows
    }
  return {
    ...db,
    run: watchedRun(db.run),
    async transaction(inside, options) {
      const began = performance.now()
      const result = await db.transaction((tx) => inside({ ...tx, run: watchedRun(tx.run) }), options)
      note('(transaction)', 1, performance.now() - began)
      return result
    },
  }
}

function note(name: string, rows: number, ms: number): void {
  if (statements === undefined) return
  const one = (statements[name] ??= { times: 0, rows: 0, ms: 0 })
  one.times++
  one.rows += rows
  one.ms += ms
}

function receipted(rows: readonly { message_id: string }[]): void {
  const at = now()
  for (const { message_id } of rows) times.push(at - Number(message_id.split('.').slice(1, 3).join('.')))
  process.send?.({ receipted: rows.length })
}

/** Starts or ends a profile of this process and the count of its statements; at the end the parent gets both. */
async function watch(on: boolean): Promise<void> {
  if (on) {
    statements = {}
    profiler = new Session()
    profiler.connect()
    await profiler.post('Profiler.enable')
    await profiler.post('Profiler.start')
    process.send?.({ watching: true })
    return
  }
  const { profile } = (await profiler!.post('Profiler.stop')) as { profile: Profile }
  profiler!.disconnect()
  process.send?.({ watched: { profile, statements } })
  statements = undefined
}

/** A document that zips about as well as a declaration does: words that repeat, and numbers that do not. */
function body(bytes: number): Buffer {
  const parts = ['<ncts:CD001C xmlns:ncts="urn:bench">']
  for (let length = 40; length < bytes - 20;) {
    const item = `<ConsignmentItem><goodsItemNumber>${randomUUID()}</goodsItemNumber><grossMass>1260.000</grossMass></ConsignmentItem>`
    parts.push(item)
    length += item.length
  }
  parts.push('</ncts:CD001C>')
  return Buffer.from(parts.join(''))
}
