import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import type { Database, Tx } from './database.ts'
import { DatabaseFault, sqlState } from './faults.ts'

/** The folder in which one room keeps its migrations. */
export interface MigrationRoom {
  room: string
  directory: URL
  /** What the room checks or mends at every start, after its migrations and before any process of this program works. */
  afterwards?: (session: Tx) => Promise<void>
  /** The last migration to apply; all of them unless told. */
  upTo?: number
}

interface Migration {
  room: string
  number: number
  name: string
  text: string
  digest: string
  breaking: boolean
}

/** Any fixed number: two programs that migrate the same database must use the same one. */
const advisoryLock = 7_210_331

const oldestServer = 15

/** First line of a migration after which the program before it cannot run: `-- breaking: why`. All others leave it running. */
const breakingMark = /^-- breaking: \S/

/** For how long statements of a migration wait for a table, while all that comes after them waits too; then it is tried again. */
const lockTimeoutMs = 2_000
const pauseMs = 500
const mostTries = 120
/** SQLSTATEs of a table that was not free: not within the time, or only in a circle with those who work with it. */
const busy = new Set(['55P03', '40P01'])

/**
 * Brings the tables of the given rooms up to date: each room's `0001-noun.sql`, `0002-…` in order, rooms in the order given, each
 * migration in a transaction of its own, then what the room does `afterwards`; all under one advisory lock, so that processes starting
 * together do it once. Forward only.
 *
 * Processes of this program and of the one after it share a database while a node is upgraded, so a database may be ahead: that is
 * fine as long as no migration in between says that it breaks the programs before it. Answers the migrations (`room number name`) that are ahead of this program.
 *
 * Faults: `migration.changed`, `migration.missing`, `migration.bad-file`, `database.server-too-old`.
 */
export async function migrate(database: Database, rooms: readonly MigrationRoom[]): Promise<string[]> {
  return database.session(async (session) => {
    await requireServer(session)
    // Waiting for another process's migration may take longer than the usual limit of a statement.
    await session.query('set statement_timeout = 0')
    await session.query('select pg_advisory_lock($1)', [advisoryLock])
    try {
      await session.query(
        `create table if not exists migration (
           room text not null, number int not null, name text not null, digest text not null,
           applied_at timestamptz not null default now(), breaking boolean not null default false,
           primary key (room, number))`,
      )
      await addBreaking(session)
      const ahead: string[] = []
      for (const room of rooms) {
        ahead.push(...(await migrateRoom(session, readMigrations(room).slice(0, room.upTo), room.room)))
        await room.afterwards?.(session)
      }
      return ahead
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

/** Tables made before there was the column. Asked first, since even an `if not exists` would lock out those who read. */
async function addBreaking(session: Tx): Promise<void> {
  const found = await session.query(
    `select from pg_attribute where attrelid = 'migration'::regclass and attname = 'breaking' and not attisdropped`,
  )
  if (found.length === 0)
    await session.query('alter table migration add column breaking boolean not null default false')
}

async function migrateRoom(session: Tx, files: Migration[], room: string): Promise<string[]> {
  const applied = await session.query<{ number: number; name: string; digest: string; breaking: boolean }>(
    'select number, name, digest, breaking from migration where room = $1 order by number',
    [room],
  )
  const ahead: string[] = []
  for (const row of applied) {
    const file = files[row.number - 1]
    const name = `${room} ${row.number} ${row.name}`
    if (file === undefined) {
      if (row.breaking) throw new DatabaseFault('migration.missing', `${name} has no file here`)
      ahead.push(name)
      continue
    }
    if (file.digest !== row.digest) throw new DatabaseFault('migration.changed', name)
  }
  for (const file of files.slice(applied.length)) await applyInTurn(session, file)
  return ahead
}

/** Under traffic a table is rarely free at once. Waiting long would stop the traffic, so it waits a little, again and again. */
async function applyInTurn(session: Tx, migration: Migration): Promise<void> {
  for (let left = mostTries; ; left--) {
    try {
      return await apply(session, migration)
    } catch (error) {
      if (left <= 1 || !busy.has(sqlState(error) ?? '')) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

async function apply(session: Tx, migration: Migration): Promise<void> {
  await session.query('begin')
  try {
    await session.query(`set local lock_timeout = ${lockTimeoutMs}`)
    await session.query(migration.text)
    await session.query('insert into migration (room, number, name, digest, breaking) values ($1, $2, $3, $4, $5)', [
      migration.room,
      migration.number,
      migration.name,
      migration.digest,
      migration.breaking,
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
    const digest = createHash('sha256').update(text).digest('hex')
    return { room, number, name: match[2] ?? '', text, digest, breaking: breakingMark.test(text) }
  })
}
