import { existsSync, writeFileSync } from 'node:fs'
import { invite, JoinFault, readOwn } from '@corridor/joining'
import { readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

/** `corridor join invite --for CC`: a signed file for the administration of another country, and the fingerprint to read out. */
export async function inviteCommand(typed: string[]): Promise<number> {
  const { options } = readArguments(typed, {
    options: ['for', 'corridor', 'node', 'agreement', 'days', 'out'],
    words: 0,
  })
  const country = options.get('for')
  if (country === undefined) throw new UsageError('Say for which country: corridor join invite --for TJ.')
  const own = readOwn(options.get('corridor') ?? 'corridor.yaml', options.get('node'))
  const agreement = options.get('agreement')
  const days = options.get('days')
  const made = await invite(
    own,
    { country, ...(agreement !== undefined && { agreement }), ...(days !== undefined && { days: Number(days) }) },
    new Date(),
  )
  const file = options.get('out') ?? `invitation-${own.own.id}-for-${country.toLowerCase()}.txt`
  if (existsSync(file))
    throw new JoinFault('join.bad-value', `${file} is there already: move it away, or name another with --out.`)
  writeFileSync(file, made.text, { flush: true })
  await print(`${file}: ${own.own.party} invites ${country}, agreement ${made.invitation.agreement}, until ${made.invitation.expiresAt.toISOString()}

fingerprint  ${made.fingerprint}

Send the file (e-mail will do), and have the other administration call you: read the fingerprint to them.
They take it with: corridor join accept ${file.split('/').at(-1)} --fingerprint "…"\n`)
  return 0
}
