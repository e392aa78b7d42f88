import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Wire } from '@corridor/as4'
import {
  httpsTransport,
  verifyJournal,
  type As4Server,
  type Exchange,
  type ExchangeOptions,
  type Handler,
  type Outgoing,
  type Partner,
  type ServeOptions,
  type TransportAnswer,
  type TransportOptions,
} from '../../src/index.ts'
import {
  count,
  createExchange,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  recordEffect,
  until,
  vaultOf,
  type Papers,
} from '../nodes.ts'

export type Store = Awaited<ReturnType<typeof makeStore>>

/** One administration: its papers and its database. The processes that work for it come and go. */
export interface Side {
  papers: Papers
  store: Store
}

export async function makeSide(party: string, connections?: number): Promise<Side> {
  const [papers, store] = await Promise.all([makePapers(party), makeStore(connections)])
  return { papers, store }
}

/** Forgets messages and effects; the journal is kept, as always. */
export async function clear(...sides: Side[]): Promise<void> {
  for (const { store } of sides) await store.db.query('truncate inbox, outbox, effect')
}

/** A process of a side, inside of the test. */
export interface Working {
  exchange: Exchange
  port: number
  stop(): Promise<void>
}

export interface WorkingOptions {
  partners: readonly Partner[]
  /** Default any. */
  port?: number
  handler?: Handler
  exchange?: Partial<ExchangeOptions>
  transport?: Partial<TransportOptions>
  serve?: Partial<ServeOptions>
  /** Only takes messages and decides nothing, sends nothing. */
  idle?: boolean
}

/** Starts a process of a side: server, decisions, sending. */
export async function work({ papers, store }: Side, options: WorkingOptions): Promise<Working> {
  const tls = { certificate: papers.certificatePem, key: papers.privateKeyPem }
  const transport = httpsTransport({ ...tls, ...options.transport })
  const exchange = createExchange({
    ...optionsOf(papers, store.db, options.partners),
    transport: transport.send,
    ...options.exchange,
  })
  const server: As4Server = await exchange.serve({
    host: '127.0.0.1',
    port: options.port ?? 0,
    ...tls,
    ...options.serve,
  })
  const running = options.idle === true ? undefined : await exchange.start(options.handler ?? recordEffect)
  return {
    exchange,
    port: server.address.port,
    async stop() {
      await Promise.all([server.close(), running?.stop()])
      await transport.close()
    },
  }
}

/** The partner `other` as `side` knows it, behind a port or an address. */
export function partner(side: Side, other: Side, at: number | string): Partner {
  const url = typeof at === 'string' ? at : `https://127.0.0.1:${at}/as4`
  return partnerOf(side.papers.party, other.papers, url)
}

/** Writes what a decision would owe; the processes of the side hear of it. */
export async function owe(side: Side, to: readonly Side[], messages: readonly Outgoing[]): Promise<void> {
  const partners = to.map((other) => partner(side, other, ''))
  const writer = createExchange(optionsOf(side.papers, side.store.db, partners))
  await side.store.db.transaction((tx) => writer.enqueue(tx, messages))
}

/** Posts sealed bytes as a side's TLS client would, once, over a connection of its own. */
export async function post(
  side: Side,
  to: Partner,
  wire: Wire,
  options: Partial<TransportOptions> = {},
): Promise<TransportAnswer> {
  const { certificatePem: certificate, privateKeyPem: key } = side.papers
  const { send, close } = httpsTransport({ certificate, key, ...options })
  try {
    return await send(to.url, wire, to)
  } finally {
    await close()
  }
}

interface Proof {
  message_id: string
  payload_digest: Buffer
  receipt: Buffer
}

/** A line for each message: long bytes would make the telling of a difference take all memory. */
async function proofs({ store, papers }: Side, box: 'inbox' | 'outbox', ids: readonly string[]): Promise<string[]> {
  const rows = await store.db.query<Proof>(
    `select message_id, payload_digest, receipt from ${box} where message_id = any ($1) order by message_id`,
    [ids],
  )
  const vault = vaultOf(papers.party)
  return rows.map(({ message_id: id, payload_digest: digest, receipt }) => {
    const receiptDigest = createHash('sha256')
      .update(vault.open('receipt', id, receipt))
      .digest('hex')
    return `${id} ${digest.toString('hex')} ${receiptDigest}`
  })
}

/**
 * Waits until all of the messages are receipted by the sender and decided by the receiver, and then asks what the promise says: each
 * has one effect, both sides hold the same digest and the same receipt, byte for byte, and nothing else is left or was made.
 */
export async function deliveredOnce(
  from: Side,
  to: Side,
  messages: readonly Outgoing[],
  limitMs = 60_000,
): Promise<void> {
  const ids = messages.map(({ messageId }) => messageId).sort()
  const all = async (side: Side, what: string) =>
    (await count(side.store.db, `${what} and message_id = any ($1)`, [ids])) === ids.length
  await until('all receipts', () => all(from, "outbox where state = 'receipted'"), limitMs)
  await until('all decisions', () => all(to, "inbox where state = 'done'"), limitMs)
  const effects = await to.store.db.query<{ message_id: string }>(
    'select message_id from effect where message_id = any ($1) order by message_id collate "C"',
    [ids],
  )
  assert.deepEqual(
    effects.map((row) => row.message_id),
    ids,
  )
  assert.deepEqual(await proofs(from, 'outbox', ids), await proofs(to, 'inbox', ids))
}

/** How many lines of a kind the journal has about a message. */
export function said({ store }: Side, kind: string, { messageId }: Outgoing): Promise<number> {
  return count(store.db, 'journal where kind = $1 and message_id = $2', [kind, messageId])
}

/** What the outbox says of a message. */
export async function outboxOf({ store }: Side, { messageId }: Outgoing) {
  const [row] = await store.db.query<{
    id: string
    state: string
    tries: number
    reason: string | null
    sealed: Buffer | null
  }>('select id::text, state, tries, reason, sealed from outbox where message_id = $1', [messageId])
  return row ?? assert.fail(`${messageId} is not in the outbox`)
}

/** Brings every journal line under a seal and follows the chain: nothing that was cut off in the middle has hurt it. */
export async function journalHolds({ papers, store }: Side): Promise<void> {
  const steps = createExchange(optionsOf(papers, store.db, [])).steps(recordEffect)
  while (await steps.sealJournal());
  const verified = await verifyJournal(store.db)
  assert.equal(verified.outcome, 'whole')
}
