import type { MessageState } from './filter.ts'

/** What is done to messages by batches. */
export const acts = ['resend', 'replay', 'park', 'discard', 'correct'] as const
export type BatchAct = (typeof acts)[number]

/** Which box an act is about; undefined: both. */
export const boxOf: Readonly<Record<BatchAct, 'in' | 'out' | undefined>> = {
  resend: 'out',
  replay: 'in',
  correct: 'in',
  park: undefined,
  discard: undefined,
}

/** Why nothing was done to a message, in words, by its code. */
export const whyNot = {
  'under-way': 'It is under way already.',
  'by-another': 'Another batch has done this since this one was asked for.',
  'as-asked': 'It is so already.',
  'took-effect':
    'It was decided on and has taken effect: it never takes effect twice. A trial shows what would be decided today.',
  discarded: 'It was discarded, which is for good.',
  mailbox: 'It lies in a mailbox: its owner fetches it himself, as often as he likes.',
  local: 'It was handed to an office of this node with the transaction that wrote it.',
  settled: 'There is nothing left to stop: it was decided on, or the receipt is here.',
  'not-parked': 'Only what is parked: park it first.',
  'no-bytes': 'Its bytes were only passed on, and are kept no longer.',
  'wrong-box': 'This is done to messages of the other direction only.',
  gone: 'It is not here any more.',
  changed: 'It is not the message any more for which the correction was written.',
  failed: 'The database refused it.',
} as const

export type WhyNot = keyof typeof whyNot

/** A message as an act finds it. */
export interface Found {
  box: 'in' | 'out'
  link: string
  state: MessageState
  /** Whether its document is kept. */
  hasBytes: boolean
}

/** `do`: the act is made. `already`: nobody need do anything; `refused`: it cannot be done. */
export type Permit = { kind: 'do' } | { kind: 'already' | 'refused'; why: WhyNot }

const go: Permit = { kind: 'do' }
const already = (why: WhyNot): Permit => ({ kind: 'already', why })
const refused = (why: WhyNot): Permit => ({ kind: 'refused', why })

/**
 * Whether an act is made on a message in the state in which it is found. It is asked anew for each message at the moment of the act,
 * under its lock, so that two people who ask for the same do it once.
 */
export function permitOf(act: BatchAct, { box, link, state, hasBytes }: Found): Permit {
  if ((boxOf[act] ?? box) !== box) return refused('wrong-box')
  if (state === 'discarded') return act === 'discard' ? already('as-asked') : refused('discarded')
  if (act === 'park') return parking(box, link, state)
  if (act === 'discard') return state === 'parked' ? go : refused('not-parked')
  if (!hasBytes) return refused('no-bytes')
  return act === 'resend' ? resending(link, state) : replaying(state)
}

function parking(box: 'in' | 'out', link: string, state: MessageState): Permit {
  if (state === 'parked') return already('as-asked')
  if (state === 'done' || state === 'receipted') return refused('settled')
  return box === 'out' && link === 'mailbox' ? refused('mailbox') : go
}

function resending(link: string, state: MessageState): Permit {
  if (link === 'mailbox' || link === 'local') return refused(link)
  // What is receipted goes again with the same bytes under the same id: the partner answers a repeat with the receipt that it gave.
  return state === 'parked' || state === 'receipted' ? go : already('under-way')
}

function replaying(state: MessageState): Permit {
  if (state === 'parked') return go
  return state === 'done' ? refused('took-effect') : already('under-way')
}
