import type { Tx } from '@corridor/database'
import { findAccount, readAccount, type Account, type AccountRow } from './account.ts'
import { RegistryAccountsFault } from './faults.ts'
import { isSecret, secretDigest } from './secrets.ts'
import { sql } from './statements.ts'

/** The last use is written at most this often, in milliseconds. */
const usedEveryMs = 60_000

/** What may be shown of an API token: everything but the token. */
export interface ApiToken {
  accountId: string
  /** Given by the person who made it; unique among the account's live tokens. */
  name: string
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/**
 * Stores a bearer token for a program of a trader or an officer. The caller chose the random `token` and shows it once.
 * @throws {RegistryAccountsFault} `secret-form`, `unknown-account`, `token-name-taken`.
 */
export async function issueApiToken(
  tx: Tx,
  made: { token: string; accountId: string; name: string },
  now: Date,
): Promise<void> {
  if (!isSecret(made.token)) throw new RegistryAccountsFault('secret-form')
  if (!(await findAccount(tx, made.accountId))) throw new RegistryAccountsFault('unknown-account', made.accountId)
  const rows = await tx.run(sql.issueApiToken, [secretDigest(made.token), made.accountId, made.name, now])
  if (rows.length === 0) throw new RegistryAccountsFault('token-name-taken', `${made.accountId} ${made.name}`)
}

/** The account a live bearer token stands for, and the token's name; undefined when revoked, unknown or disabled. */
export async function findApiToken(
  tx: Tx,
  token: string,
  now: Date,
): Promise<{ account: Account; tokenName: string } | undefined> {
  if (!isSecret(token)) return undefined
  const usedBefore = new Date(now.getTime() - usedEveryMs)
  const values = [secretDigest(token), now, usedBefore]
  const [row] = await tx.run<AccountRow & { token_name: string }>(sql.findApiToken, values)
  return row && { account: readAccount(row), tokenName: row.token_name }
}

/** Ends a token by its name. False when the account has no live token of this name. */
export async function revokeApiToken(tx: Tx, accountId: string, name: string, now: Date): Promise<boolean> {
  return (await tx.run(sql.revokeApiToken, [accountId, name, now])).length > 0
}

/** The tokens of an account, also the revoked ones, oldest first. */
export async function listApiTokens(tx: Tx, accountId: string): Promise<ApiToken[]> {
  interface Row {
    account_id: string
    name: string
    created_at: Date
    last_used_at: Date | null
    revoked_at: Date | null
  }
  return (await tx.run<Row>(sql.listApiTokens, [accountId])).map((row) => ({
    accountId: row.account_id,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }))
}
