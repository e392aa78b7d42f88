import { createSecretKey, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, startPostgres } from '@corridor/database'
import { NodeFault } from '../faults.ts'
import { type Filled, fill } from './fill.ts'
import { checkFiles, type Manifest, readManifest } from './manifest.ts'

/** What a backup gives when it is restored. */
export interface VerifiedBackup extends Filled {
  manifest: Manifest
  /** Of the manifest, hex. */
  sha256: string
  bytes: number
}

/**
 * Restores a backup into a PostgreSQL of its own, started for this, and looks at all of it. The database in use is not touched.
 * @param to a new folder in which that PostgreSQL stays; without it, nothing stays
 * @param stopped ends it early: that PostgreSQL stops, and what was under way fails
 * @throws NodeFault BACKUP_…, DatabaseFault
 */
export async function verifyBackup(
  folder: string,
  {
    dataKey,
    to,
    stopped,
    tell = () => {},
  }: { dataKey: string; to?: string; stopped?: AbortSignal; tell?: (line: string) => void },
): Promise<VerifiedBackup> {
  if (to !== undefined && existsSync(to) && readdirSync(to).length > 0)
    throw new NodeFault('BACKUP_PLACE', `${to} is not empty, and nothing is restored over what is there.`)
  const { manifest, sha256 } = readManifest(folder, createSecretKey(Buffer.from(dataKey, 'base64')))
  const { bytes } = await checkFiles(folder, manifest)
  const home = to ?? mkdtempSync(join(tmpdir(), 'corridor-restore-'))
  if (to === undefined) chmodSync(home, 0o711)
  try {
    const server = await startPostgres({ home, log: tell })
    const stop = (): void => void server.stop().catch(() => {})
    try {
      stopped?.throwIfAborted()
      stopped?.addEventListener('abort', stop)
      const name = `corridor_${manifest.node}`.replaceAll('-', '_')
      const password = randomBytes(24).toString('base64url')
      const url = await createDatabase(server.adminUrl, { database: name, user: name, password })
      return { manifest, sha256, bytes, ...(await fill(url, folder, manifest, { dataKey })) }
    } finally {
      stopped?.removeEventListener('abort', stop)
      await server.stop()
    }
  } finally {
    if (to === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}
