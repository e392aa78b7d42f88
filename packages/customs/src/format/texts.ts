/** Checks of texts: lengths, lists of values, patterns, kinds of characters; and what becomes of white space before them. */
import { xmlErrorCode } from '../finding.ts'
import type { Check, FormatProblem } from './format.ts'
import { isDigits } from './numbers-and-dates.ts'
import { compilePattern } from './pattern.ts'

/** So many characters (code points, as XML Schema counts). */
export function checkLength(min: number, max: number): Check {
  const allowed = min === max ? `exactly ${max} characters` : `${min} to ${max} characters`
  const long = {
    facet: 'maxLength',
    code: xmlErrorCode.tooLong,
    allowed,
    remedy: `Shorten the value to ${max} characters.`,
  }
  const short = { facet: 'minLength', code: xmlErrorCode.tooShort, allowed, remedy: `Give at least ${min} characters.` }
  return (value) => {
    const length = value.length <= max ? value.length : codePoints(value)
    if (length > max) return long
    return length < min || (length === min && min > 1 && codePoints(value) < min) ? short : undefined
  }
}

/** One of some values. */
export function checkValues(values: readonly string[]): Check {
  const set = new Set(values)
  const allowed = values.join(', ')
  const problem = {
    facet: 'enumeration',
    code: xmlErrorCode.enumeration,
    allowed,
    remedy: `Use one of the allowed values.`,
  }
  return (value) => (set.has(value) ? undefined : problem)
}

/** The patterns of a row of formats.tsv. Throws for what is no pattern. */
export function checkPattern(patterns: string, name: string): Check {
  const test = compilePattern(patterns)
  const problem = {
    facet: 'pattern',
    code: xmlErrorCode.pattern,
    allowed: `${name} ${patterns}`,
    remedy: `Write the value in the form of a ${name}.`,
  }
  return (value) => (test(value) ? undefined : problem)
}

const patternProblem = (allowed: string, remedy: string): FormatProblem => ({
  facet: 'pattern',
  code: xmlErrorCode.pattern,
  allowed,
  remedy,
})
const trimmedProblem = patternProblem('no space at either end', 'Remove the spaces before and after the value.')
const printableProblem = patternProblem('printable ASCII characters', 'Use only printable ASCII characters.')
const lettersProblem = patternProblem('letters A-Z, a-z', 'Use only the letters A-Z and a-z.')
const digitsProblem = patternProblem('digits 0-9', 'Use only the digits 0-9.')

export const checkTrimmed: Check = (value) => (/^\p{Z}|\p{Z}$/u.test(value) ? trimmedProblem : undefined)
export const checkPrintable: Check = (value) => (/^[ -~]*$/.test(value) ? undefined : printableProblem)
export const checkLetters: Check = (value) => (/^[A-Za-z]*$/.test(value) ? undefined : lettersProblem)
export const checkDigits: Check = (value) => (isDigits(value, 0, value.length) ? undefined : digitsProblem)

function codePoints(value: string): number {
  let count = 0
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at)
    if (unit < 0xdc00 || unit > 0xdfff) count += 1
  }
  return count
}

/** XML Schema whiteSpace=collapse. */
export function collapse(text: string): string {
  return /^[\t\n\r ]|[\t\n\r]|  |[\t\n\r ]$/.test(text)
    ? text.replaceAll(/[\t\n\r ]+/g, ' ').replaceAll(/^ | $/g, '')
    : text
}

/** Without the white space of XML at both ends. By a loop: a pattern for the end takes quadratic time in long runs of spaces. */
export function trim(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && isSpace(text.charCodeAt(from))) from += 1
  while (from < to && isSpace(text.charCodeAt(to - 1))) to -= 1
  return text.slice(from, to)
}

const isSpace = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09

/** XML Schema whiteSpace=replace. */
export function replace(text: string): string {
  return /[\t\n\r]/.test(text) ? text.replaceAll(/[\t\n\r]/g, ' ') : text
}
