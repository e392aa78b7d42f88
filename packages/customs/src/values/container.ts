/** Container numbers after ISO 6346:2022 (identification): owner, category, serial number, check digit. */
import { CustomsFault } from '../faults.ts'
import { checkDigit } from './check-digit.ts'

/** The parts of a container number. */
export interface ContainerNumber {
  /** three letters, registered with the Bureau International des Containers */
  readonly owner: string
  /** U freight container, J detachable equipment, Z trailer or chassis */
  readonly category: string
  /** six digits */
  readonly serial: string
  readonly checkDigit: string
}

export type ContainerVerdict =
  | { readonly ok: true; readonly container: ContainerNumber }
  | { readonly ok: false; readonly why: 'form' | 'check-digit' }

/**
 * Reads a container number and checks its last digit. Documents may carry other identifications of containers as well (an..17), so a
 * number that is none is no error in itself.
 */
export function parseContainer(text: string): ContainerVerdict {
  const parts = /^([A-Z]{3})([UJZ])([0-9]{6})([0-9])$/.exec(text)
  if (!parts) return { ok: false, why: 'form' }
  const [, owner, category, serial, digit] = parts as unknown as [string, string, string, string, string]
  if (checkDigit(text.slice(0, 10)) !== digit) return { ok: false, why: 'check-digit' }
  return { ok: true, container: { owner, category, serial, checkDigit: digit } }
}

/** True for a text with the form and the check digit of a container number. */
export function isContainer(text: string): boolean {
  return parseContainer(text).ok
}

/** Makes a container number of an owner (three letters), a category (U, J, Z) and six digits. Throws `bad-value`. */
export function makeContainer(owner: string, category: string, serial: string): string {
  const start = owner + category + serial
  const number = start + (checkDigit(start) ?? '')
  if (!isContainer(number) || owner.length !== 3 || category.length !== 1)
    throw new CustomsFault('bad-value', `no container number can be made of ${start}`)
  return number
}
