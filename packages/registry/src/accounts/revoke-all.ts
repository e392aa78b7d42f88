import type { Tx } from '@corridor/database'
import { sql } from './statements.ts'

/** How much of each kind let somebody in until now. */
export interface RevokedAccess {
  sessions: number
  links: number
  tokens: number
}

/** Ends every session, sign-in link and API token of all accounts: what was revoked elsewhere is not known here. */
export async function revokeAllAccess(tx: Tx, now: Date): Promise<RevokedAccess> {
  const [revoked] = await tx.run<RevokedAccess>(sql.revokeAll, [now])
  return revoked ?? { sessions: 0, links: 0, tokens: 0 }
}
