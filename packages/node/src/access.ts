import { randomBytes } from 'node:crypto'
import { connect } from '@corridor/database'
import { encodeSecret, isOfOfficer, issueApiToken, issueSignInLink, revokeApiToken } from '@corridor/registry'
import { nodeClock } from './clock.ts'
import type { Corridor, CorridorNode } from './config/corridor.ts'
import type { NodeSettings } from './settings.ts'

/** Whether an account signs in to the console: officers do, and traders where a node has declarations that they may complete. */
export function signsIn(
  { declarations }: Corridor,
  { id }: Pick<CorridorNode, 'id'>,
  account: CorridorNode['accounts'][number],
): boolean {
  return isOfOfficer(account) || (account.role === 'trader' && declarations.some(({ between }) => between.includes(id)))
}

/** Makes a one-time sign-in link for an account of a node on this machine. The secret is in the fragment: browsers never send that. */
export async function issueLink(settings: NodeSettings, accountId: string): Promise<string> {
  const token = encodeSecret(randomBytes(32))
  await withDatabase(settings, (db) => issueSignInLink(db, { token, accountId }, nodeClock(settings).now()))
  return `http://127.0.0.1:${settings.ports.api}/sign-in#${token}`
}

/** Makes a bearer token for an account; it is shown to the caller and never again. */
export async function issueToken(settings: NodeSettings, accountId: string, name: string): Promise<string> {
  const token = encodeSecret(randomBytes(32))
  await withDatabase(settings, (db) => issueApiToken(db, { token, accountId, name }, nodeClock(settings).now()))
  return token
}

/** Ends a bearer token by its name. False when the account has no live token of this name. */
export function revokeToken(settings: NodeSettings, accountId: string, name: string): Promise<boolean> {
  return withDatabase(settings, (db) => revokeApiToken(db, accountId, name, nodeClock(settings).now()))
}

async function withDatabase<T>(
  settings: NodeSettings,
  work: (db: ReturnType<typeof connect>) => Promise<T>,
): Promise<T> {
  const db = connect(settings.databaseUrl, { max: 1, applicationName: 'corridor access' })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}
