/** The guarantee reference number (GRN): an17, or an24 with the number of a voucher (guarantee type 4, R0318). */
import { CustomsFault } from '../faults.ts'
import { checkDigit } from './check-digit.ts'

/** The parts of a GRN. */
export interface Grn {
  /** two digits */
  readonly year: string
  /** ISO 3166 alpha-2 of the country in which the guarantee was lodged */
  readonly country: string
  /** twelve characters that name the guarantee */
  readonly body: string
  readonly checkDigit: string
  /** a letter and six digits, for an individual guarantee in the form of vouchers */
  readonly voucher: string | undefined
}

export type GrnVerdict =
  | { readonly ok: true; readonly grn: Grn }
  | { readonly ok: false; readonly why: 'form' | 'check-digit' }

/** Reads a GRN and checks character 17. */
export function parseGrn(text: string): GrnVerdict {
  const parts = /^([0-9]{2})([A-Z]{2})([A-Z0-9]{12})([0-9])([A-Z][0-9]{6})?$/.exec(text)
  if (!parts) return { ok: false, why: 'form' }
  const [, year, country, body, digit, voucher] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string | undefined,
  ]
  if (checkDigit(text.slice(0, 16)) !== digit) return { ok: false, why: 'check-digit' }
  return { ok: true, grn: { year, country, body, checkDigit: digit, voucher } }
}

/** True for a text with the form and the check digit of a GRN. */
export function isGrn(text: string): boolean {
  return parseGrn(text).ok
}

/** Makes a GRN: two digits, two letters, twelve characters, and a voucher (letter and six digits) or none. Throws `bad-value`. */
export function makeGrn(year: string, country: string, body: string, voucher = ''): string {
  const start = year + country + body
  const grn = start + (checkDigit(start) ?? '') + voucher
  if (!isGrn(grn) || body.length !== 12) throw new CustomsFault('bad-value', `no GRN can be made of ${start}`)
  return grn
}
