import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeTestPartner, runTestPartner } from '@corridor/joining'
import { homeOf, jsonLog, nodeClock, realSettings } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'
import { asked, pilotDatabase } from './pilot-database.ts'

/** `corridor test-partner --country CC --invitation FILE`: a node of this program that plays any country, and people who do their part. */
export async function testPartner(typed: string[]): Promise<number> {
  const { options } = readArguments(typed, {
    options: ['country', 'invitation', 'into', 'host', 'api-port', 'as4-port'],
    words: 0,
  })
  const country = options.get('country')
  const invitationFile = options.get('invitation')
  if (country === undefined || invitationFile === undefined)
    throw new UsageError(
      'Say which country it plays, and whom it meets: corridor test-partner --country AF --invitation invitation-tj-for-af.txt.',
    )
  const folder = resolve(options.get('into') ?? `test-partner-${country.toLowerCase()}`)
  const ports = { api: Number(options.get('api-port') ?? 8409), as4: Number(options.get('as4-port') ?? 8449) }
  const made = await makeTestPartner(
    folder,
    { country, ports, host: options.get('host') ?? '127.0.0.1', invitationFile },
    new Date(),
  )
  const file = join(folder, 'invitation.txt')
  writeFileSync(file, made.invitation)
  const home = homeOf(`test-partner-${country.toLowerCase()}`, process.env, process.cwd())
  mkdirSync(home, { recursive: true, mode: 0o711 })
  await print('Starting PostgreSQL …\n')
  const database = await pilotDatabase(home)
  await print('Starting the node …\n')
  const logFile = createWriteStream(join(folder, 'node.log'), { flags: 'a', mode: 0o600 })
  const { own } = made
  const log = jsonLog(
    (line) => void logFile.write(line),
    nodeClock(realSettings(own.file, own.own.id, database.url)),
    own.own.id,
  )
  try {
    const running = await runTestPartner(made, database.url, {
      log,
      tell: (line) => process.stdout.write(`test partner: ${line}\n`),
    })
    await print(`${own.own.name} runs until Ctrl-C: party ${own.own.party}, ${own.own.published!.direct!.url}. It is no administration, and says so.

fingerprint  ${made.fingerprint}

corridor join accept ${file} --test-partner --fingerprint "${made.fingerprint}" --corridor …\n`)
    await asked()
    await running.stop()
  } finally {
    await database.stop()
  }
  return 0
}
