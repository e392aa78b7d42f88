import {
  type Corridor,
  type CorridorNode,
  defaultCorridor,
  isOfOfficer,
  issueLink,
  issueToken,
  readCorridor,
  revokeToken,
  signsIn,
} from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { settingsOf } from '../node-settings.ts'

interface Found {
  node: CorridorNode
  account: CorridorNode['accounts'][number]
}

/** `corridor login [ACCOUNT]`: new one-time sign-in links, for every officer or for one account: an officer's, or that of a trader who may complete imports on screen. */
export async function login(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, { options: ['corridor'], words: 1 })
  const name = options.get('corridor') ?? defaultCorridor
  const corridor = readCorridor(name)
  const [asked] = words
  const offered = accountsOf(corridor).filter(
    ({ node, account }) => isOfOfficer(account) || (asked !== undefined && signsIn(corridor, node, account)),
  )
  for (const { node, account } of chosen(offered, asked, 'officer’s account')) {
    const link = await issueLink(settingsOf(name, corridor, node), account.id)
    process.stdout.write(`${`${account.name}, ${account.role}`.padEnd(34)} ${link}\n`)
  }
  process.stdout.write('Each link signs in once, within ten minutes.\n')
  return 0
}

/** `corridor token ACCOUNT NAME [--revoke]`: a bearer token for a program, shown once; or the end of one. */
export async function token(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: ['corridor'], flags: ['revoke'], words: 2 })
  const [asked, label] = words
  if (asked === undefined || label === undefined) {
    throw new UsageError(
      'Say for which account, and a name for the token: corridor token adria-spedicion declarations.',
    )
  }
  const name = options.get('corridor') ?? defaultCorridor
  const corridor = readCorridor(name)
  for (const { node, account } of chosen(accountsOf(corridor), asked, 'account')) {
    const settings = settingsOf(name, corridor, node)
    if (flags.has('revoke')) {
      if (!(await revokeToken(settings, account.id, label)))
        throw new UsageError(`${asked} has no live token “${label}”.`)
      process.stdout.write(`The token “${label}” of ${asked} is good for nothing from now on.\n`)
    } else {
      process.stdout.write(`${await issueToken(settings, account.id, label)}\n`)
      process.stderr.write('Keep it: it is shown this once. A program sends it as Authorization: Bearer …\n')
    }
  }
  return 0
}

function accountsOf(corridor: Corridor): Found[] {
  // With DATABASE_URL it is one real node: the one whose keys are in the file.
  const real = Boolean(process.env['DATABASE_URL'])
  return corridor.nodes
    .filter((node) => !real || node.keys !== null)
    .flatMap((node) => node.accounts.map((account) => ({ node, account })))
}

function chosen(accounts: Found[], asked: string | undefined, what: string): Found[] {
  const found = asked === undefined ? accounts : accounts.filter(({ account }) => account.id === asked)
  if (found.length === 0)
    throw new UsageError(
      `There is no ${what} “${asked}”. There are: ${accounts.map(({ account }) => account.id).join(', ')}.`,
    )
  return found
}
