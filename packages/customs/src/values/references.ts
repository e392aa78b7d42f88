/** Short references whose form alone can be checked here. Source: simple types of the NCTS P5 schema set 51.8.0. */

/** A trader identification number (TIN; in the EU the EORI number): country and up to 15 printable characters without spaces. */
export function isTin(text: string): boolean {
  return /^[A-Z]{2}[!-~]{1,15}$/.test(text)
}

/** The country that issued a TIN: its first two letters. */
export function countryOfTin(tin: string): string {
  return tin.slice(0, 2)
}

/** A local reference number: the declarant's own, at most 22 characters, no space at either end. */
export function isLrn(text: string): boolean {
  return [...text].length <= 22 && /^\P{Z}(?:[^\n\r]*\P{Z})?$/u.test(text)
}

/** A customs office reference: country and six digits or capital letters. */
export function isOfficeReference(text: string): boolean {
  return /^[A-Z]{2}[A-Z0-9]{6}$/.test(text)
}

/** The country of a customs office: its first two letters. */
export function countryOfOffice(reference: string): string {
  return reference.slice(0, 2)
}
