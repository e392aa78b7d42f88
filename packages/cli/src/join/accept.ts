import { basename } from 'node:path'
import {
  differenceOf,
  isFingerprint,
  JoinFault,
  type Plan,
  planAcceptance,
  planLeaving,
  readFileOf,
  readInvitation,
  readOwn,
  writeChanges,
} from '@corridor/joining'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

const ownOf = (options: Arguments['options']) =>
  readOwn(options.get('corridor') ?? 'corridor.yaml', options.get('node'))

/** `corridor join accept FILE [--fingerprint F]`: shows what an invitation would change; with the right fingerprint, does it. */
export async function accept(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['corridor', 'node', 'fingerprint'],
    flags: ['test-partner'],
    words: 1,
  })
  const [file] = words
  if (file === undefined) throw new UsageError('Say which invitation: corridor join accept invitation-tj-for-af.txt.')
  const now = new Date()
  const invitation = await readInvitation(readFileOf(file), basename(file), now)
  const own = ownOf(options)
  const typedFingerprint = options.get('fingerprint')
  if (typedFingerprint !== undefined && !isFingerprint(typedFingerprint, invitation.text))
    throw new JoinFault(
      'join.wrong-fingerprint',
      // Not the right one beside it: who has it at hand would copy it.
      `${basename(file)}: “${typedFingerprint}” is not its fingerprint.`,
    )
  const plan = planAcceptance(own, invitation, { allowTest: flags.has('test-partner'), now })
  const { from } = invitation
  await print(`${from.name} (${from.country}), party ${from.party}, at ${invitation.endpoint}
agreement    ${invitation.agreement}
offices      ${invitation.offices.map(({ reference, name }) => `${reference} ${name}`).join(', ')}
valid until  ${invitation.expiresAt.toISOString()}
fingerprint  ${invitation.fingerprint}\n\n`)
  await show(plan)
  if (plan.changes.length === 0) return 0
  if (typedFingerprint === undefined) {
    await print(`Nothing is written yet. Call ${from.name} on a number that you had before and have the fingerprint read to you. Then:
corridor join accept ${file} --fingerprint "what you heard" …\n`)
    return 0
  }
  await write(own, plan)
  return 0
}

/** `corridor join leave NODE [--yes]`: takes a member out; without `--yes` shows what that would change. */
export async function leave(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: ['corridor', 'node'], flags: ['yes'], words: 1 })
  const [id] = words
  if (id === undefined) throw new UsageError('Say which member: corridor join leave tj.')
  const own = ownOf(options)
  const plan = planLeaving(own, id)
  await show(plan)
  if (flags.has('yes')) await write(own, plan)
  else await print('Nothing is written yet: run this again with --yes.\n')
  return 0
}

async function show({ id, changes, remarks }: Plan): Promise<void> {
  for (const remark of remarks) await print(`! ${remark}\n`)
  await print(
    changes.length === 0 ? `Everything about ${id} is here already: nothing to do.\n` : `${differenceOf(changes)}\n`,
  )
}

async function write({ folder, file, own }: ReturnType<typeof readOwn>, { changes }: Plan): Promise<void> {
  writeChanges(folder, changes)
  await print(`Written. A running node takes it up with SIGHUP, without losing anything; else it counts from the next start:
DATABASE_URL=postgres://… corridor node ${own.id} --corridor ${file}\n`)
}
