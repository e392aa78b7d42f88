import { addDays, dateTimeOf } from '@corridor/customs'

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function aheadMs(timeZone: string, moment: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(moment)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '00'
  const wall = `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}Z`
  return Date.parse(wall) - moment
}

/** A moment (UTC, seconds) as it is on the wall where an office is: yyyy-mm-dd hh:mm. */
export function wallOf(timeZone: string | undefined, moment: string): string {
  const at = Date.parse(`${moment}Z`)
  return dateTimeOf(new Date(at + aheadMs(timeZone ?? 'UTC', at)))
    .slice(0, 16)
    .replace('T', ' ')
}

/**
 * The moment (UTC, seconds) that a date and a time on the wall are where an office is. Of an hour that comes twice, when clocks are set
 * back, the first is meant; of one that does not come, as if the clocks had not been set.
 * @param date yyyy-mm-dd @param time hh:mm
 */
export function momentOn(timeZone: string | undefined, date: string, time: string): string {
  const zone = timeZone ?? 'UTC'
  const wall = Date.parse(`${date}T${time}:00Z`)
  // The zone before the day's changes, and the one that this gives: where they differ, the wall clock decides.
  const before = wall - aheadMs(zone, Date.parse(`${addDays(date, -1)}T${time}:00Z`))
  const guess = aheadMs(zone, before) === wall - before ? before : wall - aheadMs(zone, before)
  return dateTimeOf(new Date(guess))
}
