import type { MessageState, Tone } from '../api/types.ts'

// Sent, received and accepted are three things and look like three things: only `receipted` and `done` are green.
const tones: Record<MessageState, Tone> = {
  queued: 'neutral',
  sent: 'info',
  receipted: 'ok',
  received: 'info',
  waiting: 'warn',
  done: 'ok',
  parked: 'bad',
  discarded: 'neutral',
}

/**
 * The key of the word for a message's state. Documents for traders (CC…) lie in a mailbox: they are fetched, not sent, and
 * reading them is their receipt.
 */
export function stateCode(message: { state: MessageState; direction: 'in' | 'out'; type: string }): string {
  if (message.direction === 'out' && message.type.startsWith('CC')) {
    if (message.state === 'queued') return 'unfetched'
    if (message.state === 'receipted') return 'fetched'
  }
  return message.state
}

/** Whether there is a receipt: ours for what came in, the other side's for what went out. */
export function hasReceipt(message: { state: MessageState; direction: 'in' | 'out' }): boolean {
  return message.direction === 'in' || message.state === 'receipted'
}

/** How loud the state of a message is; a state not known here is neutral. */
export function toneOf(state: string): Tone {
  return tones[state as MessageState] ?? 'neutral'
}
