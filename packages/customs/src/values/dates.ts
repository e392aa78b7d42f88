/** Dates and times as the documents have them: UTC without zone. They sort as texts. */
import { CustomsFault } from '../faults.ts'
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

/** The form of the documents (UTC, whole seconds, no zone) of a moment in the years 1 to 9999. Throws `bad-value` for any other. */
export function dateTimeOf(moment: Date): string {
  const text = Number.isNaN(moment.getTime()) ? '' : moment.toISOString().slice(0, 19)
  if (!isDateTime(text)) throw new CustomsFault('bad-value', 'the moment has no year from 1 to 9999')
  return text
}

/** The moment that a date and time without zone names, read as UTC; 24:00:00 is the midnight after. Throws `bad-value`. */
export function momentOf(text: string): Date {
  if (!isDateTime(text)) throw new CustomsFault('bad-value', `${text} is not a date and time yyyy-mm-ddThh:mm:ss`)
  return new Date(`${text}Z`)
}

/** The date part of a date and time, or the date itself. */
export function dateOf(dateOrDateTime: string): string {
  return dateOrDateTime.slice(0, 10)
}

/** First and last day of what is valid for a time, `yyyy-mm-dd`; '' is open. */
export interface Validity {
  readonly validFrom: string
  readonly validTo: string
}

/** True when it is in force on the day. */
export function isInForce({ validFrom, validTo }: Validity, day: string): boolean {
  return validFrom <= day && (validTo === '' || day <= validTo)
}

/** True when both are in force on some day. */
export function overlap(a: Validity, b: Validity): boolean {
  return (a.validTo === '' || b.validFrom <= a.validTo) && (b.validTo === '' || a.validFrom <= b.validTo)
}

/** What is wrong with the two days as a sentence; undefined when nothing is. */
export function wrongValidity({ validFrom, validTo }: Validity): string | undefined {
  const wrong = [validFrom, validTo].find((day) => day !== '' && !isDate(day))
  if (wrong !== undefined) return `“${wrong}” is not a day (yyyy-mm-dd)`
  if (validTo !== '' && validTo < validFrom) return `it ends on ${validTo}, before its first day ${validFrom}`
  return undefined
}

/** The date so many days after (before, when negative) a date. Throws `bad-value` when either is no date. */
export function addDays(date: string, days: number): string {
  if (!isDate(date) || !Number.isSafeInteger(days))
    throw new CustomsFault('bad-value', `no date is ${date} and ${days} days`)
  const moment = momentOf(`${date}T00:00:00`)
  moment.setUTCDate(moment.getUTCDate() + days)
  return dateOf(dateTimeOf(moment))
}
