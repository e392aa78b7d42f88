import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createDatabase, keepPostgres } from '@corridor/database'
import { homeOf, writePrivate } from '@corridor/node'
import { readArguments } from '../arguments.ts'
import { print } from '../print.ts'

/** `corridor join database [FOLDER]`: a PostgreSQL for a pilot, for as long as this command runs. */
export async function database(typed: string[]): Promise<number> {
  const { words } = readArguments(typed, { words: 1 })
  const home = words[0] === undefined ? homeOf('pilot', process.env, process.cwd()) : resolve(words[0])
  const server = await keepPostgres({ home, log: (line) => process.stderr.write(`${line}\n`) })
  const secret = join(home, 'pilot.secret')
  if (!existsSync(secret)) writePrivate(secret, randomBytes(24).toString('base64url'))
  const url = await createDatabase(server.adminUrl, {
    database: 'pilot',
    user: 'pilot',
    password: readFileSync(secret, 'utf8'),
  })
  writePrivate(join(home, 'url'), `${url}\n`)
  await print(`A PostgreSQL for a pilot runs until Ctrl-C; its data stays in ${home}. In another terminal:
export DATABASE_URL=$(cat ${join(home, 'url')})\n`)
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })
  await server.stop()
  return 0
}
