/** Small right files of each kind, for tests. */
import { crc32, deflateSync } from 'node:zlib'

/** A PDF of the given objects (number 1 is the catalogue), with a table of their places. */
export function pdfOf(objects: readonly string[], trailer = ''): Buffer {
  let text = '%PDF-1.7\n%\xE2\xE3\xCF\xD3\n'
  const places: number[] = []
  for (const [at, object] of objects.entries()) {
    places.push(text.length)
    text += `${at + 1} 0 obj\n${object}\nendobj\n`
  }
  const start = text.length
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer}>>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

/** A stream object. */
export const pdfStream = (dictionary: string, data: Buffer): string =>
  `<< ${dictionary} /Length ${data.length} >>\nstream\n${data.toString('latin1')}\nendstream`

/** A page with a line of text; more objects come behind it, from number 6. */
export function pdfPage(
  line: string,
  { catalogue = '', more = [] }: { catalogue?: string; more?: string[] } = {},
): Buffer {
  const content = deflateSync(Buffer.from(`BT /F1 12 Tf 72 720 Td (${line}) Tj ET`, 'latin1'))
  return pdfOf([
    `<< /Type /Catalog /Pages 2 0 R ${catalogue}>>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>',
    pdfStream('/Filter /FlateDecode', content),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...more,
  ])
}

const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

/** A grey picture of 8 by 8 points. */
export function pngPicture(): Buffer {
  const head = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0])
  const rows = Buffer.alloc(8 * 9, 0x7f).map((byte, at) => (at % 9 === 0 ? 0 : byte))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A picture of one point, with its segments as T.81 has them. */
export function jpegPicture(): Buffer {
  const segment = (marker: number, data: number[]): number[] => [0xff, marker, 0, data.length + 2, ...data]
  const lengths = [0, 1, ...Array.from({ length: 14 }, () => 0)]
  return Buffer.from([
    0xff,
    0xd8,
    ...segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    ...segment(0xc0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
    ...segment(0xc4, [0x00, ...lengths, 0]),
    ...segment(0xc4, [0x10, ...lengths, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    0x3f,
    0xff,
    0x00,
    0xff,
    0xd9,
  ])
}

/** A grey picture of 2 by 2 points in one strip. */
export function tiffPicture(): Buffer {
  const entries = [
    [256, 2],
    [257, 2],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 2],
    [279, 4],
  ] as const
  const page = Buffer.alloc(2 + entries.length * 12 + 4)
  page.writeUInt16LE(entries.length)
  for (const [at, [tag, value]] of entries.entries()) {
    page.writeUInt16LE(tag, 2 + at * 12)
    page.writeUInt16LE(3, 4 + at * 12)
    page.writeUInt32LE(1, 6 + at * 12)
    page.writeUInt16LE(value, 10 + at * 12)
  }
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, 12, 0, 0, 0, 10, 90, 170, 250])
  return Buffer.concat([head, page])
}
