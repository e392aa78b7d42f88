import type { Tx } from '@corridor/database'
import type { Outcome } from '@corridor/exchange'
import type { HubPorts } from '../ports.ts'
import { sql } from '../statements.ts'
import { refuse } from './forward.ts'

interface UnderWayRow {
  sender: string
  id: string
  came_as: string
  conversation: string
  message_id: string
  expires_at: Date
}

const hasExpired = 'the sealed object has expired'

/** How many are looked at in one transaction. */
const together = 200

/**
 * Looks after objects that were forwarded: one that the addressee has, or never will, is forgotten; of the latter its sender is told.
 * @param lookAgainMs an object that was looked at is left alone for so long, and longer when it is under way for long
 * @returns whether there may be more to look at now
 */
export async function settleForwarded(ports: HubPorts, lookAgainMs: number): Promise<boolean> {
  return ports.db.transaction(async (tx) => {
    const now = ports.clock()
    const before = new Date(now.getTime() - lookAgainMs)
    const rows = await tx.run<UnderWayRow>(sql.lookAtForwarded, [before, together, now])
    // Also while something is under way, which it may be for weeks.
    if (rows.length < together) await tx.run(sql.dropForwarded, [now])
    if (rows.length === 0) return false
    const { passing } = ports.exchange
    const expired = rows.filter((row) => row.expires_at <= now).map((row) => row.message_id)
    if (expired.length > 0) await passing.withdraw(tx, expired, hasExpired)
    const found = await passing.outcomes(
      tx,
      rows.map((row) => row.message_id),
    )
    const outcomes = new Map(found.map((outcome) => [outcome.messageId, outcome]))
    const over = rows.filter((row) => isOver(outcomes.get(row.message_id)))
    for (const row of over) await settle(ports, tx, row, outcomes.get(row.message_id))
    await passing.forget(
      tx,
      'outbox',
      over.map((row) => row.message_id),
    )
    return rows.length === together
  })
}

function isOver(outcome: Outcome | undefined): boolean {
  return outcome === undefined || ['receipted', 'parked', 'discarded'].includes(outcome.state)
}

async function settle(ports: HubPorts, tx: Tx, row: UnderWayRow, outcome: Outcome | undefined): Promise<void> {
  const delivered = outcome?.state === 'receipted'
  const reason = delivered ? null : (outcome?.reason ?? 'the hub does not have it any more')
  await tx.run(sql.settleForwarded, [row.sender, row.id, delivered ? 'delivered' : 'refused', reason, ports.clock()])
  if (reason === null) return
  const to = { sender: row.sender, messageId: row.came_as, conversation: row.conversation }
  await refuse(ports, tx, to, { id: row.id, reason, ...(reason === hasExpired && { again: true }) })
}
