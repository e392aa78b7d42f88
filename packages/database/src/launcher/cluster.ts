import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseFault } from '../faults.ts'
import { renameUnlessThere, sweepLeftovers } from './folders.ts'
import type { Place } from './place.ts'

/** The superuser of every embedded server. */
export const superuser = 'corridor'

/** Reads the superuser's password; the first start makes one of 256 random bits. */
export function readSecret({ secret, data }: Place): string {
  if (!existsSync(secret)) {
    if (existsSync(data)) throw new DatabaseFault('launcher.no-secret', secret)
    const written = `${secret}-${process.pid}-${randomBytes(4).toString('hex')}`
    writeFileSync(written, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true })
    try {
      // A link, unlike a rename, never replaces the secret of another process that starts at the same moment.
      linkSync(written, secret)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(written)
    }
  }
  return readFileSync(secret, 'utf8').trim()
}

/**
 * Makes the data folder when there is none. initdb works in a folder of its own that is renamed when complete, so that a kill in the
 * middle leaves no data folder that looks whole. Faults: `launcher.init-failed`, `launcher.other-version`.
 */
export async function ensureCluster(place: Place, binaries: string, version: string): Promise<void> {
  if (existsSync(place.data)) return requireVersion(place.data, version)
  sweepLeftovers(place.base, 'initdb')
  const { uid, gid } = place.account
  const work = join(place.base, `initdb-${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(work, { mode: 0o700 })
  try {
    const password = join(work, 'password')
    writeFileSync(password, readSecret(place), { mode: 0o600 })
    if (uid !== undefined && gid !== undefined) for (const path of [work, password]) chownSync(path, uid, gid)
    const made = join(work, 'data')
    await runInitdb(binaries, place, made, password)
    renameUnlessThere(made, place.data)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function requireVersion(data: string, version: string): void {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  const ours = version.split('.')[0]
  if (made !== ours)
    throw new DatabaseFault('launcher.other-version', `${data} is of PostgreSQL ${made}, the program is ${ours}`)
}

async function runInitdb(binaries: string, place: Place, data: string, password: string): Promise<void> {
  const { uid, gid } = place.account
  const options = ['--pgdata', data, '--username', superuser, '--pwfile', password, '--auth', 'scram-sha-256']
  // The built-in provider sorts the same on every machine and in every version of its C library.
  options.push('--encoding', 'UTF8', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C')
  options.push('--data-checksums', '--no-instructions')
  const child = spawn(join(binaries, 'bin', 'initdb'), options, { uid, gid, cwd: place.base, env: childEnvironment() })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new DatabaseFault('launcher.init-failed', `exit ${code}: ${output.trim().slice(-600)}`)
}

/** PostgreSQL needs nothing of our environment, and PGDATA, PGPORT and the like would only mislead it. */
export function childEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}
