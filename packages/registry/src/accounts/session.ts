import type { Tx } from '@corridor/database'
import { readAccount, type Account, type AccountRow } from './account.ts'
import { RegistryAccountsFault } from './faults.ts'
import { isSecret, secretDigest } from './secrets.ts'
import { sql } from './statements.ts'

/** A session ends this long after its last request, in milliseconds: eight hours, a working day without a touch. */
export const sessionIdleMs = 8 * 3_600_000
/** A session ends this long after signing in, whatever happens, in milliseconds: twelve hours. */
export const sessionLifetimeMs = 12 * 3_600_000
/** The last request is written at most this often, in milliseconds. */
const seenEveryMs = 60_000

/**
 * Opens a session for an account under a new random token, of which only the SHA-256 is stored.
 * @returns when the session ends at the latest.
 * @throws {RegistryAccountsFault} `secret-form`.
 */
export async function openSession(tx: Tx, session: { token: string; accountId: string }, now: Date): Promise<Date> {
  if (!isSecret(session.token)) throw new RegistryAccountsFault('secret-form')
  const expiresAt = new Date(now.getTime() + sessionLifetimeMs)
  await tx.run(sql.openSession, [secretDigest(session.token), session.accountId, now, expiresAt])
  return expiresAt
}

/**
 * The account of a live session: not revoked, not idle for eight hours, not older than twelve, its account not disabled.
 * @param options `touch: false` looks without counting as activity (a page left open that only listens must not keep a
 * session alive).
 */
export async function findSession(
  tx: Tx,
  token: string,
  now: Date,
  options: { touch?: boolean } = {},
): Promise<{ account: Account; endsAt: Date } | undefined> {
  if (!isSecret(token)) return undefined
  const notIdle = new Date(now.getTime() - sessionIdleMs)
  const seenBefore = options.touch === false ? null : new Date(now.getTime() - seenEveryMs)
  const values = [secretDigest(token), now, notIdle, seenBefore]
  const [row] = await tx.run<AccountRow & { expires_at: Date }>(sql.findSession, values)
  return row && { account: readAccount(row), endsAt: row.expires_at }
}

/** Ends a session. False when there was no live session with this token. */
export async function revokeSession(tx: Tx, token: string, now: Date): Promise<boolean> {
  if (!isSecret(token)) return false
  return (await tx.run(sql.revokeSession, [secretDigest(token), now])).length > 0
}

/** Ends every session of an account and says how many there were. */
export async function revokeAccountSessions(tx: Tx, accountId: string, now: Date): Promise<number> {
  return (await tx.run(sql.revokeAccountSessions, [accountId, now])).length
}
