import type { CarriedObject } from '@corridor/exchange'

/** What a hub forwards at most, in bytes: what came in must be able to go out, in a body of 10 MB with its envelope. */
export const mostBytes = 9_000_000
/** An object that lives longer than this is none that anybody waits for. */
const longestLifeMs = 90 * 86_400_000

/** Why the hub does not forward an object, in words for the sender; undefined when it does. */
export function refusalOf(
  { sender, addressee, expiresAt, bytes }: CarriedObject,
  { from, members, now }: { from: string; members: ReadonlySet<string>; now: Date },
): string | undefined {
  if (sender !== from) return `it names ${sender} as its sender and came from ${from}`
  if (!members.has(from)) return `${from} is no member of this hub`
  if (!members.has(addressee)) return `${addressee} is no member of this hub`
  if (bytes.length > mostBytes) return `it has ${bytes.length} bytes; ${mostBytes} at most`
  if (expiresAt <= now) return `it has expired at ${expiresAt.toISOString()}`
  if (expiresAt.getTime() - now.getTime() > longestLifeMs) return 'it would live longer than 90 days'
  return undefined
}
