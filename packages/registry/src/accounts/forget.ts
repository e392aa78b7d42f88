import type { Tx } from '@corridor/database'
import { sql } from './statements.ts'

const dayMs = 86_400_000
/**
 * Deletes what no request can use any more: links a day after their end, sessions thirty days after (they tell who was signed
 * in), idempotency keys after seven days. Run it daily; running it twice does no harm.
 * @returns how many rows of each were deleted.
 */
export async function forgetOldSecrets(tx: Tx, now: Date): Promise<{ links: number; sessions: number; keys: number }> {
  const before = (days: number) => new Date(now.getTime() - days * dayMs)
  const rows = await tx.run<{ links: number; sessions: number; keys: number }>(sql.forgetOldSecrets, [
    before(1),
    before(30),
    before(7),
  ])
  return rows[0]!
}
