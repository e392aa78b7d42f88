/** One way to write a document as JSON, so that the same content is the same bytes and the same digest everywhere. */
import type { Doc } from '@corridor/customs'

/**
 * Canonical JSON after RFC 8785: names in the order of their UTF-16 units, no white space, UTF-8. All values are texts, so the rules of
 * that RFC for numbers are never needed; JSON.stringify writes texts as it asks.
 */
export function canonicalJson(doc: Doc): Uint8Array {
  return new TextEncoder().encode(canonicalText(doc))
}

/** The same as text. */
export const canonicalText = (doc: Doc): string => written(doc)

function written(value: string | Doc | (string | Doc)[]): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .toSorted(byUnits)
  return `{${members.map((name) => `${JSON.stringify(name)}:${written(value[name]!)}`).join(',')}}`
}

const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
