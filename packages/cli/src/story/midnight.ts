import { localDay } from '@corridor/node'

/** The first moment after `now` at which it is another day in a time zone; a day of a change of the clocks has 23 or 25 hours. */
export function nextMidnight(now: Date, timeZone: string): Date {
  const dayAt = (ms: number): string => localDay({ clock: () => new Date(ms), timeZone })
  const today = dayAt(now.getTime())
  let [before, after] = [now.getTime(), now.getTime() + 26 * 3_600_000]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayAt(middle) === today) before = middle
    else after = middle
  }
  return new Date(after)
}
