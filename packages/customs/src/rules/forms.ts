/** Forms of values that only rules ask for. */
import { checkDigit } from '../values/check-digit.ts'

/**
 * The MRN of an export declaration: year, country, twelve characters, A (export), B (export and exit summary) or E (dispatch to special
 * fiscal territories) as 17th character, check digit. Source: CTC Traders TIS, NCTS P5, R0416.
 */
export function isExportMrn(text: string): boolean {
  return /^[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[ABE][0-9]$/.test(text) && checkDigit(text.slice(0, 17)) === text[17]
}

/** A flight number of IATA or ICAO, an..8: airline an..3, number n..4, optional suffix a1. Source: CTC Traders TIS, NCTS P5, R0315. */
export function isFlightNumber(text: string): boolean {
  return /^[A-Za-z0-9]{1,3}[0-9]{1,4}[A-Za-z]?$/.test(text)
}
