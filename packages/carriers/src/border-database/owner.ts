import { connect, type Database, DatabaseFault, sqlState, type Tx } from '@corridor/database'
import { borderAddress } from './address.ts'
import { asBorderFault, BorderFault } from './faults.ts'

const oldestServer = 16

/** @throws BorderFault `border.server-too-old` */
export async function requireServer(connection: Tx): Promise<void> {
  const [row] = await connection.query<{ server_version_num: string }>('show server_version_num')
  const major = Math.floor(Number(row?.server_version_num) / 10_000)
  if (!(major >= oldestServer)) throw new BorderFault('border.server-too-old', `the server is PostgreSQL ${major}`)
}

/**
 * Works in a border database as the role that owns it.
 * @throws BorderFault `border.superuser`, `border.not-owner`, `border.server-too-old`, and those of reaching it
 */
export async function asOwner<T>(url: string, applicationName: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = connect(borderAddress(url).href, { max: 2, applicationName, statementTimeoutMs: 300_000 })
  try {
    await requireServer(db)
    await requireOwner(db)
    return await work(db)
  } catch (error) {
    // A statement of the owner that has no right is none of a member's.
    throw error instanceof DatabaseFault ? asBorderFault(error) : error
  } finally {
    await db.close()
  }
}

async function requireOwner(db: Database): Promise<void> {
  const asked = db.query<{ superuser: boolean; owner: boolean }>(
    `select r.rolsuper as superuser, r.rolcreaterole and d.datdba = r.oid as owner
     from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`,
  )
  const [me] = await asked.catch((error: unknown) => {
    // A member sees nothing of the catalogues.
    if (sqlState(error) === '42501') return []
    throw error
  })
  // What runs with the owner's rights must not run with all rights.
  if (me?.superuser === true) throw new BorderFault('border.superuser', 'this role is a superuser')
  if (me?.owner !== true)
    throw new BorderFault('border.not-owner', 'this role does not own the database, or may not create roles')
}
