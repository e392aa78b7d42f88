import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import {
  type As4Limits,
  type Identity,
  open,
  type Opened,
  type OpenedMessage,
  type OpenedPullRequest,
  type OpenOptions,
  type PullOptions,
  type PMode,
  readResponse,
  type Response,
  type UserMessage,
  type Wire,
} from '@corridor/as4'
import { atAlbania, atKosovo, kosovo, NOW, sealed } from '../support.ts'

/** The kinds of bad input that are this library's to refuse, with the least number of cases each is to have. */
export const LEAST = { HTTP: 18, MIME: 20, XML: 24, ebMS: 22, signature: 34, encryption: 14, compression: 8 } as const
export type Kind = keyof typeof LEAST

/**
 * What is to become of a bad input. `EBMS:…`: refused with that code. `as sent`: opened, and not one value differs from
 * what was sealed, so that what is odd about it did nothing. `opened`: opened, and {@link HostileCase.check} looks at
 * it. `signal`: handed on as a receipt or an error that proves nothing. `unusable` and `unsigned error`: as an answer
 * to a message of ours it settles nothing. `pull`: the request of the partner who may.
 */
export type Expectation = `EBMS:${string}` | 'as sent' | 'opened' | 'signal' | 'unusable' | 'unsigned error' | 'pull'

/** The channel from which the partner may pull. */
export const MPC = 'urn:corridor:mpc:al'

/** One bad input. */
export interface HostileCase {
  kind: Kind
  name: string
  make: () => Wire
  expect: Expectation
  /** The moment at which it arrives; defaults to {@link NOW}. */
  now?: Date
  /** Of the agreement under which it is opened. */
  pmode?: Partial<PMode>
  /** Whose keys open it; Kosovo's unless told. */
  identity?: Identity
  /** For limits too large to be filled in a test. */
  limits?: Partial<As4Limits>
  /** With `opened`: what must hold. */
  check?: (message: UserMessage) => void
}

/** What one case did. */
export interface Run {
  result: Opened | OpenedPullRequest | Response
  cpuMs: number
  bytes: number
  /** By how many megabytes the process's highest memory use grew. */
  grownMb: number
}

/** The message of ours that answers are about. */
export const SENT = sealed()
const untouched = open(SENT, openOptionsOf()) as OpenedMessage

/** How a case is opened. */
export function openOptionsOf({ pmode, limits, identity = kosovo, now = NOW }: Partial<HostileCase> = {}): OpenOptions &
  PullOptions {
  const agreed = { ...atKosovo, ...pmode }
  const findPullPMode = (mpc: string) => (mpc === MPC ? { ...agreed, mpc } : undefined)
  return { identity, findPMode: () => agreed, findPullPMode, now, limits }
}

/** Carries out one case and asserts its outcome; the making of the input is not counted. */
export function run(hostile: HostileCase): Run {
  const { expect, now = NOW } = hostile
  const wire = hostile.make()
  const answer = expect === 'unusable' || expect === 'unsigned error'
  const highest = process.resourceUsage().maxRSS
  const started = process.cpuUsage()
  const result = answer ? readResponse(wire, { sent: SENT, pmode: atAlbania, now }) : open(wire, openOptionsOf(hostile))
  const { user, system } = process.cpuUsage(started)
  assert.equal(outcomeOf(result, expect), expect, 'detail' in result ? result.detail : undefined)
  if (expect === 'opened') {
    assert.ok(hostile.check, 'a case that is opened must say what is to hold')
    hostile.check((result as OpenedMessage).message)
  }
  const grownMb = (process.resourceUsage().maxRSS - highest) / 1024
  return { result, cpuMs: (user + system) / 1000, bytes: wire.body.length, grownMb }
}

function outcomeOf(result: Run['result'], expect: Expectation): string {
  switch (result.kind) {
    case 'refused':
      return result.error.code
    case 'user':
      return expect === 'as sent' && isDeepStrictEqual(result.message, untouched.message) ? 'as sent' : 'opened'
    case 'unusable':
    case 'pull':
      return result.kind
    case 'receipt':
    case 'error':
      if (!('signed' in result)) return 'receipt' in result ? 'a receipt that counts' : 'signal'
      return result.signed ? 'signed error' : 'unsigned error'
  }
}

/** Cases of one kind from rows. */
export function casesOf(
  kind: Kind,
  rows: readonly (readonly [name: string, expect: Expectation, make: () => Wire, more?: Partial<HostileCase>])[],
): HostileCase[] {
  return rows.map(([name, expect, make, more]) => ({ kind, name, expect, make, ...more }))
}
