import { crc32 } from 'node:zlib'
import { type Refusal, refusal } from './refusal.ts'

const broken = (text: string): Refusal =>
  refusal('broken', `The PNG picture is damaged: ${text}. Save it anew and attach it again.`)

/** Follows the chunks of a picture to its end, with their checksums (ISO/IEC 15948, clause 5). */
export function pngWrong(bytes: Buffer): Refusal | undefined {
  let at = 8
  let first = true
  let hasData = false
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at)
    const end = at + 12 + length
    if (end > bytes.length) return broken('a part is longer than the file')
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return broken('a checksum is wrong')
    if (
      first &&
      (type !== 'IHDR' || length !== 13 || bytes.readUInt32BE(at + 8) === 0 || bytes.readUInt32BE(at + 12) === 0)
    )
      return broken('it does not begin with its size')
    first = false
    if (type === 'IDAT') hasData = true
    if (type === 'IEND') {
      if (!hasData) return broken('it has no picture')
      return end === bytes.length
        ? undefined
        : refusal(
            'trailing-data',
            `There are ${bytes.length - end} bytes behind the end of the PNG picture. Save it anew, as a plain picture.`,
          )
    }
    at = end
  }
  return broken('it has no end')
}
