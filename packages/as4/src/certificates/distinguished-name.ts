import { childrenOf, type Der, expect, need, readOid, TAG } from './der.ts'

/** One attribute of a name: its keyword (RFC 4514, 3), or its object identifier where it has none, and its value. */
export interface NameAttribute {
  type: string
  /** Undefined when the value is of a string type that is not read. */
  value: string | undefined
  raw: Buffer
}

const KEYWORDS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
}

/** Names without a keyword in RFC 4514 that are often asked for; written by their identifier. */
export const KNOWN_TYPES: Readonly<Record<string, string>> = {
  '2.5.4.5': 'serialNumber',
  '2.5.4.97': 'organizationIdentifier',
}

/** The attributes of a Name in their order, each relative name as a list of its attributes (RFC 5280, 4.1.2.4). */
export function readName(name: Der): NameAttribute[][] {
  return childrenOf(expect(name, TAG.sequence)).map((set) =>
    childrenOf(expect(set, TAG.set)).map((attribute) => {
      const [type, value] = childrenOf(expect(attribute, TAG.sequence))
      need(value, 'an attribute has no value')
      return { type: readOid(type), value: textOf(value), raw: value.raw }
    }),
  )
}

/** A name as people and ds:X509IssuerName write it, the last first (RFC 4514, 2). */
export function writeName(name: readonly (readonly NameAttribute[])[]): string {
  return name
    .toReversed()
    .map((set) => set.map(writeAttribute).join('+'))
    .join(',')
}

/** The values that a name has for a keyword or identifier. */
export function valuesOf(name: readonly (readonly NameAttribute[])[], type: string): (string | undefined)[] {
  return name
    .flat()
    .filter((each) => [each.type, KEYWORDS[each.type], KNOWN_TYPES[each.type]].includes(type))
    .map((each) => each.value)
}

function writeAttribute({ type, value, raw }: NameAttribute): string {
  const keyword = KEYWORDS[type]
  if (keyword === undefined || value === undefined) return `${type}=#${raw.toString('hex')}`
  return `${keyword}=${value.replaceAll(/[",+;<>\\]|^[ #]| $/g, '\\$&')}`
}

function textOf({ tag, content }: Der): string | undefined {
  // UTF8String; NumericString, PrintableString, IA5String; BMPString. The rest is history and not compared.
  if (tag === TAG.utf8) return content.toString('utf8')
  if (tag === 0x12 || tag === 0x13 || tag === 0x16) return content.toString('latin1')
  if (tag === 0x1e && content.length % 2 === 0) return Buffer.from(content).swap16().toString('utf16le')
  return undefined
}
