import { type Refusal, refusal } from './refusal.ts'

const broken = (text: string): Refusal =>
  refusal('broken', `The TIFF picture is damaged: ${text}. Save it anew and attach it again.`)

/** Pages that a file may have; a chain of more is no document that somebody scanned. */
const mostPages = 1000

/** Fields and values that all pages may have together: pages may share their bytes, so the size of a file is no limit. */
const mostRead = 1_000_000

/** Bytes of a value by its type (TIFF 6.0, section 2). */
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
}

const tags = {
  width: 256,
  height: 257,
  stripOffsets: 273,
  stripLengths: 279,
  tileOffsets: 324,
  tileLengths: 325,
} as const
const wantedTags: ReadonlySet<number> = new Set(Object.values(tags))
const tooMany = 'it has too many fields'

/** Follows the pages of a picture: each has a size, and its data lies within the file (TIFF 6.0, sections 2, 3, 15). */
export function tiffWrong(bytes: Buffer): Refusal | undefined {
  const reader = readerOf(bytes)
  const seen = new Set<number>()
  const budget: Budget = { left: mostRead }
  let at = bytes.length >= 8 ? reader.long(4) : 0
  if (at === 0) return broken('it has no page')
  while (at !== 0) {
    if (seen.has(at) || seen.size >= mostPages) return broken('its pages do not end')
    seen.add(at)
    if (at + 2 > bytes.length) return broken('a page lies behind its end')
    const count = reader.short(at)
    const end = at + 2 + count * 12
    if (count === 0 || end + 4 > bytes.length) return broken('a page lies behind its end')
    const wrong = pageWrong(reader, at + 2, count, budget)
    if (wrong !== undefined) return broken(wrong)
    at = reader.long(end)
  }
  return undefined
}

/** What may still be read of a file. */
interface Budget {
  left: number
}

interface Reader {
  readonly size: number
  short(at: number): number
  long(at: number): number
}

function readerOf(bytes: Buffer): Reader {
  const isLittle = bytes[0] === 0x49
  return {
    size: bytes.length,
    short: (at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    long: (at) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
  }
}

function pageWrong(reader: Reader, from: number, count: number, budget: Budget): string | undefined {
  if ((budget.left -= count) < 0) return tooMany
  const fields = new Map<number, readonly number[]>()
  for (let field = 0; field < count; field += 1) {
    const at = from + field * 12
    const [tag, type, values] = [reader.short(at), reader.short(at + 2), reader.long(at + 4)]
    const length = typeBytes[type]
    if (length === undefined) continue
    const place = length * values <= 4 ? at + 8 : reader.long(at + 8)
    if (place + length * values > reader.size) return 'a value lies behind its end'
    if (!wantedTags.has(tag) || (type !== 3 && type !== 4)) continue
    if (fields.has(tag)) return 'a field stands twice'
    if ((budget.left -= values) < 0) return tooMany
    const valueAt = (n: number): number => (type === 3 ? reader.short(place + n * 2) : reader.long(place + n * 4))
    fields.set(
      tag,
      Array.from({ length: values }, (_, n) => valueAt(n)),
    )
  }
  if (!(fields.get(tags.width)?.[0] && fields.get(tags.height)?.[0])) return 'a page has no size'
  const offsets = fields.get(tags.stripOffsets) ?? fields.get(tags.tileOffsets) ?? []
  const lengths = fields.get(tags.stripLengths) ?? fields.get(tags.tileLengths) ?? []
  if (offsets.length === 0 || offsets.length !== lengths.length) return 'a page has no picture'
  const isInside = offsets.every((offset, n) => offset >= 8 && offset + lengths[n]! <= reader.size)
  return isInside ? undefined : 'the picture lies behind its end'
}
