import type { Tx } from '@corridor/database'
import { sql } from '../context.ts'
import { leafHash } from './merkle.ts'

/** A line of the journal as it is sealed. */
export interface JournalLeaf {
  tx: number
  id: number
  /**
   * A JSON array as PostgreSQL writes jsonb: id, time (UTC, microseconds), kind, conversation, message id, actor, office, detail. It is
   * the same on every server, since jsonb orders keys and writes numbers in one way.
   */
  leaf: string
  /** Hash of the leaf. */
  hash: Buffer
}

/** What is before every line: PostgreSQL's least bigint. */
export const beforeAll = '-9223372036854775808'
const greatestId = '9223372036854775807'

/** So many lines are in memory at once. */
const page = 1_000

/**
 * The lines of transactions from `firstTx` up to but without `endTx`, in the order in which they are sealed (transaction, id); however
 * many there are, only a page of them is in memory.
 */
export async function* journalLeaves(
  tx: Tx,
  firstTx: number | typeof beforeAll,
  endTx: number,
): AsyncGenerator<JournalLeaf> {
  let after: readonly [number | string, number | string] =
    firstTx === beforeAll ? [beforeAll, beforeAll] : [firstTx - 1, greatestId]
  for (;;) {
    const rows = await tx.run<Omit<JournalLeaf, 'hash'>>(sql.journalLeaves, [...after, endTx, page])
    for (const row of rows) yield { ...row, hash: leafHash(row.leaf) }
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return
    after = [last.tx, last.id]
  }
}
