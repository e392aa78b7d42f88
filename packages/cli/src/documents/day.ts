import { isDate } from '@corridor/customs'
import { type Arguments, UsageError } from '../arguments.ts'

/** The day that an option gives, or today. @throws UsageError */
export function dayOf(options: Arguments['options'], name: string): string {
  const day = options.get(name) ?? new Date().toISOString().slice(0, 10)
  if (!isDate(day)) throw new UsageError(`--${name} takes a day as yyyy-mm-dd, not “${day}”.`)
  return day
}
