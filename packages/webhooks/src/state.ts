import type { Tx } from '@corridor/database'
import type { WebhooksState } from './model.ts'
import { sql } from './statements.ts'

interface Row extends Omit<WebhooksState, 'overdueSince'> {
  overdue_since: Date | null
}

/** How it stands with all endpoints of a node, from the database: all its processes say the same. */
export async function webhooksState(tx: Tx, now: Date): Promise<WebhooksState> {
  const [{ overdue_since: overdueSince, ...counts }] = (await tx.run<Row>(sql.state, [now])) as [Row]
  return { ...counts, overdueSince }
}
