import type { Wire } from '@corridor/as4'
import type { Tx } from '@corridor/database'
import { createHash } from 'node:crypto'
import { Batch } from './batch.ts'
import { sql, type Context } from './context.ts'
import { ExchangeFault } from './faults.ts'
import type { Incoming } from './model.ts'
import { pack } from './packed.ts'
import type { Kept, Vault } from './vault.ts'

/**
 * `taken`: it is on disk with this call's commit · `repeated`: it was there before, with the same payload · `conflicting`: the sender
 * has used the message id for another payload. `receipt`: the stored one, when there is one that can still be read.
 */
export type Accepted =
  | { outcome: 'taken'; id: string }
  | { outcome: 'repeated' | 'conflicting'; id: string; receipt?: Wire }

/** A message at the door, and the time it came. `evidence` are the exact bytes received and the exact receipt (AS4). */
export interface Arrival {
  incoming: Incoming
  at: Date
  evidence?: { raw: Wire; receipt: Wire }
}

/** Messages that came at the same time, on their way to disk with one commit. */
export type Arrivals = Batch<Arrival, Accepted>

/** How messages are kept, and in which order they come. */
type Store = Pick<Context, 'vault' | 'order'>

interface AcceptRow {
  /** Of the message among the given ones, from 1. */
  place: number
  id: string
  outcome: Accepted['outcome']
  receipt: Buffer | null
  receipt_content_type: string | null
}

/** Waiting for another's commit of the same message takes one more look, unless that one is rolled back in between. */
const looks = 5

/** Takes messages on for whoever brings one: each is answered after the commit that holds it. */
export function makeArrivals(context: Store & Pick<Context, 'db'>): Arrivals {
  return new Batch({
    together: (arrivals) => acceptAll(context, context.db, arrivals),
    keyOf: ({ incoming }) => `${incoming.sender}\n${incoming.messageId}`,
    bytesOf: ({ incoming, evidence }) =>
      incoming.payload.length + (evidence === undefined ? 0 : evidence.raw.body.length + evidence.receipt.body.length),
  })
}

/** Takes one message on, once, in the given transaction. */
export async function accept(context: Context, tx: Tx, incoming: Incoming): Promise<Accepted> {
  const [accepted] = await acceptAll(context, tx, [{ incoming, at: context.clock() }])
  return accepted as Accepted
}

/** Takes messages on, once each, in one statement; no two of them with the same sender and id. Answers in their order. */
async function acceptAll(store: Store, tx: Tx, arrivals: readonly Arrival[]): Promise<Accepted[]> {
  const accepted = new Map<Arrival, Accepted>()
  let left = arrivals
  for (let look = 0; look < looks && left.length > 0; look++) {
    const asked = left
    for (const row of await tx.run<AcceptRow>(sql.accept, valuesOf(store, asked)))
      accepted.set(asked[row.place - 1] as Arrival, asAccepted(store.vault, asked[row.place - 1] as Arrival, row))
    left = asked.filter((arrival) => !accepted.has(arrival))
  }
  if (left[0] !== undefined) throw new Error(`message ${left[0].incoming.messageId} is neither stored nor storable`)
  return arrivals.map((arrival) => accepted.get(arrival) as Accepted)
}

function valuesOf({ vault, order }: Store, arrivals: readonly Arrival[]): unknown[] {
  const messages = arrivals.map(({ incoming }) => incoming)
  const column = <Name extends keyof Incoming>(name: Name) => messages.map((message) => message[name] ?? null)
  const payloads = messages.map(({ payload }) => payload)
  const sealed = (kept: Kept, { incoming: { messageId } }: Arrival, bytes: Uint8Array | undefined) =>
    bytes && vault.seal(kept, messageId, bytes)
  const payload = pack(arrivals.map((arrival) => sealed('payload', arrival, arrival.incoming.payload)))
  const raw = pack(arrivals.map((arrival) => sealed('raw', arrival, arrival.evidence?.raw.body)))
  const receipt = pack(arrivals.map((arrival) => sealed('receipt', arrival, arrival.evidence?.receipt.body)))
  return [
    column('sender'),
    column('messageId'),
    column('link'),
    column('recipient'),
    column('conversation'),
    column('documentType'),
    column('refTo'),
    arrivals.map(({ at }) => at),
    Buffer.concat(payloads.map((bytes) => createHash('sha256').update(bytes).digest())),
    payload.bytes,
    payload.starts,
    payload.lengths,
    raw.bytes,
    raw.starts,
    raw.lengths,
    arrivals.map(({ evidence }) => evidence?.raw.contentType),
    receipt.bytes,
    receipt.starts,
    receipt.lengths,
    arrivals.map(({ evidence }) => evidence?.receipt.contentType),
    arrivals.map(({ incoming, at }) => order.turnOf(incoming.sender, at)),
    column('madeAt'),
  ]
}

function asAccepted(vault: Vault, { incoming }: Arrival, row: AcceptRow): Accepted {
  if (row.outcome === 'taken') return { outcome: 'taken', id: row.id }
  return { outcome: row.outcome, id: row.id, receipt: receiptOf(vault, incoming.messageId, row) }
}

/** The stored receipt. One that the disk has changed is as good as none: the message is there, and another can be made for it. */
function receiptOf(vault: Vault, messageId: string, row: AcceptRow): Wire | undefined {
  if (row.receipt === null || row.receipt_content_type === null) return undefined
  try {
    return { contentType: row.receipt_content_type, body: vault.open('receipt', messageId, row.receipt) }
  } catch (error) {
    if (error instanceof ExchangeFault) return undefined
    throw error
  }
}
