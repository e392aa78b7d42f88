/** One element of ASN.1 in DER: its identifier octet, its content, and both with the length between them. */
export interface Der {
  tag: number
  content: Buffer
  raw: Buffer
}

/** Identifier octets that certificates and what belongs to them use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Octets that are not what they should be. Callers turn it into their own kind of bad news. */
export class DerFault extends Error {
  override readonly name = 'DerFault'
}

/** Reads the one element that `bytes` is (X.690, 8 and 10: definite lengths, in the fewest octets). Throws {@link DerFault}. */
export function readDer(bytes: Uint8Array): Der {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const der = elementAt(buffer, 0)
  need(der.raw.length === buffer.length, 'something follows the element')
  return der
}

/** The elements that a constructed one holds, at most 100,000 (a revocation list may be long). */
export function childrenOf(der: Der): Der[] {
  need((der.tag & 0x20) !== 0, 'an element holds no others')
  const children: Der[] = []
  for (let at = 0; at < der.content.length;) {
    const child = elementAt(der.content, at)
    children.push(child)
    need(children.length <= 100_000, 'there are too many elements')
    at += child.raw.length
  }
  return children
}

/** Says that an element is there and of a kind. */
export function expect(der: Der | undefined, tag: number): Der {
  need(der?.tag === tag, `an element of kind ${tag} is missing`)
  return der
}

/** An OBJECT IDENTIFIER in dots. */
export function readOid(der: Der | undefined): string {
  const { content } = expect(der, TAG.oid)
  const arcs: number[] = []
  let arc = 0
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f)
    need(arc <= Number.MAX_SAFE_INTEGER / 128, 'an object identifier is too long')
    if ((octet & 0x80) !== 0) continue
    arcs.push(arc)
    arc = 0
  }
  const [first, ...rest] = arcs
  need(first !== undefined && (content.at(-1)! & 0x80) === 0, 'an object identifier is cut short')
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - top * 40, ...rest].join('.')
}

/** An INTEGER. */
export function readInteger(der: Der | undefined): bigint {
  const { content } = expect(der, TAG.integer)
  need(content.length > 0 && content.length <= 64, 'an integer is empty or too long')
  return BigInt.asIntN(content.length * 8, BigInt(`0x${content.toString('hex')}`))
}

/** A BIT STRING as octets; `unused` bits at the end. */
export function readBits(der: Der | undefined): { octets: Buffer; unused: number } {
  const { content } = expect(der, TAG.bitString)
  const unused = content[0]
  need(unused !== undefined && unused < 8, 'a bit string is cut short')
  return { octets: content.subarray(1), unused }
}

/** A UTCTime or GeneralizedTime in UTC (RFC 5280, 4.1.2.5). */
export function readTime(der: Der | undefined): Date {
  need(der?.tag === TAG.utcTime || der?.tag === TAG.generalizedTime, 'a time is missing')
  const text = der.content.toString('latin1')
  const found = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  const digits = der.tag === TAG.utcTime ? 2 : 4
  need(found && found[1]!.length === digits, 'a time is not in UTC to the second')
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, ...number[]]
  const full = digits === 4 ? year : year < 50 ? 2000 + year : 1900 + year
  const at = new Date(Date.UTC(full, month - 1, day, hour, minute, second))
  need(at.getUTCMonth() === month - 1 && at.getUTCDate() === day, 'a time is no day')
  return at
}

/** Throws {@link DerFault} unless `condition` holds. */
export function need(condition: unknown, text: string): asserts condition {
  if (!condition) throw new DerFault(text)
}

function elementAt(bytes: Buffer, at: number): Der {
  const tag = bytes[at]
  const first = bytes[at + 1]
  need(tag !== undefined && first !== undefined, 'an element is cut short')
  need((tag & 0x1f) !== 0x1f, 'an element has a long identifier')
  let length = first
  let start = at + 2
  if (first >= 0x80) {
    const octets = first - 0x80
    need(octets >= 1 && octets <= 4 && start + octets <= bytes.length, 'a length is not definite or too long')
    length = bytes.readUIntBE(start, octets)
    need(length >= 0x80 && (octets === 1 || length >= 2 ** (8 * (octets - 1))), 'a length is not in the fewest octets')
    start += octets
  }
  need(start + length <= bytes.length, 'an element is cut short')
  return { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(at, start + length) }
}
