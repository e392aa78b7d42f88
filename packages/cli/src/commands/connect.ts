/** `corridor connect triggers …`: triggers in the database of a national system, by its administrator. */
import {
  install,
  installSql,
  readMapping,
  recapture,
  type TriggerMapping,
  triggerState,
  uninstall,
  uninstallSql,
} from '@corridor/connectors'
import { connect as connectTo, type Database } from '@corridor/database'
import { parse } from 'yaml'
import { readArguments, UsageError } from '../arguments.ts'
import { readInput } from '../documents/input.ts'
import { print } from '../print.ts'

const acts = ['print', 'install', 'recapture', 'state', 'uninstall'] as const

/**
 * `corridor connect triggers --print|--install|--recapture|--state|--uninstall [--mapping FILE] [--discard]`: SQL of the triggers for a national
 * database, or have it run there. Where it is, the environment says (NATIONAL_DATABASE_URL): a password does not belong among what was typed.
 */
export async function connect(typed: string[]): Promise<number> {
  const [what, ...rest] = typed
  if (what !== 'triggers') throw new UsageError('Say what to connect by: corridor connect triggers …')
  const { options, flags } = readArguments(rest, { options: ['mapping'], flags: [...acts, 'discard'], words: 0 })
  const [act, ...others] = acts.filter((each) => flags.has(each))
  if (act === undefined || others.length > 0) throw new UsageError(`Say one of --${acts.join(', --')}.`)
  if (act === 'print') {
    const file = options.get('mapping')
    await print(file === undefined && flags.has('discard') ? uninstallSql(true) : installSql(mappingIn(file)))
    return 0
  }
  const url = process.env['NATIONAL_DATABASE_URL']
  if (url === undefined || url === '')
    throw new UsageError(
      'Say where the national database is, as the owner of its tables: NATIONAL_DATABASE_URL=postgres://…',
    )
  const database = connectTo(url, { max: 1, applicationName: 'corridor connect', statementTimeoutMs: 600_000 })
  try {
    await print(`${await done(act, database, options.get('mapping'), flags.has('discard'))}\n`)
    return 0
  } finally {
    await database.close()
  }
}

async function done(
  act: Exclude<(typeof acts)[number], 'print'>,
  database: Database,
  file: string | undefined,
  discard: boolean,
): Promise<string> {
  if (act === 'uninstall') {
    await uninstall(database, discard)
    return 'Taken out. The tables of the national system are as they were.'
  }
  if (act === 'state') {
    const { waiting, leased, done, aside, failures, results } = await triggerState(database)
    return `waiting ${waiting}, being taken ${leased}, taken ${done}, set aside ${aside}, not captured ${failures}, results not fetched ${results}`
  }
  const mapping = mappingIn(file)
  if (act === 'install') {
    await install(database, mapping)
    return `Installed: ${mapping.captures.map(({ name, table }) => `${name} from ${table}`).join(', ')}. What was released before comes with --recapture.`
  }
  const { captured, failed } = await recapture(database, mapping)
  return `captured ${captured}, failed ${failed}`
}

function mappingIn(file: string | undefined): TriggerMapping {
  if (file === undefined) throw new UsageError('Say what is captured: --mapping FILE (docs/connectors.md).')
  const input = readInput(file)
  if (!('bytes' in input)) throw new UsageError(`${input.text} ${input.remedy}`)
  let read: unknown
  try {
    read = parse(new TextDecoder().decode(input.bytes))
  } catch (error) {
    throw new UsageError(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
  return readMapping(read)
}
