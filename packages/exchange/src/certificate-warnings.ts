import type { Database } from '@corridor/database'
import { sql } from './context.ts'
import { writeJournal } from './journal.ts'

/** A certificate that ends soon. */
export interface EndingCertificate {
  party: string
  use: string
  fingerprint: string
  endsAt: Date
  /** The step that is told of: so many days are left, or fewer. */
  within: number
}

/**
 * Writes down in the journal that a certificate ends, once for each step; processes of a node do not say it twice.
 * @returns whether this was the first time
 */
export function warnOfCertificate(db: Database, now: Date, ending: EndingCertificate): Promise<boolean> {
  const { party, use, fingerprint, endsAt, within } = ending
  return db.transaction(async (tx) => {
    const told = await tx.run(sql.warnOfCertificate, [fingerprint, use, within, now])
    if (told.length === 0) return false
    const detail = { use, fingerprint, endsAt: endsAt.toISOString(), withinDays: within }
    await writeJournal(tx, now, [{ kind: 'certificate.ends', actor: party, detail }])
    return true
  })
}
