import { sql, type Context } from './context.ts'
import type { ExchangeFault } from './faults.ts'

/**
 * Refuses a data key that opens none of the documents that were stored last: it is another one. Found out before any work: else every
 * message of the backlog would be parked as one that the disk has changed, and new ones would be sealed with the wrong key. A single one
 * that does not open is the disk's doing. Fault `exchange.sealed-otherwise`.
 */
export async function requireDataKey({ db, vault }: Pick<Context, 'db' | 'vault'>): Promise<void> {
  const rows = await db.run<{ message_id: string; payload: Buffer }>(sql.newestDocuments)
  let fault: ExchangeFault | undefined
  for (const { message_id: messageId, payload } of rows) {
    try {
      vault.open('payload', messageId, payload)
      return
    } catch (error) {
      fault ??= error as ExchangeFault
    }
  }
  if (fault !== undefined) throw fault
}
