import type { Found } from '../container/asic.ts'
import { as4Message } from './as4-message.ts'
import { carriedMessage } from './carried-message.ts'
import type { MessageCheck } from './notes.ts'

/** Follows the signatures of a message and of its receipt from the bytes that came or left. */
export async function checkMessage(check: MessageCheck): Promise<Found[]> {
  const { facts, where } = check
  const found: Found[] =
    facts.link === 'as4' ? as4Message(check) : facts.link === 'carried' ? await carriedMessage(check) : []
  return [...found, ...facts.remarks.map((what): Found => ({ place: where, what, result: 'note' }))]
}
