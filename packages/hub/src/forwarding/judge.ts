import { type CarriedObject, mostForwardedBytes } from '@corridor/exchange'

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
  if (bytes.length > mostForwardedBytes) return `it has ${bytes.length} bytes; ${mostForwardedBytes} at most`
  if (expiresAt <= now) return `it has expired at ${expiresAt.toISOString()}`
  if (expiresAt.getTime() - now.getTime() > longestLifeMs) return 'it would live longer than 90 days'
  return undefined
}
