import { createSecretKey } from 'node:crypto'
import { connect, type Tx } from '@corridor/database'
import { writeJournal } from '@corridor/exchange'
import { type RevokedAccess, revokeAllAccess } from '@corridor/registry'
import { nodeClock } from '../clock.ts'
import { NodeFault } from '../faults.ts'
import type { NodeSettings } from '../settings.ts'
import { fill, whyNotUsed } from './fill.ts'
import { checkFiles, readManifest } from './manifest.ts'
import { withServer } from './server.ts'
import type { VerifiedBackup } from './verify.ts'

/** A node whose database was restored. */
export interface RestoredNode extends VerifiedBackup {
  /** The schema that has what was in the database before; null when there was nothing. */
  before: string | null
  /** What let people and software in when the backup was taken: some of it may have been revoked since, and nobody knows which. */
  revoked: RevokedAccess
}

/** Until it is looked at and takes its place, what is restored is in a schema of this name. */
const preparing = 'corridor_restore'

/**
 * Numbers that the node gave out after the backup are known to others, such as the place of a message in a trader's mailbox: none of
 * them may come again. It goes on this far above what it had.
 */
const sequencesAhead = 1_000_000

/**
 * Puts a backup in the place of what is in a node's database, while no process of the node runs. It is filled and looked at beside it;
 * then both change places in one transaction, whose journal line tells it. What was there stays under another name.
 * @throws NodeFault BACKUP_…, DatabaseFault; the database is then as it was
 */
export async function restoreNode(
  settings: NodeSettings,
  folder: string,
  { actor, reason }: { actor: string; reason: string },
): Promise<RestoredNode> {
  const { dataKey, databaseUrl } = settings
  const { manifest, sha256 } = readManifest(folder, createSecretKey(Buffer.from(dataKey, 'base64')))
  if (manifest.node !== settings.node)
    throw new NodeFault('BACKUP_DAMAGED', `This is a backup of ${manifest.node}, not of ${settings.node}.`)
  const { bytes } = await checkFiles(folder, manifest)
  return withServer(settings, async () => {
    const db = connect(databaseUrl, { max: 1, applicationName: 'corridor restore', statementTimeoutMs: 0 })
    try {
      return await db.session(async (session) => {
        await requireAlone(session)
        // One that was killed may have left it; nobody ever worked with it.
        await session.query(`drop schema if exists ${preparing} cascade; create schema ${preparing}`)
        try {
          const filled = await fill(within(databaseUrl, preparing), folder, manifest, { dataKey, sequencesAhead })
          const why = whyNotUsed(filled)
          if (why !== undefined) throw new NodeFault('BACKUP_DAMAGED', why)
          const at = nodeClock(settings).now()
          const changed = await changePlaces(session, at, async () => {
            const revoked = await revokeAllAccess(session, at)
            const detail = { reason, sha256, takenAt: manifest.takenAt, head: manifest.head, revoked }
            await writeJournal(session, at, [{ kind: 'backup.restored', actor, detail }])
            return revoked
          })
          return { manifest, sha256, bytes, ...filled, before: changed.before, revoked: changed.done }
        } finally {
          await session.query(`drop schema if exists ${preparing} cascade`)
        }
      })
    } finally {
      await db.close()
    }
  })
}

/** The URL of a database whose statements find and make everything in one schema. */
function within(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return url.href
}

/** Any fixed number: of two that restore at the same time, one does. The lock is the connection's, and goes with it. */
const advisoryLock = 7_210_334

/** @throws NodeFault BACKUP_NOT_NOW when somebody works with the database */
async function requireAlone(session: Tx): Promise<void> {
  const [lock] = await session.query<{ free: boolean }>(`select pg_try_advisory_lock(${advisoryLock}) as free`)
  if (lock?.free !== true) throw new NodeFault('BACKUP_NOT_NOW', 'Another restore of this database is under way.')
  // Our own connection that has just filled the tables may be on its way out.
  const others = await session.query<{ name: string }>(
    `select distinct application_name as name from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and application_name <> 'corridor restore'`,
  )
  if (others.length > 0)
    throw new NodeFault(
      'BACKUP_NOT_NOW',
      `The database is in use (${others.map(({ name }) => name || 'without a name').join(', ')}): every process of the node must be stopped first.`,
    )
}

/** All of it or nothing. Answers under which name what was there before is now; null when there was nothing. */
async function changePlaces<Done>(
  session: Tx,
  at: Date,
  andThen: () => Promise<Done>,
): Promise<{ before: string | null; done: Done }> {
  const name = `before_restore_${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}`
  await session.query('begin')
  try {
    const [found] = await session.query<{ used: boolean }>(
      `select exists (select from pg_class where relnamespace = to_regnamespace('public')) as used`,
    )
    const used = found?.used === true
    // A process that starts at this very moment reads this table first, and then finds the one that takes its place.
    if (used) await session.query('lock table public.migration in access exclusive mode')
    await requireAlone(session)
    await session.query(used ? `alter schema public rename to ${name}` : 'drop schema if exists public')
    await session.query(`alter schema ${preparing} rename to public; set local search_path = public`)
    const done = await andThen()
    await session.query('commit')
    return { before: used ? name : null, done }
  } catch (error) {
    await session.query('rollback').catch(() => {})
    throw error
  }
}
