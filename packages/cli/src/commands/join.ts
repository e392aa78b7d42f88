import { UsageError } from '../arguments.ts'

type Verb = (typed: string[]) => Promise<number>

const verbs: Record<string, () => Promise<Verb>> = {
  init: async () => (await import('../join/init.ts')).init,
  invite: async () => (await import('../join/invite.ts')).inviteCommand,
  accept: async () => (await import('../join/accept.ts')).accept,
  leave: async () => (await import('../join/accept.ts')).leave,
  check: async () => (await import('../join/check.ts')).check,
  'verify-report': async () => (await import('../join/check.ts')).verifyReportCommand,
  database: async () => (await import('../join/database.ts')).database,
}

/** `corridor join …`: a new member, from its keys to its conformance. */
export async function join([verb = '', ...typed]: string[]): Promise<number> {
  const found = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (found === undefined) throw new UsageError(`Say what to do: corridor join ${Object.keys(verbs).join('|')}.`)
  return (await found())(typed)
}
