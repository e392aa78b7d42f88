import { join, resolve } from 'node:path'
import { homeOf } from '@corridor/node'
import { readArguments } from '../arguments.ts'
import { print } from '../print.ts'
import { asked, pilotDatabase } from './pilot-database.ts'

/** `corridor join database [FOLDER]`: a PostgreSQL for a pilot, for as long as this command runs. */
export async function database(typed: string[]): Promise<number> {
  const { words } = readArguments(typed, { words: 1 })
  const home = words[0] === undefined ? homeOf('pilot', process.env, process.cwd()) : resolve(words[0])
  const server = await pilotDatabase(home)
  await print(`A PostgreSQL for a pilot runs until Ctrl-C; its data stays in ${home}. In another terminal:
export DATABASE_URL=$(cat ${join(home, 'url')})\n`)
  await asked()
  await server.stop()
  return 0
}
