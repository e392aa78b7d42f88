/** Short references whose form alone can be checked here. Source: simple types of the NCTS P5 schema set 51.8.0. */
import { CustomsFault } from '../faults.ts'

/** A reference that begins with its country. */
export interface CountryReference {
  /** ISO 3166 alpha-2 */
  readonly country: string
  /** what follows the country, as the country gave it */
  readonly rest: string
}

export type ReferenceVerdict =
  | { readonly ok: true; readonly reference: CountryReference }
  | { readonly ok: false; readonly why: 'form' }

function parser(rest: RegExp): (text: string) => ReferenceVerdict {
  return (text) => {
    const country = text.slice(0, 2)
    return /^[A-Z]{2}$/.test(country) && rest.test(text.slice(2))
      ? { ok: true, reference: { country, rest: text.slice(2) } }
      : { ok: false, why: 'form' }
  }
}

function maker(what: string, parse: (text: string) => ReferenceVerdict): (country: string, rest: string) => string {
  return (country, rest) => {
    const verdict = parse(country + rest)
    if (!verdict.ok || country.length !== 2)
      throw new CustomsFault('bad-value', `no ${what} can be made of ${country} and ${rest}`)
    return country + rest
  }
}

/** Reads a trader identification number (TIN; in the EU the EORI number): country and up to 15 printable characters without spaces. */
export const parseTin: (text: string) => ReferenceVerdict = parser(/^[!-~]{1,15}$/)

/** Reads a customs office reference: country and six digits or capital letters. */
export const parseOfficeReference: (text: string) => ReferenceVerdict = parser(/^[A-Z0-9]{6}$/)

/** Reads a UN/LOCODE: country and three letters or digits 2 to 9 (UNECE Recommendation 16). */
export const parseUnLocode: (text: string) => ReferenceVerdict = parser(/^[A-Z2-9]{3}$/)

/** Makes a TIN of a country and what the country gave. Throws `bad-value`. */
export const makeTin: (country: string, rest: string) => string = maker('TIN', parseTin)

/** Makes a customs office reference. Throws `bad-value`. */
export const makeOfficeReference: (country: string, rest: string) => string = maker('office', parseOfficeReference)

/** Makes a UN/LOCODE. Throws `bad-value`. */
export const makeUnLocode: (country: string, rest: string) => string = maker('UN/LOCODE', parseUnLocode)

/** True for a trader identification number. */
export function isTin(text: string): boolean {
  return parseTin(text).ok
}

/** The country that issued a TIN: its first two letters. */
export function countryOfTin(tin: string): string {
  return tin.slice(0, 2)
}

/** A local reference number: the declarant's own, at most 22 characters, no space at either end. */
export function isLrn(text: string): boolean {
  return [...text].length <= 22 && /^\P{Z}(?:[^\n\r]*\P{Z})?$/u.test(text)
}

/** True for a customs office reference. */
export function isOfficeReference(text: string): boolean {
  return parseOfficeReference(text).ok
}

/** The country of a customs office: its first two letters. */
export function countryOfOffice(reference: string): string {
  return reference.slice(0, 2)
}

/** True for a text with the form of a UN/LOCODE; whether there is such a place, a code list tells. */
export function isUnLocode(text: string): boolean {
  return parseUnLocode(text).ok
}
