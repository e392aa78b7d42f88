import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * Where a corridor keeps its data, keys and settings: `CORRIDOR_HOME` when set, else `.corridor` in the folder where it is started; as
 * root, /var/lib/corridor/<name of that folder>, since PostgreSQL runs as another account and must reach its files.
 */
export function homeOf(corridor: string, environment: NodeJS.ProcessEnv, folder: string): string {
  const given = environment['CORRIDOR_HOME']
  if (given !== undefined && given !== '') return join(resolve(given), corridor)
  if (process.getuid?.() !== 0) return join(folder, '.corridor', corridor)
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  return join('/var/lib/corridor', name, corridor)
}

/**
 * Makes the home of a corridor. Others may pass through it but not list it: as root PostgreSQL runs as another account and must get to
 * its own folder. The nodes' folders in it, with keys and settings, are closed.
 */
export function makeHome(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o711 })
}

/** Writes a file that only this account may read; a kill leaves the old one or the new one, never half. */
export function writePrivate(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const next = `${path}.${process.pid}.new`
  writeFileSync(next, content, { mode: 0o600, flush: true })
  chmodSync(next, 0o600)
  renameSync(next, path)
}

/** The content of a file, made and kept on first use. */
export function keptSecret(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8')
  const made = make()
  writePrivate(path, made)
  return made
}
