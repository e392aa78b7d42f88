import { xmlErrorCode } from '../finding.ts'
import type { Check, FormatProblem } from './format.ts'

/** Whether a stretch of a value has no other characters than 0 to 9. A loop: it is asked for every number of every document. */
export function isDigits(value: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const unit = value.charCodeAt(at)
    if (unit < 0x30 || unit > 0x39) return false
  }
  return true
}

/** Whether a value begins with `length` characters that are a whole number without leading zeros. */
function isWhole(value: string, length: number): boolean {
  return length > 0 && isDigits(value, 0, length) && (length === 1 || !value.startsWith('0'))
}

/** A whole number between two bounds, without leading zeros (XML Schema part 2, integer). */
export function checkWhole(low: number, high: number): Check {
  const problem = (facet: string, code: string): FormatProblem => ({
    facet,
    code,
    allowed: `${low} to ${high}, without leading zeros`,
    remedy: `Give a whole number from ${low} to ${high}.`,
  })
  const shape = problem('pattern', xmlErrorCode.pattern)
  const tooLow = problem('minInclusive', xmlErrorCode.tooLow)
  const tooHigh = problem('maxInclusive', xmlErrorCode.tooHigh)
  return (value) => {
    if (!isWhole(value, value.length)) return shape
    if (Number(value) < low) return tooLow
    return Number(value) > high ? tooHigh : undefined
  }
}

/**
 * A decimal number without sign or leading zeros, with at most `total` digits, `fraction` of them decimals; trailing zeros of the
 * decimals do not count (XML Schema part 2, totalDigits and fractionDigits are of the value).
 */
export function checkDecimal(total: number, fraction: number, positive: boolean, notation: string): Check {
  const problem = (facet: string, code: string, remedy: string): FormatProblem => ({
    facet,
    code,
    allowed: notation,
    remedy,
  })
  const shape = problem('pattern', xmlErrorCode.pattern, 'Write the number with digits and at most one decimal point.')
  const zero = problem('pattern', xmlErrorCode.pattern, 'Give a number greater than zero.')
  const decimals = problem('fractionDigits', xmlErrorCode.type, `Give at most ${fraction} decimals.`)
  const digits = problem('totalDigits', xmlErrorCode.type, `Give at most ${total} digits.`)
  return (value) => {
    const point = value.indexOf('.')
    const whole = point < 0 ? value.length : point
    if (!isWhole(value, whole)) return shape
    let end = value.length
    if (point >= 0) {
      if (point === end - 1 || !isDigits(value, point + 1, end)) return shape
      while (value.charCodeAt(end - 1) === 0x30) end -= 1
    }
    const tail = point < 0 ? 0 : end - point - 1
    const none = whole === 1 && value.startsWith('0')
    if (positive && none && tail === 0) return zero
    if (tail > fraction) return decimals
    return (none ? 0 : whole) + tail > total ? digits : undefined
  }
}

const notADate: FormatProblem = {
  facet: 'type',
  code: xmlErrorCode.type,
  allowed: 'a calendar date yyyy-mm-dd',
  remedy: 'Give a date that exists, as yyyy-mm-dd, without time zone.',
}

/** A calendar date yyyy-mm-dd without time zone (XML Schema part 2, date). */
export const checkDate: Check = (value) => {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(value)
  return parts && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) ? undefined : notADate
}

/** Date and time yyyy-mm-ddThh:mm:ss without time zone, UTC (XML Schema part 2, dateTime; DDNTA: no zone, UTC is implied). */
export function checkDateTime(wholeSeconds: boolean): Check {
  const problem: FormatProblem = {
    facet: 'type',
    code: xmlErrorCode.type,
    allowed: `date and time yyyy-mm-ddThh:mm:ss${wholeSeconds ? '' : '[.fraction]'}`,
    remedy: 'Give a date and time that exist, as yyyy-mm-ddThh:mm:ss in UTC, without time zone.',
  }
  return (value) => {
    const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?$/.exec(value)
    if (!parts || (wholeSeconds && parts[7] !== undefined)) return problem
    const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const midnight = hour === 24 && minute === 0 && second === 0 && /^(?:\.0+)?$/.test(parts[7] ?? '')
    const inTime = (hour < 24 && minute < 60 && second < 60) || midnight
    return inTime && isDay(year, month, day) ? undefined : problem
  }
}

function isDay(year: number, month: number, day: number): boolean {
  if (year === 0 || month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= days[month - 1]!
}
