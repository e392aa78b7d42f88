import { X509Certificate } from 'node:crypto'
import { type Crl, readCrl } from '../certificates/crl.ts'
import { DerFault } from '../certificates/der.ts'
import { type PModeFinding, pointerStep } from './finding.ts'

/** A place in a JSON document, and where what is wrong with it is collected. */
export interface Cursor {
  value: unknown
  place: string
  findings: PModeFinding[]
}

/** How one kind of value is read; undefined after a finding. */
export type Reader<T> = (cursor: Cursor) => T | undefined

/** Notes that the value is not what it should be. */
export function complain({ place, findings }: Cursor, text: string, remedy: string): undefined {
  findings.push({ place, text, remedy })
  return undefined
}

/** A text. */
export const text: Reader<string> = (at) =>
  typeof at.value === 'string' ? at.value : complain(at, 'is no text', 'Give a text in quotes.')

/** True or false. */
export const flag: Reader<boolean> = (at) =>
  typeof at.value === 'boolean' ? at.value : complain(at, 'is neither true nor false', 'Give true or false.')

/** A whole number that is not negative. */
export const count: Reader<number> = (at) =>
  Number.isSafeInteger(at.value) && (at.value as number) >= 0
    ? (at.value as number)
    : complain(at, 'is no whole number', 'Give a whole number, not negative.')

/** A list of things of one kind. */
export function list<T>(of: Reader<T>): Reader<T[]> {
  return (at) => {
    if (!Array.isArray(at.value)) return complain(at, 'is no list', 'Give a list in square brackets.')
    const read = at.value.map((value, n) => of({ ...at, value, place: `${at.place}${pointerStep(n)}` }))
    return read.filter((each) => each !== undefined)
  }
}

/** An object with texts of any name. */
export const texts: Reader<Record<string, string>> = (at) => {
  const entries = entriesOf(at)
  if (!entries) return undefined
  return Object.fromEntries(
    entries.map(([name, value]) => [name, text({ ...at, value, place: `${at.place}${pointerStep(name)}` }) ?? '']),
  )
}

type Shape = Readonly<Record<string, { read: Reader<unknown>; required?: true }>>

/** An object with known members; every other member is a finding, so that a misspelt one is not lost in silence. */
export function object<T>(shape: Shape): Reader<T> {
  return (at) => {
    const entries = entriesOf(at)
    if (!entries) return undefined
    const result: Record<string, unknown> = {}
    for (const [name, value] of entries) {
      const member = { ...at, value, place: `${at.place}${pointerStep(name)}` }
      const known = Object.hasOwn(shape, name) ? shape[name] : undefined
      if (!known) complain(member, 'is not known here', `Use one of ${Object.keys(shape).join(', ')}.`)
      else result[name] = known.read(member)
    }
    for (const [name, { required }] of Object.entries(shape)) {
      if (!required || Object.hasOwn(at.value as object, name)) continue
      complain({ ...at, place: `${at.place}${pointerStep(name)}` }, 'is missing', 'Add it.')
    }
    return result as T
  }
}

/** A certificate in PEM. */
export const certificate: Reader<X509Certificate> = (at) => {
  const pem = text(at)
  if (pem === undefined) return undefined
  if (/PRIVATE KEY/.test(pem))
    return complain(at, 'holds a private key', 'Take it out: a P-Mode has certificates only.')
  try {
    return new X509Certificate(pem)
  } catch {
    return complain(at, 'is no certificate', 'Give one certificate in PEM, with \\n for line ends.')
  }
}

/** A revocation list in PEM. */
export const crl: Reader<Crl> = (at) => {
  const pem = text(at)
  if (pem === undefined) return undefined
  try {
    return readCrl(pem)
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    return complain(at, `is no revocation list: ${error.message}`, 'Give a complete list in PEM.')
  }
}

function entriesOf(at: Cursor): [string, unknown][] | undefined {
  const { value } = at
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return complain(at, 'is no object', 'Give an object in curly brackets.')
  }
  return Object.entries(value)
}
