import type { Tx } from '@corridor/database'
import { sql } from './context.ts'
import type { JournalEntry } from './model.ts'

/** Writes journal lines in the transaction of what they tell. They can never be changed afterwards. */
export async function writeJournal(tx: Tx, at: Date, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ messageId, ...entry }) => ({ ...entry, message_id: messageId }))
  await tx.run(sql.writeJournal, [at, JSON.stringify(rows)])
}
