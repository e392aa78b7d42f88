import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { homeOf, issueLink, NodeFault, readCorridor, readSettings } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'

/** `corridor login [ACCOUNT]`: new one-time sign-in links, for one account or for every officer. */
export async function login(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, { options: ['corridor'], words: 1 })
  const name = options.get('corridor') ?? 'albania-kosovo'
  const corridor = readCorridor(name)
  const home = homeOf(corridor.id, process.env, process.cwd())
  const [asked] = words
  const accounts = corridor.nodes.flatMap((node) =>
    node.accounts.filter((account) => account.role !== 'trader').map((account) => ({ node, account })),
  )
  const chosen = asked === undefined ? accounts : accounts.filter(({ account }) => account.id === asked)
  if (chosen.length === 0)
    throw new UsageError(
      `There is no officer’s account “${asked}”. There are: ${accounts.map(({ account }) => account.id).join(', ')}.`,
    )
  for (const { node, account } of chosen) {
    const file = join(home, node.id, 'settings.json')
    if (!existsSync(file))
      throw new NodeFault(
        'CORRIDOR_UNKNOWN',
        `The corridor ${corridor.id} was never started here (no ${file}). Start it with npm start.`,
      )
    const link = await issueLink(readSettings(file), account.id)
    process.stdout.write(`${`${account.name}, ${account.role}`.padEnd(34)} ${link}\n`)
  }
  process.stdout.write('Each link signs in once, within ten minutes.\n')
  return 0
}
