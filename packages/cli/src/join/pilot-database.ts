import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDatabase, keepPostgres } from '@corridor/database'
import { writePrivate } from '@corridor/node'

/** A PostgreSQL of a home folder with one empty database in it; its URL is kept in the file `url`. */
export async function pilotDatabase(home: string): Promise<{ url: string; stop(): Promise<void> }> {
  const server = await keepPostgres({ home, log: (line) => process.stderr.write(`${line}\n`) })
  const secret = join(home, 'pilot.secret')
  if (!existsSync(secret)) writePrivate(secret, randomBytes(24).toString('base64url'))
  const password = readFileSync(secret, 'utf8')
  const url = await createDatabase(server.adminUrl, { database: 'pilot', user: 'pilot', password })
  writePrivate(join(home, 'url'), `${url}\n`)
  return { url, stop: () => server.stop() }
}

/** Comes back with Ctrl-C, or when a service manager stops this program. */
export const asked = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })
