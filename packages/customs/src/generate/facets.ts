/** A format of a table in the terms of XML Schema part 2: what the exports (XSD, JSON Schema, pages) are made from. */
import { readLength, type Format } from '../format/format.ts'

/** The base type and facets that say the same as a format's check. */
export interface Facets {
  readonly base: 'date' | 'dateTime' | 'decimal' | 'integer' | 'normalizedString' | 'token'
  readonly minLength?: number
  readonly maxLength?: number
  readonly minInclusive?: number
  readonly maxInclusive?: number
  /** greater than zero */
  readonly positive?: true
  readonly totalDigits?: number
  readonly fractionDigits?: number
  /** in XML Schema's dialect; the value must match every one of them */
  readonly patterns: readonly string[]
  readonly values?: readonly string[]
}

const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const wholeSeconds = `${day}T[0-9]{2}:[0-9]{2}:[0-9]{2}`

/** The facets of a format. Of a named one they come from formats.tsv, of the others from the notation. */
export function facetsOf({ notation, values, named }: Format): Facets {
  const [official = '', ...qualifiers] = notation.split(' ')
  if (values) return { base: 'token', patterns: [], values }
  if (official === 'date') return { base: 'date', patterns: [day] }
  if (official === 'dateTime') {
    return {
      base: 'dateTime',
      patterns: [qualifiers.includes('whole-seconds') ? wholeSeconds : `${wholeSeconds}(\\.[0-9]+)?`],
    }
  }
  const decimal = /^n\.\.(\d+),(\d+)$/.exec(official)
  if (decimal) {
    return {
      base: 'decimal',
      totalDigits: Number(decimal[1]),
      fractionDigits: Number(decimal[2]),
      ...(qualifiers.includes('positive') && { positive: true }),
      patterns: ['(0|[1-9][0-9]*)(\\.[0-9]+)?'],
    }
  }
  const range = qualifiers.map((word) => /^(\d+)\.\.(\d+)$/.exec(word)).find((found) => found !== null)
  if (range) {
    return {
      base: 'integer',
      minInclusive: Number(range[1]),
      maxInclusive: Number(range[2]),
      patterns: ['0|[1-9][0-9]*'],
    }
  }
  return text(official, qualifiers, named)
}

function text(official: string, qualifiers: readonly string[], named: Format['named']): Facets {
  const { kind, min, max } = readLength(official)!
  const patterns: string[] = []
  if (qualifiers.includes('trimmed')) patterns.push('\\P{Z}(.*\\P{Z})?')
  if (qualifiers.includes('printable')) patterns.push('[ -~]*')
  if (named) patterns.push(...named.patterns)
  else if (kind !== 'an') patterns.push(kind === 'a' ? '[A-Za-z]*' : '[0-9]*')
  const token = named ? named.token : kind === 'n' || qualifiers.includes('token')
  return {
    base: token ? 'token' : 'normalizedString',
    minLength: min,
    maxLength: max,
    patterns,
  }
}
