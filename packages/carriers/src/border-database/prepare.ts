import { type Database, migrate } from '@corridor/database'
import { isLoopback } from './address.ts'
import { BorderFault } from './faults.ts'
import { admit, dismiss, newPassword, requireParty, requirePassword } from './members.ts'
import { asOwner } from './owner.ts'
import { sql } from './statements.ts'

/** How much may lie in a border database. */
export interface BorderLimits {
  objectBytes: number
  /** Of one sender for one addressee, not taken yet. */
  waitingObjects: number
  waitingBytes: number
}

export interface PrepareOptions {
  /** Parties that are to be members; those that are already keep their passwords. */
  members?: readonly string[]
  /** Members that get a new password. */
  newPasswords?: readonly string[]
  /** Members that are taken away. */
  remove?: readonly string[]
  /** Passwords by party, instead of ones that are made here; of those who get none now they are not used. */
  passwords?: ReadonlyMap<string, string>
  limits?: Partial<BorderLimits>
}

/** A member after `prepare`. */
export interface MemberReport {
  party: string
  role: string
  /** What happened to it. */
  did: 'made' | 'kept' | 'new-password'
  /** Its URL with the password, shown this once: when a password was made here. */
  url: string | null
}

/** What `prepare` did, and what is so now. */
export interface BorderReport {
  database: string
  /** Migrations that this call applied. */
  migrations: number
  members: MemberReport[]
  /** Members that were taken away, and how many objects lay there for or of them. */
  removed: { party: string; objects: number }[]
  limits: BorderLimits
  /** What a member could still do because only a superuser can forbid it: `corridor border create` does. */
  open: string[]
}

/**
 * Makes or updates the schema of a border database and its members. Idempotent.
 * @param url of the role that owns the database
 * @throws BorderFault, DatabaseFault
 */
export function prepareBorderDatabase(url: string, options: PrepareOptions = {}): Promise<BorderReport> {
  const { members = [], newPasswords = [], remove = [], passwords = new Map(), limits = {} } = options
  for (const party of [...members, ...newPasswords, ...remove]) requireParty(party)
  for (const password of passwords.values()) requirePassword(password)
  return asOwner(url, 'corridor border prepare', async (db) => {
    const [named] = await db.query<{ database: string }>('select current_database() as database')
    const { database = '' } = named ?? {}
    await closeToOthers(db, database)
    const migrations = await updated(db)
    const removed: BorderReport['removed'] = []
    for (const party of new Set(remove)) {
      const objects = await dismiss(db, { database }, party)
      if (objects === undefined) throw new BorderFault('border.no-such-member', `${party} is no member here`)
      removed.push({ party, objects })
    }
    const before = await membersOf(db)
    const unknown = newPasswords.find((party) => !before.has(party) && !members.includes(party))
    if (unknown !== undefined) throw new BorderFault('border.no-such-member', `${unknown} is no member here`)
    const reports: MemberReport[] = []
    for (const party of new Set([...before.keys(), ...members])) {
      const did = !before.has(party) ? 'made' : newPasswords.includes(party) ? 'new-password' : 'kept'
      const given = passwords.get(party)
      const password = did === 'kept' ? undefined : (given ?? newPassword())
      const role = await db.transaction((tx) => admit(tx, { database }, party, password))
      const shown = password === undefined || given !== undefined ? null : urlOf(url, role, password)
      reports.push({ party, role, did, url: shown })
    }
    return {
      database,
      migrations,
      members: reports,
      removed,
      limits: await limitsOf(db, limits),
      open: await openTo(db),
    }
  })
}

/** Nobody but the owner may do anything in this database that he was not given. */
async function closeToOthers(db: Database, database: string): Promise<void> {
  await db.query(`revoke all on database "${database.replaceAll('"', '""')}" from public`)
  await db.query('revoke all on schema public from public')
  await db.query('alter default privileges revoke all on functions from public')
}

async function updated(db: Database): Promise<number> {
  const count = async (): Promise<number> => {
    const [row] = await db.query<{ count: number }>("select count(*) as count from migration where room = 'border'")
    return row?.count ?? 0
  }
  const [there] = await db.query<{ there: boolean }>("select to_regclass('public.migration') is not null as there")
  const before = there?.there === true ? await count() : 0
  await migrate(db, [{ room: 'border', directory: new URL('migrations/', import.meta.url) }])
  return (await count()) - before
}

async function membersOf(db: Database): Promise<Map<string, string>> {
  const rows = await db.run<{ party: string; role: string; removedAt: Date | null }>(sql.members)
  return new Map(rows.filter(({ removedAt }) => removedAt === null).map(({ party, role }) => [party, role]))
}

async function limitsOf(db: Database, wanted: Partial<BorderLimits>): Promise<BorderLimits> {
  const values = [wanted.objectBytes ?? null, wanted.waitingObjects ?? null, wanted.waitingBytes ?? null]
  const [row] = await db.run<BorderLimits>(sql.saveLimits, values)
  return row!
}

/** Functions that are public in every new database; with them a member could fill the disk, hold up the owner, or run programs. */
async function openTo(db: Database): Promise<string[]> {
  const found = await db.query<{ what: string }>(
    `select 'large objects' as what where has_function_privilege('public', 'pg_catalog.lo_from_bytea(oid, bytea)', 'execute')
     union all
     select 'advisory locks' where has_function_privilege('public', 'pg_catalog.pg_advisory_lock(bigint)', 'execute')
     union all
     select 'programs in DO blocks' where has_language_privilege('public', 'plpgsql', 'usage')
     union all
     select 'the catalogues of the database' where has_table_privilege('public', 'pg_catalog.pg_class', 'select')
     union all
     select 'temporary files without a limit' where not has_parameter_privilege(current_user, 'temp_file_limit', 'set')`,
  )
  return found.map(({ what }) => what)
}

function urlOf(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl)
  url.username = role
  url.password = encodeURIComponent(password)
  // Files that the query names are the owner's.
  url.search = isLoopback(url) ? '' : '?sslmode=verify-full'
  return url.href
}
