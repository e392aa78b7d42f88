/** Dates and times as the documents have them: UTC without zone. They sort as texts. */
import { checkDate, checkDateTime } from '../format/numbers-and-dates.ts'

const dateTime = checkDateTime(true)

/** A calendar date yyyy-mm-dd that exists. */
export function isDate(text: string): boolean {
  return checkDate(text) === undefined
}

/** A date and time yyyy-mm-ddThh:mm:ss that exist, UTC without zone or fraction. */
export function isDateTime(text: string): boolean {
  return dateTime(text) === undefined
}

/** The form of the documents (UTC, whole seconds, no zone) of a moment. */
export function dateTimeOf(moment: Date): string {
  return moment.toISOString().slice(0, 19)
}

/** The date part of a date and time, or the date itself. */
export function dateOf(dateOrDateTime: string): string {
  return dateOrDateTime.slice(0, 10)
}
