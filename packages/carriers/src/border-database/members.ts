import { createHash, randomBytes } from 'node:crypto'
import { type Database, scramVerifier, type Tx } from '@corridor/database'
import { BorderFault } from './faults.ts'
import { sql } from './statements.ts'

/** Most connections of one member: two processes of a node while it is upgraded, each with two and one that listens. */
const mostConnections = 8

/**
 * How a member's sessions begin. A member can set the times otherwise for itself: they are for nodes that hang, and against a hostile
 * one `tidyBorderDatabase` ends what takes too long. What is checked by the server alone is the last.
 */
const settings: readonly [name: string, value: string][] = [
  ['search_path', 'pg_catalog'],
  ['statement_timeout', "'30s'"],
  ['lock_timeout', "'10s'"],
  ['idle_in_transaction_session_timeout', "'30s'"],
  ['default_transaction_isolation', "'read committed'"],
]

/** All that a member may do. */
const rights: readonly [what: string, on: string][] = [
  ['usage', 'schema border'],
  ['execute', 'function border.put(text, text, text, timestamptz, bytea)'],
  ['execute', 'function border.waiting(int, bigint, bigint)'],
  ['execute', 'function border.mark(text, text, text)'],
  ['execute', 'function border.lies(text, bytea)'],
  ['execute', 'function border.party()'],
  ['execute', 'function border.channel()'],
]

/** A party id as it may stand here. @throws BorderFault `border.bad-party` */
export function requireParty(party: string): string {
  if (!/^[!-~]{1,100}$/.test(party)) throw new BorderFault('border.bad-party', JSON.stringify(party))
  return party
}

/** @throws BorderFault `border.bad-password` */
export function requirePassword(password: string): string {
  if (!/^[!-~]{16,200}$/.test(password))
    throw new BorderFault('border.bad-password', 'the password is none that may be used')
  return password
}

/** The role of a member: roles belong to the whole server, so the name of the database is in it. */
export function roleOf(database: string, party: string): string {
  const digest = createHash('sha256').update(`${database}\0${party}`).digest('hex').slice(0, 8)
  const readable = party
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40)
  return `border_${readable}_${digest}`
}

/** A password that nobody has to remember. */
export const newPassword = (): string => randomBytes(24).toString('base64url')

/**
 * Makes a member, or gives one that is there the rights of this version.
 * @param password undefined: it keeps the one that it has; for a new member it must be given
 */
export async function admit(
  tx: Tx,
  at: { database: string },
  party: string,
  password: string | undefined,
): Promise<string> {
  const role = roleOf(at.database, requireParty(party))
  const exists = (await tx.query('select from pg_roles where rolname = $1', [role])).length > 0
  if (!exists) await tx.query(`create role "${role}" nologin`)
  // To see its sessions and to end them; not to act as it.
  await tx.query(`grant "${role}" to current_user with inherit true, set false`)
  const secret = password === undefined ? '' : ` password '${scramVerifier(requirePassword(password))}'`
  await tx.query(`alter role "${role}" login connection limit ${mostConnections}${secret}`)
  // What the member has set for itself is gone.
  await tx.query(`alter role "${role}" reset all`)
  for (const [name, value] of settings) await tx.query(`alter role "${role}" set ${name} = ${value}`)
  const [may] = await tx.query<{ limits: boolean }>(
    "select has_parameter_privilege(current_user, 'temp_file_limit', 'set') as limits",
  )
  if (may?.limits === true) await tx.query(`alter role "${role}" set temp_file_limit = '128MB'`)
  await tx.query(`grant connect on database "${at.database}" to "${role}"`)
  for (const [what, on] of rights) await tx.query(`grant ${what} on ${on} to "${role}"`)
  await tx.run(sql.saveMember, [party, role])
  await tx.run(sql.saveTotal, [party])
  return role
}

/**
 * Takes a member away: its role, its sessions, and what lies there for it and of it. Who has put something for it has no receipt, and
 * neither has it: both put it again when it is back.
 * @returns how many objects lay there; undefined: it was none
 */
export async function dismiss(db: Database, at: { database: string }, party: string): Promise<number | undefined> {
  const role = await db.transaction(async (tx) => {
    const [row] = await tx.run<{ role: string }>(sql.removeMember, [requireParty(party)])
    if (row !== undefined) await tx.query(`alter role "${row.role}" nologin`)
    return row?.role
  })
  if (role === undefined) return undefined
  await db.run(sql.endSessions, [role])
  await db.transaction(async (tx) => {
    for (const [what, on] of rights) await tx.query(`revoke ${what} on ${on} from "${role}"`)
    await tx.query(`revoke connect on database "${at.database}" from "${role}"`)
    await tx.query(`drop role "${role}"`)
  })
  return removeWaiting(db, party)
}

/** Takes away what waits for or of a removed member, or (null) what has expired. */
export async function removeWaiting(db: Database, member: string | null): Promise<number> {
  const atOnce = 1_000
  for (let sum = 0; ;) {
    const [row] = await db.run<{ gone: number }>(sql.removeWaiting, [member, atOnce])
    const gone = row?.gone ?? 0
    sum += gone
    if (gone < atOnce) return sum
  }
}
