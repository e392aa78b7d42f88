import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chooseAccount, mayTraverse, type Account } from './account.ts'

/** Where everything of one embedded server is. */
export interface Place {
  account: Account
  /** Holds `data`, the copied binaries and the log; the account may pass through it. */
  base: string
  data: string
  log: string
  /** The superuser's password; stays in the home that was asked for and is readable by us alone. */
  secret: string
}

/**
 * Decides where data and binaries live: in the home, or, when we are root and the account of PostgreSQL cannot reach the home
 * (root's own home directory is closed to others), in `/var/lib/corridor/<digest of the home's path>`.
 */
export function choosePlace(home: string, log: (line: string) => void, systemFolder = '/var/lib/corridor'): Place {
  const root = process.getuid?.() === 0
  mkdirSync(home, { recursive: true, mode: root ? 0o711 : 0o700 })
  const real = realpathSync(home)
  const outside = join(systemFolder, createHash('sha256').update(real).digest('hex').slice(0, 16))
  const at = (base: string): Place => ({
    account: chooseAccount(join(base, 'postgres')),
    base,
    data: join(base, 'postgres'),
    log: join(base, 'postgres.log'),
    secret: join(real, 'postgres.secret'),
  })
  // Once chosen, a place is kept: the modes of folders on the way may change, the data does not move.
  if (existsSync(join(real, 'postgres'))) return at(real)
  if (root && existsSync(join(outside, 'postgres'))) return at(outside)
  const inside = at(real)
  if (mayTraverse(dirname(real), inside.account)) letThrough(real)
  if (mayTraverse(real, inside.account)) return inside
  log(`PostgreSQL runs as ${inside.account.name}, which cannot reach ${real}: data and binaries are kept in ${outside}`)
  mkdirSync(outside, { recursive: true, mode: 0o711 })
  return at(outside)
}

/** A folder that we own and that is still empty (as mkdtemp makes it) may be opened for passing through, never for reading. */
function letThrough(folder: string): void {
  const { uid, mode } = statSync(folder)
  if (process.getuid?.() === 0 && uid === 0 && (mode & 0o011) !== 0o011 && readdirSync(folder).length === 0)
    chmodSync(folder, mode | 0o011)
}
