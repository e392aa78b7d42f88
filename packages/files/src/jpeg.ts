import { type Refusal, refusal } from './refusal.ts'

const broken = (text: string): Refusal =>
  refusal('broken', `The JPEG picture is damaged: ${text}. Save it anew and attach it again.`)

/** Markers without a length: TEM, RST0–RST7 (ITU-T T.81, table B.1). */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
/** SOF0–SOF15 without DHT, JPG and DAC. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** Follows the segments of a picture to its end (ITU-T T.81, annex B). */
export function jpegWrong(bytes: Buffer): Refusal | undefined {
  let at = 2
  let frames = 0
  let scans = 0
  while (at + 2 <= bytes.length) {
    if (bytes[at] !== 0xff) return broken('a segment does not begin where the one before ends')
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at += 1
      continue
    }
    at += 2
    if (marker === 0xd9) {
      if (frames === 0 || scans === 0) return broken('it has no picture')
      return at === bytes.length
        ? undefined
        : refusal(
            'trailing-data',
            `There are ${bytes.length - at} bytes behind the end of the JPEG picture. Save it anew, as a plain picture.`,
          )
    }
    if (isBare(marker)) continue
    if (at + 2 > bytes.length) break
    const length = bytes.readUInt16BE(at)
    if (length < 2 || at + length > bytes.length) return broken('a segment is longer than the file')
    if (isFrame(marker)) {
      if (length < 8 || bytes.readUInt16BE(at + 5) === 0) return broken('the picture has no size')
      frames += 1
    }
    at += length
    if (marker === 0xda) {
      scans += 1
      at = endOfScan(bytes, at)
    }
  }
  return broken('it has no end')
}

/** Where the next marker is; within coded data 0xFF is followed by 0x00 or by a restart marker. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) return bytes.length
    const next = bytes[at + 1]
    if (next !== 0x00 && !(next !== undefined && next >= 0xd0 && next <= 0xd7)) return at
    at += 2
  }
}
