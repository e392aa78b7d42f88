import type { Database, Tx } from '@corridor/database'
import { findAccount, readAccount, type Account, type AccountRow } from './account.ts'
import { RegistryAccountsFault } from './faults.ts'
import { isSecret, secretDigest } from './secrets.ts'
import { openSession } from './session.ts'
import { sql } from './statements.ts'

/** How long a sign-in link may wait to be used, in milliseconds: ten minutes. */
export const signInLinkLifetimeMs = 10 * 60_000

/**
 * Stores a one-time sign-in link for an account; older links of the account end. The caller chose the random `token`
 * (`encodeSecret(randomBytes(32))`) and shows it once; only its SHA-256 stays here.
 * @returns when the link ends.
 * @throws {RegistryAccountsFault} `secret-form`, `unknown-account`.
 */
export async function issueSignInLink(tx: Tx, link: { token: string; accountId: string }, now: Date): Promise<Date> {
  if (!isSecret(link.token)) throw new RegistryAccountsFault('secret-form')
  if (!(await findAccount(tx, link.accountId))) throw new RegistryAccountsFault('unknown-account', link.accountId)
  const expiresAt = new Date(now.getTime() + signInLinkLifetimeMs)
  await tx.run(sql.issueSignInLink, [secretDigest(link.token), link.accountId, now, expiresAt])
  return expiresAt
}

/** Why a link gives no session. Whoever holds the 256-bit token may know; nobody else can ask. */
export type LinkRefusal = 'unknown' | 'used' | 'voided' | 'expired' | 'disabled'

/** Outcome of signing in. */
export type SignIn =
  | { kind: 'signed-in'; account: Account; sessionEndsAt: Date }
  | { kind: 'refused'; reason: LinkRefusal }

/**
 * Uses a sign-in link and opens a session with it, in one transaction: of any number of requests with the same link exactly
 * one gets a session, and a crash between the two leaves the link unused.
 * @param secrets `linkToken` as presented (any text), `sessionToken` new and random in the form of `encodeSecret`.
 */
export async function signIn(
  db: Database,
  secrets: { linkToken: string; sessionToken: string },
  now: Date,
): Promise<SignIn> {
  if (!isSecret(secrets.linkToken)) return { kind: 'refused', reason: 'unknown' }
  const digest = secretDigest(secrets.linkToken)
  return db.transaction(async (tx): Promise<SignIn> => {
    const [row] = await tx.run<AccountRow>(sql.useSignInLink, [digest, now])
    if (!row) return { kind: 'refused', reason: await refusal(tx, digest, now) }
    const sessionEndsAt = await openSession(tx, { token: secrets.sessionToken, accountId: row.id }, now)
    return { kind: 'signed-in', account: readAccount(row), sessionEndsAt }
  })
}

async function refusal(tx: Tx, digest: Buffer, now: Date): Promise<LinkRefusal> {
  interface Row {
    used_at: Date | null
    voided_at: Date | null
    expires_at: Date
    disabled_at: Date | null
  }
  const [row] = await tx.run<Row>(sql.findSignInLink, [digest])
  if (!row) return 'unknown'
  if (row.used_at) return 'used'
  if (row.voided_at) return 'voided'
  return row.expires_at <= now ? 'expired' : 'disabled'
}
