import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import {
  type BorderReport,
  createBorderDatabase,
  prepareBorderDatabase,
  type PrepareOptions,
  tidyBorderDatabase,
} from '@corridor/carriers'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { print } from '../print.ts'

const verbs: Readonly<Record<string, (typed: string[]) => Promise<number>>> = { create, prepare, tidy }

/** `corridor border create|prepare|tidy`: the border database, for whoever runs it. */
export async function border([what = '', ...typed]: string[]): Promise<number> {
  const verb = Object.hasOwn(verbs, what) ? verbs[what] : undefined
  if (verb === undefined)
    throw new UsageError(`Say what to do with the border database: ${Object.keys(verbs).join(', ')}.`)
  return verb(typed)
}

async function create(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: ['administrator', 'name', 'owner', 'password-file'],
    flags: ['json'],
    words: 0,
  })
  const [administrator, database, owner] = ['administrator', 'name', 'owner'].map((name) => options.get(name))
  if (administrator === undefined || database === undefined || owner === undefined)
    throw new UsageError('Say as which superuser, which database, and which role is to own it.')
  const given = passwordsIn(options).get(owner)
  if (options.has('password-file') && given === undefined)
    throw new UsageError(`There is no line “${owner} PASSWORD” in the password file.`)
  const ownerPassword = given ?? randomBytes(24).toString('base64url')
  const url = await createBorderDatabase(administrator, { database, owner, ownerPassword })
  const shown = given === undefined ? url : null
  await print(
    flags.has('json')
      ? `${JSON.stringify({ database, owner, url: shown })}\n`
      : `The database ${database} is there and belongs to ${owner}.\n${
          shown === null ? '' : `Its URL, shown this once:\n  ${shown}\n`
        }Next: corridor border prepare --database URL --member PARTY …\n`,
  )
  return 0
}

async function prepare(typed: string[]): Promise<number> {
  const { options, lists, flags } = readArguments(typed, {
    options: ['database', 'password-file', 'object-megabytes', 'waiting-objects', 'waiting-megabytes'],
    lists: ['member', 'new-password', 'remove'],
    flags: ['json'],
    words: 0,
  })
  const [members = [], newPasswords = [], remove = []] = ['member', 'new-password', 'remove'].map((name) =>
    lists.get(name),
  )
  const passwords = passwordsIn(options)
  const stray = [...passwords.keys()].find((party) => ![...members, ...newPasswords].includes(party))
  if (stray !== undefined)
    throw new UsageError(
      `The password file has a line for ${stray}, who is named neither by --member nor --new-password.`,
    )
  const report = await prepareBorderDatabase(databaseOf(options), {
    members,
    newPasswords,
    remove,
    passwords,
    limits: limitsIn(options),
  })
  await print(flags.has('json') ? `${JSON.stringify(report)}\n` : forPeople(report))
  return 0
}

async function tidy(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, { options: ['database'], flags: ['json'], words: 0 })
  const report = await tidyBorderDatabase(databaseOf(options))
  const { expired, forgotten, logLines, ended, waiting } = report
  const lines = [
    `Removed: ${expired} objects that expired, ${forgotten} that were dealt with long ago, ${logLines} lines of the access log.`,
    ...(ended > 0 ? [`Ended: ${ended} sessions of members whose transactions took too long.`] : []),
    ...waiting
      .filter(({ objects }) => objects > 0)
      .map(
        ({ party, addressee, objects, bytes }) =>
          `Of ${party} wait for ${addressee} ${objects} objects, ${bytes} bytes.`,
      ),
    ...(waiting.every(({ objects }) => objects === 0) ? ['Nothing waits.'] : []),
  ]
  await print(flags.has('json') ? `${JSON.stringify(report)}\n` : `${lines.join('\n')}\n`)
  return 0
}

function databaseOf(options: Arguments['options']): string {
  const url = options.get('database') ?? process.env['BORDER_DATABASE_URL']
  if (url === undefined || url === '')
    throw new UsageError('Say which border database: --database URL of the role that owns it, or BORDER_DATABASE_URL.')
  return url
}

/** Passwords by party (or role) from a file that nobody else can read. */
function passwordsIn(options: Arguments['options']): Map<string, string> {
  const file = options.get('password-file')
  if (file === undefined) return new Map()
  let text: string
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw new UsageError(`Others can read ${file}: chmod 600 it, and take new passwords.`)
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`The password file cannot be read: ${(error as Error).message}.`)
  }
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  return new Map(
    lines.map((line, at): [string, string] => {
      const [, name, password] = /^(\S+) (\S+)$/.exec(line) ?? []
      if (name === undefined || password === undefined)
        throw new UsageError(`Line ${at + 1} of ${file} is not “PARTY PASSWORD”.`)
      return [name, password]
    }),
  )
}

function limitsIn(options: Arguments['options']): NonNullable<PrepareOptions['limits']> {
  const numberOf = (name: string, most: number): number | undefined => {
    const text = options.get(name)
    if (text === undefined) return undefined
    const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Infinity
    if (value > most) throw new UsageError(`--${name} takes a whole number from 1 to ${most}.`)
    return value
  }
  const [object, objects, waiting] = [
    numberOf('object-megabytes', 16),
    numberOf('waiting-objects', 10_000_000),
    numberOf('waiting-megabytes', 1_000_000),
  ]
  return {
    ...(object !== undefined && { objectBytes: object * 1_000_000 }),
    ...(objects !== undefined && { waitingObjects: objects }),
    ...(waiting !== undefined && { waitingBytes: waiting * 1_000_000 }),
  }
}

const did = { made: 'is a member from now on', kept: 'is a member', 'new-password': 'has a new password' } as const

function forPeople({ database, migrations, members, removed, limits, open }: BorderReport): string {
  const megabytes = (bytes: number) => `${bytes / 1_000_000} MB`
  const shown = members.filter(({ url }) => url !== null)
  const lines = [
    migrations > 0 ? `${database}: the tables were made or updated.` : `${database}: the tables were up to date.`,
    ...removed.map(
      ({ party, objects }) =>
        `${party} is no member any more; ${objects} objects that lay there for it or of it are gone.`,
    ),
  ]
  if (members.length === 0) lines.push('There are no members yet: --member PARTY makes one.')
  const told = members.length === 0 ? '' : columns(members.map((each) => [each.party, did[each.did], each.role]))
  const after = [
    `An object may have ${megabytes(limits.objectBytes)}. Of one sender may wait for one addressee ${limits.waitingObjects} objects, ${megabytes(limits.waitingBytes)}.`,
    ...(shown.length > 0 ? ['', 'URLs with passwords, shown this once; give each to its member alone:'] : []),
    ...shown.map(({ party, url }) => `  ${party}  ${url}`),
    ...(open.length > 0
      ? [
          '',
          `Members can still use what only a superuser can close: ${open.join(', ')}.`,
          'corridor border create closes it, also in a database that is there.',
        ]
      : []),
  ]
  return `${lines.join('\n')}\n${told}${after.join('\n')}\n`
}
