import type { Tx } from '@corridor/database'
import type { Vault } from '../vault.ts'
import type { Sides, Total } from './documents.ts'
import { sql } from './statements.ts'

/**
 * What differs of a message. `missing-there`: the partner had it, by its receipt, and has it no more · `missing-here`: the other way round ·
 * `no-receipt`: the partner has it, and its receipt is not here · `unknown-here`: the partner has it from us, and this node does not remember
 * it · `unknown-there`: the other way round · `differs`: another document under the same id · `under-way`: sent, and not there yet: no
 * difference · `question`: the partner has not said yet.
 */
export const differenceKinds = [
  'missing-there',
  'missing-here',
  'no-receipt',
  'unknown-here',
  'unknown-there',
  'differs',
  'under-way',
  'question',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** A comparison with a partner. */
export interface ReconciliationView {
  number: number
  partner: string
  /** Who began it: this node, or the partner. */
  role: 'ours' | 'theirs'
  /** UTC. */
  day: string
  state: 'wanted' | 'asked' | 'compared' | 'refused'
  repair: 'wanted' | 'ordered' | 'ended' | null
  automatic: boolean
  /** Number of the one whose repair it looks after. */
  follows: number | null
  actor: string | null
  reason: string | null
  /** Why it ended without a result. */
  refusal: string | null
  /** What this node had when it asked or answered; null before that. */
  own: Sides<Total> | null
  theirs: Sides<Total> | null
  /** Both sides have the very same messages, each with the very same document. */
  isSame: boolean
  /** Parts that differed. */
  parts: number
  wantedAt: Date
  askedAt: Date | null
  comparedAt: Date | null
  mendedAt: Date | null
  /** How many messages differ, by how. */
  differences: Partial<Record<DifferenceKind, number>>
  /** How many of them are as they were. */
  open: number
}

/** A message that differs. */
export interface DifferenceView {
  direction: 'out' | 'in'
  messageId: string
  kind: DifferenceKind
  /** SHA-256 of its document, in hexadecimal: of `differs` and `unknown-here` that of the partner. */
  digest: string
  /** Why it was not mended. */
  told: string | null
  /** As far as this node knows the message now. */
  conversation: string | null
  documentType: string | null
  state: string | null
  at: Date | null
  settled: boolean
  /** It was given back by the partner: it can be shown. */
  returned: boolean
}

/** A message of ours that the partner gave back. */
export interface ReturnedView {
  partner: string
  messageId: string
  conversation: string
  documentType: string
  refTo: string | null
  madeAt: Date
  returnedAt: Date
  /** The partner's receipt for it holds. */
  receipted: boolean
  document: Uint8Array
  /** What this node signed then. */
  signed: { contentType: string; body: Uint8Array }
  receipt: { contentType: string; body: Uint8Array }
}

export interface RunsQuery {
  partner?: string | undefined
  day?: string | undefined
  /** Only those with a smaller number. */
  below?: number | undefined
  limit: number
}

type RunRow = Record<string, unknown> & { own_total: Sides<Total> | null; their_total: Sides<Total> | null }

/** Comparisons, the newest first. */
export async function runsOf(tx: Tx, { partner, day, below, limit }: RunsQuery): Promise<ReconciliationView[]> {
  const rows = await tx.run<RunRow>(sql.runs, [partner ?? null, day ?? null, below ?? null, null, limit, null])
  return rows.map(viewOf)
}

/** One comparison; with `follows` the one that looks after its repair. */
export async function runOf(
  tx: Tx,
  number: number,
  { follows }: { follows?: boolean } = {},
): Promise<ReconciliationView | undefined> {
  const [one, follower] = follows === true ? [null, number] : [number, null]
  const [row] = await tx.run<RunRow>(sql.runs, [null, null, null, one, 1, follower])
  return row && viewOf(row)
}

/** The last comparison of ours with each partner that came to a result: how many messages still differ. */
export async function lastComparisons(
  tx: Tx,
  parties: readonly string[],
): Promise<{ party: string; open: number; comparedAt: Date }[]> {
  const numbers = await tx.run<{ number: number }>(sql.lastCompared, [parties])
  const found: { party: string; open: number; comparedAt: Date }[] = []
  for (const { number } of numbers) {
    const run = await runOf(tx, number)
    if (run?.comparedAt != null) found.push({ party: run.partner, open: run.open, comparedAt: run.comparedAt })
  }
  return found
}

/** Differences of a comparison, in order of direction and id, after one of them. */
export async function differencesOf(
  tx: Tx,
  number: number,
  { after, limit }: { after?: { direction: string; messageId: string } | undefined; limit: number },
): Promise<DifferenceView[]> {
  const rows = await tx.run(sql.differences, [number, after?.direction ?? '', after?.messageId ?? '', limit])
  return rows.map(
    ({ message_id: messageId, document_type: documentType, ...row }) =>
      ({ ...row, messageId, documentType }) as unknown as DifferenceView,
  )
}

/** Undefined when the partner gave back none of this id. Fault `exchange.sealed-otherwise`. */
export async function returnedOf(
  tx: Tx,
  vault: Vault,
  partner: string,
  messageId: string,
): Promise<ReturnedView | undefined> {
  interface Row {
    conversation: string
    document_type: string
    ref_to: string | null
    made_at: Date
    payload: Buffer
    signed: Buffer
    signed_content_type: string
    receipt: Buffer
    receipt_content_type: string
    receipted: boolean
    returned_at: Date
  }
  const [row] = await tx.run<Row>(sql.returned, [partner, messageId])
  if (row === undefined) return undefined
  return {
    partner,
    messageId,
    conversation: row.conversation,
    documentType: row.document_type,
    refTo: row.ref_to,
    madeAt: row.made_at,
    returnedAt: row.returned_at,
    receipted: row.receipted,
    document: vault.open('payload', messageId, row.payload),
    signed: { contentType: row.signed_content_type, body: vault.open('sealed', messageId, row.signed) },
    receipt: { contentType: row.receipt_content_type, body: vault.open('receipt', messageId, row.receipt) },
  }
}

function viewOf({ own_total: own, their_total: theirs, ...row }: RunRow): ReconciliationView {
  const { wanted_at: wantedAt, asked_at: askedAt, compared_at: comparedAt, ordered_at: mendedAt, ...more } = row
  return {
    ...more,
    own,
    theirs,
    isSame: isSame(own, theirs),
    wantedAt,
    askedAt,
    comparedAt,
    mendedAt,
  } as ReconciliationView
}

/** What one side sent is what the other received. */
function isSame(own: Sides<Total> | null, theirs: Sides<Total> | null): boolean {
  return (
    own !== null &&
    theirs !== null &&
    own.sent.digest === theirs.received.digest &&
    own.received.digest === theirs.sent.digest
  )
}
