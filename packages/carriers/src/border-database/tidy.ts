import type { Database, Statement } from '@corridor/database'
import { removeWaiting } from './members.ts'
import { asOwner } from './owner.ts'
import { sql } from './statements.ts'

export interface TidyOptions {
  /** How long it is remembered that an object was dealt with; default 7 days. */
  rememberDays?: number
  /** How long lines of the access log stay; default 730 days. */
  logDays?: number
  /** How long a member's transaction may last; default 300 s. Longer ones are ended: they hold up the cleaning of the disk. */
  longestTransactionSeconds?: number
}

/** What housekeeping did, and what lies there now. */
export interface TidyReport {
  /** Objects that expired and were not taken. */
  expired: number
  /** Objects that were dealt with long ago. */
  forgotten: number
  logLines: number
  /** Sessions of members that were ended. */
  ended: number
  /** What of each member waits, by addressee; of one that has put nothing yet a line with none. */
  waiting: { party: string; addressee: string | null; objects: number; bytes: number }[]
}

/**
 * Housekeeping, to be run every few minutes by whoever runs the border database.
 * @param url of the role that owns the database
 * @throws BorderFault, DatabaseFault
 */
export function tidyBorderDatabase(url: string, options: TidyOptions = {}): Promise<TidyReport> {
  const { rememberDays = 7, logDays = 730, longestTransactionSeconds = 300 } = options
  return asOwner(url, 'corridor border tidy', async (db) => {
    const [stuck] = await db.run<{ ended: number }>(sql.endStuck, [longestTransactionSeconds])
    return {
      ended: stuck?.ended ?? 0,
      expired: await removeWaiting(db, null),
      forgotten: await forget(db, sql.forgetDealt, rememberDays),
      logLines: await forget(db, sql.forgetLog, logDays),
      waiting: await db.run(sql.state),
    }
  })
}

/** In portions, so that no transaction is long. */
async function forget(db: Database, statement: Statement, days: number): Promise<number> {
  const atOnce = 10_000
  for (let sum = 0; ;) {
    const [row] = await db.run<{ gone: number }>(statement, [days, atOnce])
    const gone = row?.gone ?? 0
    sum += gone
    if (gone < atOnce) return sum
  }
}
