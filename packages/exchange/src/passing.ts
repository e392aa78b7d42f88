import type { Tx } from '@corridor/database'
import { sql } from './context.ts'

/** What became of a message of ours. */
export interface Outcome {
  messageId: string
  state: 'queued' | 'sent' | 'receipted' | 'parked' | 'discarded'
  reason: string | null
}

/** For who sends on what is not his own: it is looked after until it has arrived, and kept no longer. */
export interface Passing {
  /** What became of messages of ours, by their ids; of one that nobody knows nothing is said. */
  outcomes(tx: Tx, messageIds: readonly string[]): Promise<Outcome[]>
  /** Gives up messages that have no receipt yet, for a reason. @returns the ids of those that were given up */
  withdraw(tx: Tx, messageIds: readonly string[], reason: string): Promise<string[]>
  /**
   * Takes the documents and the bytes of messages away that are received, receipted or parked. What stays is who sent them when, their
   * digests and their receipts, so that a repeat is still known as one.
   */
  forget(tx: Tx, box: 'inbox' | 'outbox', messageIds: readonly string[], sender?: string): Promise<void>
}

/** @param clock for the journal */
export function passingOf(clock: () => Date): Passing {
  return {
    async outcomes(tx, messageIds) {
      const rows = await tx.run<{ message_id: string; state: Outcome['state']; reason: string | null }>(sql.outcomes, [
        messageIds,
      ])
      return rows.map(({ message_id: messageId, state, reason }) => ({ messageId, state, reason }))
    },
    async withdraw(tx, messageIds, reason) {
      const rows = await tx.run<{ message_id: string }>(sql.withdraw, [messageIds, reason, clock()])
      return rows.map(({ message_id: messageId }) => messageId)
    },
    async forget(tx, box, messageIds, sender) {
      if (box === 'outbox') await tx.run(sql.forgetSent, [messageIds])
      else await tx.run(sql.forgetReceived, [messageIds, sender ?? ''])
    },
  }
}
