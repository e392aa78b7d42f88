/**
 * The unique consignment reference: one number for a consignment in every country that it passes. Source: WCO Data Model, element 016
 * (an..35), and the WCO's recommendation on it: a figure of the year, the country, then what the trader is and what he counts with. The
 * recommendation binds nobody, so only length and characters decide; the parts are told where a reference has them.
 */
import { CustomsFault } from '@corridor/customs'

/** The parts of a reference that is made as the WCO recommends. */
export interface UcrParts {
  /** last figure of the year of issue */
  readonly year: string
  /** ISO 3166 alpha-2 */
  readonly country: string
  /** number of the trader and his own number of the consignment */
  readonly rest: string
}

export type UcrVerdict =
  | { readonly ok: true; readonly parts: UcrParts | undefined }
  | { readonly ok: false; readonly why: 'length' | 'form' }

/** Reads a unique consignment reference: 1 to 35 printable ASCII characters without spaces. */
export function parseUcr(text: string): UcrVerdict {
  if (text.length < 1 || text.length > 35) return { ok: false, why: 'length' }
  if (!/^[!-~]+$/.test(text)) return { ok: false, why: 'form' }
  const [, year, country, rest] = /^([0-9])([A-Z]{2})([!-~]+)$/.exec(text) ?? []
  if (year === undefined || country === undefined || rest === undefined) return { ok: true, parts: undefined }
  return { ok: true, parts: { year, country, rest } }
}

/** True for a text with the form of a unique consignment reference. */
export function isUcr(text: string): boolean {
  return parseUcr(text).ok
}

/** Makes a reference as the WCO recommends, of the year (its last figure counts), the country and the rest. Throws `bad-value`. */
export function makeUcr(year: number, country: string, rest: string): string {
  const ucr = `${Math.abs(year) % 10}${country}${rest}`
  const verdict = parseUcr(ucr)
  if (!Number.isInteger(year) || !verdict.ok || verdict.parts?.country !== country)
    throw new CustomsFault(
      'bad-value',
      `no unique consignment reference can be made of ${year}, ${country} and ${rest}`,
    )
  return ucr
}
