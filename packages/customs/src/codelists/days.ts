/** Days as published lists write them. */
import { isDate } from '../values/dates.ts'

/** `yyyy-mm-dd` of a day in either form, '' of none, undefined of what is no day. */
export function dayOf(text: string): string | undefined {
  const trimmed = text.trim()
  const turned = /^(\d\d)-(\d\d)-(\d{4})$/.exec(trimmed)
  const day = turned ? `${turned[3]}-${turned[2]}-${turned[1]}` : trimmed
  return day === '' || (isDate(day) && day >= earliest) ? day : undefined
}

/** No list is older; a day before it is a slip, and counting days from there could leave the calendar. */
const earliest = '1000-01-01'

/** Published lists write an open end as a day of the year 9999, too. */
export function openEnd<Day extends string | undefined>(day: Day): Day | '' {
  return day?.startsWith('9999') ? '' : day
}
