import { type CarriedObject, mostForwardedBytes } from '@corridor/exchange'

/** An object that lives longer than this is none that anybody waits for. */
const longestLifeMs = 90 * 86_400_000

/** Why an object does not go on. `again`: another one with the same message may. */
export type Refusal = { reason: string; again?: true }

/** Why the hub does not forward an object, in words for the sender; undefined when it does. */
export function refusalOf(
  { sender, addressee, expiresAt, bytes }: CarriedObject,
  { from, members, now }: { from: string; members: ReadonlySet<string>; now: Date },
): Refusal | undefined {
  if (sender !== from) return { reason: `it names ${sender} as its sender and came from ${from}` }
  if (!members.has(from)) return { reason: `${from} is no member of this hub` }
  if (!members.has(addressee)) return { reason: `${addressee} is no member of this hub` }
  if (bytes.length > mostForwardedBytes)
    return { reason: `it has ${bytes.length} bytes; ${mostForwardedBytes} at most` }
  if (expiresAt <= now) return { reason: `it has expired at ${expiresAt.toISOString()}`, again: true }
  if (expiresAt.getTime() - now.getTime() > longestLifeMs) return { reason: 'it would live longer than 90 days' }
  return undefined
}
