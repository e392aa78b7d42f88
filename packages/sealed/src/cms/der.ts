import { AsnConvert } from '@peculiar/asn1-schema'
import { LIMITS } from '../limits.ts'
import { demand, Refusal, type RefusalCode } from '../refusal.ts'

type Type<T> = new () => T

/**
 * Reads one layer of what a stranger sent. The library is lenient (BER, and leaves out of a list what it cannot read), so it gets only
 * what a scan has found to be DER within the limits, and what it has read must be the same bytes when it is written again.
 * @throws Refusal with the code that the caller gives
 */
export function parseDer<T extends object>(bytes: Uint8Array, type: Type<T>, code: RefusalCode): T {
  demand(isBoundedDer(bytes), code, 'it is not ASN.1 in DER within the limits')
  const read = tryParse(bytes, type)
  demand(read !== undefined, code, `it is no ${type.name}`)
  return read
}

function tryParse<T extends object>(bytes: Uint8Array, type: Type<T>): T | undefined {
  const berOptions = {
    maxDepth: LIMITS.depth + 1,
    maxNodes: LIMITS.elements + 1,
    maxContentLength: LIMITS.objectBytes,
    // Octet strings stay octets, whatever they look like.
    parseEmbedded: false,
  }
  try {
    const read = AsnConvert.parse(bytes, type, { berOptions })
    return Buffer.from(AsnConvert.serialize(read)).equals(bytes) ? read : undefined
  } catch (error) {
    // The library says so when bytes are not of the type; it has no class of its own for that.
    if (error instanceof Error) return undefined
    throw error
  }
}

/** Reads what is small and stands inside a layer that was read already. @throws Refusal */
export function parsePart<T extends object>(
  bytes: ArrayBuffer | null | undefined,
  type: Type<T>,
  code: RefusalCode,
): T {
  if (!bytes) throw new Refusal(code, `there is no ${type.name}`)
  return parseDer(new Uint8Array(bytes), type, code)
}

/** Whether the bytes are one element of DER (X.690, 8 and 10: definite lengths, in the fewest octets) and within {@link LIMITS}. */
export function isBoundedDer(bytes: Uint8Array): boolean {
  const outer = headerAt(bytes, 0, bytes.length)
  // Nothing may follow the outermost element.
  if (outer?.end !== bytes.length) return false
  const ends: number[] = []
  let header: Header = outer
  let [at, elements, beside, longest] = [0, 1, 0, 0]
  for (;;) {
    if (header.constructed) {
      ends.push(header.end)
      at = header.start
    } else {
      const length = header.end - header.start
      beside += Math.min(length, longest)
      longest = Math.max(length, longest)
      at = header.end
    }
    while (at === ends.at(-1)) ends.pop()
    const end = ends.at(-1)
    if (end === undefined) return true
    const next = headerAt(bytes, at, end)
    elements += 1
    const within = elements <= LIMITS.elements && ends.length < LIMITS.depth && beside <= LIMITS.besideBytes
    if (next === undefined || !within) return false
    header = next
  }
}

interface Header {
  constructed: boolean
  start: number
  end: number
}

function headerAt(bytes: Uint8Array, at: number, limit: number): Header | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined || at + 2 > limit || (tag & 0x1f) === 0x1f) return undefined
  let [start, length] = [at + 2, first]
  if (first >= 0x80) {
    const octets = first - 0x80
    if (octets < 1 || octets > 4 || start + octets > limit) return undefined
    length = 0
    for (let each = 0; each < octets; each += 1) length = length * 256 + bytes[start + each]!
    if (length < 0x80 || (octets > 1 && length < 2 ** (8 * (octets - 1)))) return undefined
    start += octets
  }
  return start + length <= limit ? { constructed: (tag & 0x20) !== 0, start, end: start + length } : undefined
}
