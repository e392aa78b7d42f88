/** Durations as ISO 8601-1:2019, 5.5.2.4 writes them, in the units that time limits have: `P7M`, `P8D`, `PT2H`, `P1DT12H`. */
import { CustomsFault } from '../faults.ts'
import { dateTimeOf, momentOf } from './dates.ts'

const form = /^P(?=[\dT])(?:(\d{1,4})M)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/

/** True for a duration in months, days, hours, minutes and seconds, in this order. */
export function isDuration(text: string): boolean {
  return form.test(text)
}

/**
 * The moment so long after another, both yyyy-mm-ddThh:mm:ss in UTC. A month later is the same day of the next month, or its last day
 * where it has no such day (Regulation (EEC, Euratom) No 1182/71, art. 3(2)(c)). Throws `bad-value`.
 */
export function afterDuration(moment: string, duration: string): string {
  const [, months = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] = form.exec(duration) ?? []
  if (!isDuration(duration)) throw new CustomsFault('bad-value', `${duration} is not a duration such as P8D or PT2H`)
  const at = momentOf(moment)
  const day = at.getUTCDate()
  at.setUTCDate(1)
  at.setUTCMonth(at.getUTCMonth() + Number(months))
  at.setUTCDate(Math.min(day, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()))
  at.setUTCDate(at.getUTCDate() + Number(days))
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return dateTimeOf(new Date(at.getTime() + ms))
}
