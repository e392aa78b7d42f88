import { isDate } from '@corridor/customs'
import { localDay } from '@corridor/node'
import { type Arguments, UsageError } from '../arguments.ts'

/** The day that an option gives, or today: at the offices of a node in its time zone, else in UTC. @throws UsageError */
export function dayOf(options: Arguments['options'], name: string, timeZone = 'UTC'): string {
  const day = options.get(name) ?? localDay({ clock: () => new Date(), timeZone })
  if (!isDate(day)) throw new UsageError(`--${name} takes a day as yyyy-mm-dd, not “${day}”.`)
  return day
}
