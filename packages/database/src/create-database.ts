import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { connect, type Tx } from './database.ts'
import { DatabaseFault, sqlState } from './faults.ts'
import { requireServer } from './migrate.ts'

export interface DatabaseAccount {
  database: string
  user: string
  password: string
}

/** Any fixed number: serialises two processes that create the same database at the same time. */
const advisoryLock = 7_210_332

/**
 * Makes a role that may log in and nothing else, and a database that it owns and that no other role may connect to. Idempotent: what
 * exists is kept, the role gets the given password. Answers the URL of the new database for that role.
 * Faults: `database.bad-name`, `database.bad-password`, `database.server-too-old` and those of connecting.
 */
export async function createDatabase(adminUrl: string, { database, user, password }: DatabaseAccount): Promise<string> {
  for (const name of [database, user])
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new DatabaseFault('database.bad-name', name)
  const admin = connect(adminUrl, { max: 1, applicationName: 'corridor create-database' })
  try {
    await admin.session(async (session) => {
      await requireServer(session)
      await session.query('select pg_advisory_lock($1)', [advisoryLock])
      await ensureRole(session, user, scramVerifier(password))
      await ensureDatabase(session, database, user)
    })
  } finally {
    await admin.close()
  }
  const url = new URL(adminUrl)
  url.username = user
  url.password = encodeURIComponent(password)
  url.pathname = `/${database}`
  return url.href
}

async function ensureRole(session: Tx, user: string, verifier: string): Promise<void> {
  const exists = await session.query('select from pg_roles where rolname = $1', [user])
  const verb = exists.length > 0 ? 'alter' : 'create'
  const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls'
  // The name was checked above, and the verifier is base64: neither can end the literal.
  try {
    await session.query(`${verb} role "${user}" ${rights} password '${verifier}'`)
  } catch (error) {
    // An administrator who is not superuser (managed servers) may not mention the rights it lacks itself.
    if (sqlState(error) !== '42501') throw error
    await session.query(`${verb} role "${user}" login password '${verifier}'`)
  }
}

async function ensureDatabase(session: Tx, database: string, user: string): Promise<void> {
  const exists = await session.query('select from pg_database where datname = $1', [database])
  if (exists.length === 0) {
    const [me] = await session.query<{ rolsuper: boolean }>(
      'select rolsuper from pg_roles where rolname = current_user',
    )
    if (me?.rolsuper === false) await session.query(`grant "${user}" to current_user`)
    await session.query(`create database "${database}" owner "${user}" template template0 encoding 'UTF8'`)
  }
  await session.query(`revoke all on database "${database}" from public`)
}

/**
 * What PostgreSQL stores for a password (RFC 5802 §3, RFC 7677; form as in pg_authid.rolpassword). Made here, so that the password
 * itself never stands in a statement, in the server's log or in pg_stat_activity. Fault `database.bad-password`.
 */
export function scramVerifier(password: string): string {
  // Beyond ASCII, SASLprep (RFC 4013) would have to normalise it the same way on both sides.
  if (!/^[\x20-\x7e]+$/.test(password)) throw new DatabaseFault('database.bad-password', 'not printable ASCII')
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
