import type { HubPorts } from '../ports.ts'
import { sql } from '../statements.ts'
import { regionalTopic } from './take.ts'

/** Movements of one transaction. */
const together = 200
const dayMs = 86_400_000

/**
 * Deletes the copies of movements of which none has come for as long as the members agreed on, with what the board says of them and the
 * documents in which they came. Digests, receipts and the journal stay.
 * @returns whether there may be more
 */
export async function forgetCopies(ports: HubPorts): Promise<boolean> {
  const { keepDays } = ports.limits
  if (keepDays === null) return false
  const before = new Date(ports.clock().getTime() - keepDays * dayMs)
  return ports.db.transaction(async (tx) => {
    const [gone] = await tx.run<{ movements: number; copies: number; came: Record<string, string[] | null> }>(
      sql.deleteCopies,
      [before, together],
    )
    if (gone === undefined || gone.movements === 0) return false
    const { movements, copies, came } = gone
    for (const [sender, messageIds] of Object.entries(came))
      if (messageIds !== null) await ports.exchange.passing.forget(tx, 'inbox', messageIds, sender)
    const detail = { movements, copies, keepDays, before: before.toISOString() }
    await ports.exchange.journal(tx, [{ kind: 'copies.deleted', detail }])
    await ports.exchange.announce(tx, regionalTopic, '')
    return movements === together
  })
}
