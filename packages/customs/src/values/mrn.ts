/** The movement reference number (MRN), an18: NCTS P5 since 2024, and the form before it. */
import { CustomsFault } from '../faults.ts'
import { checkDigit } from './check-digit.ts'

/** The parts of an MRN. */
export interface Mrn {
  /** two digits */
  readonly year: string
  /** ISO 3166 alpha-2 of the country that allocated it */
  readonly country: string
  /** characters 5 to 16 (5 to 17 in the form before P5) */
  readonly body: string
  /** character 17: J transit, K with exit summary, L with entry summary, M with both (R0410); undefined before P5 */
  readonly procedure: string | undefined
  readonly checkDigit: string
}

/** What is wrong with a text that should be an MRN. */
export type MrnVerdict =
  | { readonly ok: true; readonly mrn: Mrn }
  | { readonly ok: false; readonly why: 'form' | 'check-digit' }

/** Reads an MRN and checks its last digit. The forms are those of the P5 schema set's MRN type. */
export function parseMrn(text: string): MrnVerdict {
  const p5 = /^(2[4-9]|[3-9][0-9])([A-Z]{2})([A-Z0-9]{12})([J-M])([0-9])$/.exec(text)
  const before = p5 ?? /^([0-1][0-9]|2[0-4])([A-Z]{2})([A-Z0-9]{13})()([0-9])$/.exec(text)
  if (!before) return { ok: false, why: 'form' }
  const [, year, country, body, procedure, digit] = before as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  if (checkDigit(text.slice(0, 17)) !== digit) return { ok: false, why: 'check-digit' }
  return { ok: true, mrn: { year, country, body, procedure: procedure || undefined, checkDigit: digit } }
}

/** True for a text with the form and the check digit of an MRN. */
export function isMrn(text: string): boolean {
  return parseMrn(text).ok
}

/**
 * Makes an MRN of the P5 form. `year` two digits from 24, `country` two letters, `body` twelve digits or capital letters that are
 * unique for that country and year, `procedure` J, K, L or M. Throws `bad-value` for anything else.
 */
export function makeMrn(year: string, country: string, body: string, procedure: string): string {
  const start = year + country + body + procedure
  const mrn = start + (checkDigit(start) ?? '')
  const verdict = parseMrn(mrn)
  if (!verdict.ok || verdict.mrn.procedure !== procedure || verdict.mrn.body !== body)
    throw new CustomsFault('bad-value', `no MRN can be made of ${start}`)
  return mrn
}
