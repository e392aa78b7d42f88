import type { Found } from '../container/asic.ts'
import { as4Message } from './as4-message.ts'
import { carriedMessage } from './carried-message.ts'
import type { MessageCheck } from './notes.ts'

/** Follows the signatures of a message and of its receipt from the bytes that came or left, and says what nothing here proves. */
export async function checkMessage(check: MessageCheck): Promise<Found[]> {
  const { facts, where } = check
  const { link } = facts
  const found =
    link === 'as4'
      ? as4Message(check)
      : link === 'carried'
        ? await carriedMessage(check)
        : [{ place: where, what: `${unsigned[link]}: it is the taker’s word`, result: 'note' } as const]
  return [...found, ...facts.remarks.map((what): Found => ({ place: where, what, result: 'note' }))]
}

const unsigned: Record<'local' | 'mailbox' | 'api', string> = {
  local: 'it went between offices of one administration, and nobody signed it',
  mailbox: 'it lay in the mailbox of its recipient, who fetched it, and nobody signed it',
  api: 'it came over the API from an account that was signed in, and nobody signed it',
}
