import type { Database, Tx } from '@corridor/database'
import { sql } from './context.ts'

/** A write that succeeded: the disk has it. */
export interface Probe {
  /** How long it took, with its commit. */
  writeMs: number
  /** How far the database server's clock is ahead of ours. */
  clockAheadMs: number
}

/**
 * Writes one row and commits, as every message does. Rejects like any statement: `database.read-only`, `database.disk-full`,
 * `database.unreachable`; after two seconds at the latest once the server has it.
 */
export async function probeDatabase(db: Database, clock: () => Date): Promise<Probe> {
  const began = clock().getTime()
  const now = await db.transaction(
    async (tx) => (await tx.run<{ now: Date }>(sql.writeProbe, [new Date(began)]))[0]?.now,
    { settings: { statement_timeout: 2_000 } },
  )
  const ended = clock().getTime()
  return { writeMs: ended - began, clockAheadMs: (now ?? new Date(ended)).getTime() - (began + ended) / 2 }
}

/** How far the seals are behind the journal. */
export interface JournalState {
  /** Number of the last seal. */
  seal: number | null
  sealedAt: Date | null
  /** Of the oldest line that no seal covers yet. Older than a second or two: no process seals, or a transaction stays open. */
  oldestUnsealedAt: Date | null
}

/** Where the seals of the journal are; costs the same however long it is. */
export async function journalState(tx: Tx): Promise<JournalState> {
  const [row] = await tx.run<{ seal: number | null; sealed_at: Date | null; oldest_unsealed_at: Date | null }>(
    sql.journalState,
  )
  return {
    seal: row?.seal ?? null,
    sealedAt: row?.sealed_at ?? null,
    oldestUnsealedAt: row?.oldest_unsealed_at ?? null,
  }
}

/** How long a partner's receipts took, from the decision to the verified receipt. */
export interface Lag {
  party: string
  /** How many receipts this is of: at most the last thousand. */
  receipts: number
  /** Seconds. */
  p50: number
  p90: number
  p99: number
}

/** The lags of partners that gave a receipt since a moment, from the database: all processes of a node say the same. */
export async function lagsOf(tx: Tx, parties: readonly string[], since: Date): Promise<Lag[]> {
  const rows = await tx.run<{ party: string; receipts: number; seconds: [number, number, number] }>(sql.lags, [
    parties,
    since,
  ])
  return rows.map(({ party, receipts, seconds: [p50, p90, p99] }) => ({ party, receipts, p50, p90, p99 }))
}
