/**
 * The number of a TIR carnet. Source: simple type of the NCTS P5 schema set 51.8.0. The numbers up to 25000000 are digits only; later
 * ones have two letters before the digits, at least one of them X. IRU's own check of the letters (R0990) is not public, so only the
 * form is checked here.
 */
import { CustomsFault } from '../faults.ts'

/** The parts of a TIR carnet number. */
export interface TirCarnet {
  /** two letters, undefined up to number 25000000 */
  readonly letters: string | undefined
  /** the number without leading zeros */
  readonly number: string
}

export type TirCarnetVerdict =
  | { readonly ok: true; readonly carnet: TirCarnet }
  | { readonly ok: false; readonly why: 'form' }

const last = 25_000_000

/** Reads the number of a TIR carnet. */
export function parseTirCarnet(text: string): TirCarnetVerdict {
  const parts = /^(X[A-Z]|[A-Z]X)?([1-9][0-9]{0,8})$/.exec(text)
  if (!parts) return { ok: false, why: 'form' }
  const [, letters, number = ''] = parts
  if (letters === undefined ? Number(number) > last : Number(number) < last) return { ok: false, why: 'form' }
  return { ok: true, carnet: { letters, number } }
}

/** True for a text with the form of a TIR carnet number. */
export function isTirCarnet(text: string): boolean {
  return parseTirCarnet(text).ok
}

/** Makes a TIR carnet number. Throws `bad-value`. */
export function makeTirCarnet(number: string, letters = ''): string {
  const text = letters + number
  const verdict = parseTirCarnet(text)
  if (!verdict.ok || verdict.carnet.number !== number)
    throw new CustomsFault('bad-value', `no TIR carnet number can be made of ${text}`)
  return text
}
