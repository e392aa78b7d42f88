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
}

/** How loud the state of a message is; a state not known here is neutral. */
export function toneOf(state: string): Tone {
  return tones[state as MessageState] ?? 'neutral'
}
