import { createHash, createSecretKey } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { connect, dumpTables, type Tx } from '@corridor/database'
import { chainHead, writeJournal } from '@corridor/exchange'
import { nodeClock } from '../clock.ts'
import { readCorridor } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import type { NodeSettings } from '../settings.ts'
import { backupFormat, keyMarkOf, macFile, macOf, type Manifest, manifestFile, tablesFolder } from './manifest.ts'
import { withServer } from './server.ts'

/** A backup that was taken, and the SHA-256 of its manifest (hex): noted elsewhere, it tells this backup from any other. */
export interface TakenBackup {
  manifest: Manifest
  sha256: string
  /** What is not in it: how many documents that a national system has pushed wait in the schema of the connector; null where there is no such schema. */
  pushed: number | null
}

/**
 * Copies the database of a node, as it is at one moment, into a new folder; the node may work on meanwhile. The folder has its name
 * only when all of it is on the disk. The journal tells who took it.
 * @throws NodeFault BACKUP_PLACE, DatabaseFault
 */
export async function takeBackup(
  settings: NodeSettings,
  out: string,
  { actor, reason }: { actor: string; reason?: string },
): Promise<TakenBackup> {
  if (existsSync(out)) throw new NodeFault('BACKUP_PLACE', `${out} is there already, and a backup overwrites nothing.`)
  const unfinished = `${resolve(out)}.unfinished-${process.pid}`
  try {
    mkdirSync(tablesFolder(unfinished), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new NodeFault('BACKUP_PLACE', `${out} cannot be made: ${(error as Error).message}.`)
  }
  try {
    return await withServer(settings, async () => {
      const taken = await writeBackup(settings, unfinished)
      renameSync(unfinished, resolve(out))
      syncFolder(dirname(resolve(out)))
      await tell(settings, taken, { actor, ...(reason !== undefined && { reason }) })
      return taken
    })
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

async function writeBackup(settings: NodeSettings, folder: string): Promise<TakenBackup> {
  const corridor = readCorridor(settings.corridor)
  const dataKey = createSecretKey(Buffer.from(settings.dataKey, 'base64'))
  const takenAt = nodeClock(settings).now().toISOString()
  const { tables, sequences, also } = await dumpTables(settings.databaseUrl, tablesFolder(folder), async (tx) => {
    return { state: await stateOf(tx), pushed: await pushedWaiting(tx) }
  })
  const manifest: Manifest = {
    format: backupFormat,
    corridor: corridor.id,
    node: settings.node,
    party: corridor.nodes.find(({ id }) => id === settings.node)!.party,
    takenAt,
    keyMark: keyMarkOf(dataKey),
    ...also.state,
    tables,
    sequences,
  }
  const bytes = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`)
  writeFileSync(macFile(folder), `${macOf(dataKey, bytes)}\n`, { mode: 0o600, flush: true })
  writeFileSync(manifestFile(folder), bytes, { mode: 0o600, flush: true })
  for (const each of [tablesFolder(folder), folder]) syncFolder(each)
  return { manifest, sha256: createHash('sha256').update(bytes).digest('hex'), pushed: also.pushed }
}

async function stateOf(tx: Tx): Promise<Pick<Manifest, 'server' | 'migrations' | 'head'>> {
  const [server] = await tx.query<{ server_version: string }>('show server_version')
  const rooms = await tx.query<{ room: string; applied: number }>(
    'select room, max(number) as applied from migration group by room order by room',
  )
  const head = await chainHead(tx)
  return {
    server: server?.server_version ?? '',
    migrations: Object.fromEntries(rooms.map(({ room, applied }) => [room, applied])),
    head: head === undefined ? null : { ...head, sealedAt: head.sealedAt.toISOString() },
  }
}

/** What a national system of kind rest-push has brought and no process of the node has taken yet; null where none ever did. */
async function pushedWaiting(tx: Tx): Promise<number | null> {
  const [spool] = await tx.query<{ ours: boolean }>(
    `select has_schema_privilege(relnamespace, 'usage') and has_table_privilege(oid, 'select') as ours from pg_class
      where relname = 'outbox' and relnamespace = (select oid from pg_namespace where nspname = 'corridor_gateway')`,
  )
  if (spool?.ours !== true) return null
  const [waiting] = await tx.query<{ number: number }>(
    `select count(*)::int as number from corridor_gateway.outbox where state in ('waiting', 'leased')`,
  )
  return waiting?.number ?? 0
}

async function tell(
  settings: NodeSettings,
  { manifest, sha256 }: Pick<TakenBackup, 'manifest' | 'sha256'>,
  { actor, reason }: { actor: string; reason?: string },
): Promise<void> {
  const db = connect(settings.databaseUrl, { max: 1, applicationName: 'corridor backup' })
  try {
    const detail = { sha256, takenAt: manifest.takenAt, ...(reason !== undefined && { reason }) }
    await writeJournal(db, nodeClock(settings).now(), [{ kind: 'backup.taken', actor, detail }])
  } finally {
    await db.close()
  }
}

/** A name is on the disk when its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
