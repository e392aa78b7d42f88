import type { ConversationMessage } from '../queries.ts'

const words = {
  undecided: [
    'It is on disk and receipted; nobody has decided on it yet.',
    'Wait: the oldest message of a movement comes first.',
  ],
  early: [
    'It came before what it builds on, and is looked at again.',
    'Wait; if what is missing never comes, it is parked.',
  ],
  decided: [
    'It was decided on, and has taken effect.',
    'Nothing is to be done. What answered it is in the conversation.',
  ],
  refused: [
    'It was read and refused; the refusal names rule, path, value and remedy.',
    'Its sender sends a corrected one, as a new message.',
  ],
  'handler-failed': [
    'Deciding on it failed each time, and it was set aside.',
    'Read the reason; replay it when that is mended, correct it, or discard it.',
  ],
  'not-sent': [
    'It is written, and nothing of it has left this node yet.',
    'Wait: it leaves when the one before it is receipted.',
  ],
  unreachable: [
    'It was tried, and the partner could not be reached.',
    'Look at the link; it goes by itself as soon as the partner answers.',
  ],
  unreceipted: [
    'Its bytes have left, and no signed receipt is here.',
    'It may have arrived. The same bytes go again by themselves.',
  ],
  delivered: ['The partner’s signed receipt is verified and stored here.', 'Nothing is to be done.'],
  'refused-by-partner': [
    'The partner refused it with a signed error.',
    'Read the code; send it again when the cause is mended, or discard it.',
  ],
  'given-up': ['It was given up, or taken aside by a person.', 'Read the reason; send it again, or discard it.'],
  discarded: [
    'Two people have given it up for good.',
    'Nothing is to be done. If its receipt comes all the same, it is kept.',
  ],
  'not-fetched': ['It lies in the mailbox; its owner has not fetched it.', 'Wait, or tell its owner.'],
  fetched: ['Its owner has fetched it from the mailbox.', 'Nothing is to be done.'],
  'handed-over': ['It was handed to an office of this node in the same transaction.', 'Nothing is to be done.'],
} as const satisfies Record<string, readonly [string, string]>

export type VerdictCode = keyof typeof words

/** How it stands with a message: a code for programs, and in words what that means and what to do. */
export interface Verdict {
  code: VerdictCode
  words: string
  remedy: string
}

/** @param refused whether what answered it refuses it; for who knows documents to say */
export function verdictOf(
  message: Pick<ConversationMessage, 'direction' | 'link' | 'state' | 'tries' | 'reason'>,
  refused = false,
): Verdict {
  const code = codeOf(message, refused)
  return { code, words: words[code][0], remedy: words[code][1] }
}

function codeOf(
  { direction, link, state, tries, reason }: Parameters<typeof verdictOf>[0],
  refused: boolean,
): VerdictCode {
  switch (state) {
    case 'received':
      return 'undecided'
    case 'waiting':
      return 'early'
    case 'done':
      return refused ? 'refused' : 'decided'
    case 'queued':
      if (link === 'mailbox') return 'not-fetched'
      return tries > 0 && reason !== null ? 'unreachable' : 'not-sent'
    case 'sent':
      return 'unreceipted'
    case 'receipted':
      return link === 'mailbox' ? 'fetched' : link === 'local' ? 'handed-over' : 'delivered'
    case 'discarded':
      return 'discarded'
    case 'parked':
      if (direction === 'in') return 'handler-failed'
      return reason?.startsWith('EBMS:') === true ? 'refused-by-partner' : 'given-up'
  }
}
