import type { Tx } from '@corridor/database'
import type { Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import { enqueue } from '../outgoing.ts'
import { type ReconciliationType, writeDocument } from './documents.ts'
import { sql } from './statements.ts'

/** What one step of reconciliation needs of a comparison. */
export interface Run {
  number: number
  /** Its name on the wire. */
  run: string
  partner: string
  day: string
}

/** Documents of one comparison go one after the other. */
export const conversationOf = (run: string): string => `reconciliation ${run}`

/** A document of a comparison. */
export interface Told {
  type: ReconciliationType
  document: object | Uint8Array
  /** Message that it answers. */
  refTo?: string | null
  /** Of one that is in no order with the others: what tells it from them. */
  apart?: string
}

/** Owes documents of a comparison to its partner. */
export async function tell(
  context: Context,
  tx: Tx,
  { run, partner }: Pick<Run, 'run' | 'partner'>,
  documents: readonly Told[],
): Promise<void> {
  await enqueue(
    context,
    tx,
    documents.map(({ type, document, refTo, apart }) => ({
      messageId: context.newId(),
      link: 'partner',
      sender: context.party,
      recipient: partner,
      conversation: apart === undefined ? conversationOf(run) : `${conversationOf(run)} ${apart}`,
      documentType: type,
      refTo: refTo ?? null,
      payload: document instanceof Uint8Array ? document : writeDocument(document),
    })),
  )
}

/** A comparison ends without a result, or its repair does; the journal says why. */
export async function endRefused(
  context: Context,
  tx: Tx,
  { number, partner, run }: Pick<Run, 'number' | 'partner' | 'run'>,
  reason: string,
): Promise<void> {
  const now = context.clock()
  const ended = await tx.run(sql.refuseRun, [number, reason, now])
  if (ended.length === 0) return
  const entry = { kind: 'reconciliation.refused', actor: partner, detail: { run, number, reason } }
  await writeJournal(tx, now, [entry])
}

/** Splits a list into pieces of up to `size`. */
export function pieces<Each>(all: readonly Each[], size: number): Each[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))
}

/** Items of both directions in pages of up to `size`. */
export function pagesOf<Each>(
  sides: { sent: readonly Each[]; received: readonly Each[] },
  size: number,
): { sent: Each[]; received: Each[] }[] {
  const all = [
    ...sides.sent.map((item) => ({ side: 'sent' as const, item })),
    ...sides.received.map((item) => ({ side: 'received' as const, item })),
  ]
  return pieces(all, size).map((page) => ({
    sent: page.flatMap(({ side, item }) => (side === 'sent' ? [item] : [])),
    received: page.flatMap(({ side, item }) => (side === 'received' ? [item] : [])),
  }))
}
