import type { Patience, RetrySchedule } from './model.ts'

/**
 * The pause after the given try (1, 2, …): doubling up to the longest pause, of which a random half is taken off, so that the
 * messages of a partner that was away do not all come back at the same moment.
 */
export function backOffMs(tries: number, { backOffMs, backOffMostMs }: RetrySchedule, random: () => number): number {
  const full = Math.min(backOffMostMs, backOffMs * 2 ** Math.min(tries - 1, 40))
  return Math.round(full * (0.5 + random() / 2))
}

/** How many times the usual pause is the longest one after which an object is put again. */
const mostPutAgain = 3

/**
 * The pause after which it is seen to that an object still lies at its place, when it has waited for so long already: what nobody takes for hours
 * need not be asked for as often as what may be taken at any moment.
 */
export function putAgainPauseMs({ putAgainMs }: Pick<Patience, 'putAgainMs'>, waitedMs: number): number {
  return Math.max(putAgainMs, Math.min(waitedMs / 6, longestPutAgainMs({ putAgainMs })))
}

/** No pause is longer. */
export const longestPutAgainMs = ({ putAgainMs }: Pick<Patience, 'putAgainMs'>): number => putAgainMs * mostPutAgain

/** No partner is left alone for longer because it asks so. */
export const longestRetryAfterMs = 86_400_000

/** Reads Retry-After (RFC 9110 §10.2.3: seconds or an HTTP date) as milliseconds from now, at most a day; undefined when unusable. */
export function retryAfterMs(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\d{1,9}$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now.getTime()
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestRetryAfterMs) : undefined
}
