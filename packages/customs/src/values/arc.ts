/**
 * The administrative reference code (ARC) of an excise movement, an21: year, country of dispatch, sixteen characters, check digit
 * (Implementing Regulation (EU) 2022/1636, annex I; the digit is that of MRN and GRN over the first twenty characters).
 */
import { checkDigit } from './check-digit.ts'

/** True for a text with the form and the check digit of an ARC. */
export function isArc(text: string): boolean {
  return /^[0-9]{2}[A-Z]{2}[A-Z0-9]{16}[0-9]$/.test(text) && checkDigit(text.slice(0, 20)) === text[20]
}
