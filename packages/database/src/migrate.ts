import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import type { Database, Tx } from './database.ts'
import { DatabaseFault } from './faults.ts'

/** The folder in which one room keeps its migrations. */
export interface MigrationRoom {
  room: string
  directory: URL
  /** What the room checks or mends at every start, after its migrations and before any process of this program works. */
  afterwards?: (session: Tx) => Promise<void>
}

interface Migration {
  room: string
  number: number
  name: string
  text: string
  digest: string
}

/** Any fixed number: two programs that migrate the same database must use the same one. */
const advisoryLock = 7_210_331

const oldestServer = 15

/**
 * Brings the tables of the given rooms up to date: each room's `0001-noun.sql`, `0002-…` in order, rooms in the order given, each
 * migration in a transaction of its own, then what the room does `afterwards`; all under one advisory lock, so that processes starting
 * together do it once. Forward only.
 * Faults: `migration.changed`, `migration.missing`, `migration.bad-file`, `database.server-too-old`.
 */
export async function migrate(database: Database, rooms: readonly MigrationRoom[]): Promise<void> {
  await database.session(async (session) => {
    await requireServer(session)
    // Waiting for another process's migration may take longer than the usual limit of a statement.
    await session.query('set statement_timeout = 0')
    await session.query('select pg_advisory_lock($1)', [advisoryLock])
    try {
      await session.query(
        `create table if not exists migration (
           room text not null, number int not null, name text not null, digest text not null,
           applied_at timestamptz not null default now(), primary key (room, number))`,
      )
      for (const room of rooms) {
        await migrateRoom(session, readMigrations(room), room.room)
        await room.afterwards?.(session)
      }
    } finally {
      await session.query('select pg_advisory_unlock($1)', [advisoryLock])
      await session.query('reset statement_timeout')
    }
  })
}

/** Fault `database.server-too-old` when the server is older than PostgreSQL 15, the oldest that this program is tested with. */
export async function requireServer(connection: Tx): Promise<void> {
  const [row] = await connection.query<{ server_version_num: string }>('show server_version_num')
  const major = Math.floor(Number(row?.server_version_num) / 10_000)
  if (!(major >= oldestServer)) throw new DatabaseFault('database.server-too-old', `the server is PostgreSQL ${major}`)
}

async function migrateRoom(session: Tx, files: Migration[], room: string): Promise<void> {
  const applied = await session.query<{ number: number; name: string; digest: string }>(
    'select number, name, digest from migration where room = $1 order by number',
    [room],
  )
  for (const row of applied) {
    const file = files[row.number - 1]
    if (file === undefined)
      throw new DatabaseFault('migration.missing', `${room} ${row.number} ${row.name} has no file here`)
    if (file.digest !== row.digest) throw new DatabaseFault('migration.changed', `${room} ${row.number} ${row.name}`)
  }
  for (const file of files.slice(applied.length)) await apply(session, file)
}

async function apply(session: Tx, migration: Migration): Promise<void> {
  await session.query('begin')
  try {
    await session.query(migration.text)
    await session.query('insert into migration (room, number, name, digest) values ($1, $2, $3, $4)', [
      migration.room,
      migration.number,
      migration.name,
      migration.digest,
    ])
    await session.query('commit')
  } catch (error) {
    await session.query('rollback').catch(() => {})
    throw error
  }
}

function readMigrations({ room, directory }: MigrationRoom): Migration[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
  return files.map((file, index) => {
    const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file)
    const number = Number(match?.[1])
    if (match === null || number !== index + 1) throw new DatabaseFault('migration.bad-file', `${room}: ${file}`)
    // A checkout on Windows may turn the line ends around; that is not a change.
    const text = readFileSync(new URL(file, directory), 'utf8').replaceAll('\r\n', '\n')
    return { room, number, name: match[2] ?? '', text, digest: createHash('sha256').update(text).digest('hex') }
  })
}
