import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type DumpedSequence, type DumpedTable, fileOf } from '@corridor/database'
import { NodeFault } from '../faults.ts'

/** What a backup says of itself. Everything else in it is under the digests that stand here. */
export interface Manifest {
  format: typeof backupFormat
  corridor: string
  node: string
  party: string
  /** By the clock of the node: the moment that the backup shows. */
  takenAt: string
  /** Of PostgreSQL. */
  server: string
  /** Tells data keys apart, and nothing about them. */
  keyMark: string
  /** How many migrations of each room the tables had. */
  migrations: Record<string, number>
  /** The end of the journal's chain of seals; null before the first. */
  head: { number: number; hash: string; sealedAt: string } | null
  tables: DumpedTable[]
  sequences: DumpedSequence[]
}

export const backupFormat = 'corridor-backup/1'

export const manifestFile = (folder: string): string => join(folder, 'manifest.json')
export const macFile = (folder: string): string => join(folder, 'manifest.mac')
export const tablesFolder = (folder: string): string => join(folder, 'tables')

export const keyMarkOf = (dataKey: KeyObject): string =>
  createHmac('sha256', dataKey).update('backup: which key\0').digest('hex').slice(0, 16)

/** Who has the data key made this manifest: nobody else can change it, or what its digests are of. */
export function macOf(dataKey: KeyObject, manifest: Uint8Array): string {
  const key = createHmac('sha256', dataKey).update('backup: manifest\0').digest()
  return createHmac('sha256', key).update(manifest).digest('hex')
}

/**
 * Reads what a backup says of itself, once the data key has proven it.
 * @returns the manifest, and its SHA-256 (hex)
 * @throws NodeFault BACKUP_DAMAGED, BACKUP_KEY, BACKUP_NEWER
 */
export function readManifest(folder: string, dataKey: KeyObject): { manifest: Manifest; sha256: string } {
  const bytes = fileOr(manifestFile(folder), `${folder} is no backup, or one that was not finished: it has no manifest`)
  const mac = fileOr(macFile(folder), `${folder} is not whole: manifest.mac is missing`).toString('latin1').trim()
  let manifest: Manifest
  try {
    manifest = JSON.parse(bytes.toString('utf8')) as Manifest
  } catch {
    throw new NodeFault('BACKUP_DAMAGED', `${manifestFile(folder)} was cut or changed: it is no JSON.`)
  }
  if (!sameText(mac, macOf(dataKey, bytes))) {
    if (manifest.keyMark !== keyMarkOf(dataKey))
      throw new NodeFault('BACKUP_KEY', `This backup of ${manifest.node} was made under another data key.`)
    throw new NodeFault('BACKUP_DAMAGED', `${manifestFile(folder)} was changed after the backup was made.`)
  }
  if (manifest.format !== backupFormat)
    throw new NodeFault('BACKUP_NEWER', `The format of this backup is ${String(manifest.format)}.`)
  return { manifest, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Reads every file of a backup to its end. @throws NodeFault BACKUP_DAMAGED names the first that is not what was written */
export async function checkFiles(folder: string, { tables }: Manifest): Promise<{ files: number; bytes: number }> {
  let bytes = 0
  for (const table of tables) {
    const file = fileOf(tablesFolder(folder), table.name)
    const size = statSync(file, { throwIfNoEntry: false })?.size
    if (size === undefined) throw new NodeFault('BACKUP_DAMAGED', `${file} is missing.`)
    if (size !== table.bytes)
      throw new NodeFault('BACKUP_DAMAGED', `${file} was cut or added to: ${size} bytes, and had ${table.bytes}.`)
    const digest = createHash('sha256')
    await pipeline(createReadStream(file), digest)
    if (digest.digest('hex') !== table.sha256)
      throw new NodeFault('BACKUP_DAMAGED', `${file} was changed: its bytes are not those that were written.`)
    bytes += size
  }
  return { files: tables.length, bytes }
}

function fileOr(path: string, otherwise: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ENOTDIR')
      throw error
    throw new NodeFault('BACKUP_DAMAGED', `${otherwise}.`)
  }
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
