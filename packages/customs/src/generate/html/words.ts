/** What the notations of a table mean, in words. */
import type { Format } from '../../format/format.ts'
import { facetsOf } from '../facets.ts'

/** `n..16,2 positive` → `a number greater than zero with at most 16 digits, 2 of them decimals`. */
export function formatInWords(format: Format): string {
  const { notation, values, named } = format
  const { base, minLength, maxLength, minInclusive, maxInclusive, totalDigits, fractionDigits, positive } =
    facetsOf(format)
  if (values) return `one of ${values.length} values`
  if (base === 'date') return 'a calendar date yyyy-mm-dd, without time zone'
  if (base === 'dateTime')
    return `date and time yyyy-mm-ddThh:mm:ss in UTC, without time zone${notation.endsWith('whole-seconds') ? ', in whole seconds' : ''}`
  if (base === 'decimal')
    return `a number${positive ? ' greater than zero' : ''} with at most ${totalDigits} digits, ${fractionDigits} of them decimals`
  if (base === 'integer') return `a whole number from ${minInclusive} to ${maxInclusive}`
  const [official = '', ...qualifiers] = notation.split(' ')
  const kind = official.startsWith('an') ? 'characters' : official.startsWith('a') ? 'letters' : 'digits'
  const length = minLength === maxLength ? `exactly ${maxLength}` : `${minLength} to ${maxLength}`
  const more = [
    qualifiers.includes('printable') && 'printable ASCII only',
    qualifiers.includes('trimmed') && 'no space at either end',
    qualifiers.includes('token') && 'single spaces only inside',
    named && `of the form “${named.name}”`,
  ]
  return [`${length} ${maxLength === 1 ? kind.slice(0, -1) : kind}`, ...more.filter(Boolean)].join(', ')
}

/** Short forms that a title keeps in capitals. */
const shortForms = new Set(['AES', 'CD', 'ED', 'MRN', 'NACK', 'NCA', 'ND', 'TIR', 'XML'])

/** `ARRIVAL NOTIFICATION` → `Arrival notification`. */
export function sentenceCase(title: string): string {
  const words = title.replaceAll(/[A-Z]+/g, (word) => (shortForms.has(word) ? word : word.toLowerCase()))
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** What the first letter of a rule's id says. */
export function kindOfRule(id: string): string {
  const kinds: Record<string, string> = {
    B: 'transitional rule',
    C: 'condition',
    E: 'transitional rule',
    G: 'guideline',
    R: 'rule',
    S: 'security rule',
  }
  return kinds[id.slice(0, 1)] ?? 'rule'
}

/** R, O and D in words. */
export const optionalityInWords = {
  R: 'required',
  O: 'optional',
  D: 'depends on its rules',
} as const

/** `3 groups`, `1 group`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

const needs: Record<string, string> = {
  isOperator: 'the register of economic operators',
  isTariffCode: 'the tariff',
  isMessage: 'the messages exchanged before',
  authorisation: 'the register of authorisations',
}

/** What a rule needs beyond the document, in words: `message CC028C` → `the CC028C of the movement`. */
export function needInWords(need: string): string {
  const message = /^message (.+)$/.exec(need)?.[1]
  return message === undefined ? (needs[need] ?? need) : `the ${message} of the movement`
}
