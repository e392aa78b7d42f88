import { connect } from '@corridor/database'
import { type JournalVerification, verifyJournal, type VerifyRange } from '@corridor/exchange'
import type { NodeSettings } from './settings.ts'

/** Follows the sealed journal of a node on this machine, see `verifyJournal` of the exchange. Reads only. */
export async function checkJournal(settings: NodeSettings, range: VerifyRange): Promise<JournalVerification> {
  const db = connect(settings.databaseUrl, { max: 1, applicationName: 'corridor journal' })
  try {
    return await verifyJournal(db, range)
  } finally {
    await db.close()
  }
}
