import { jpegWrong } from './jpeg.ts'
import { type Kind, kindOfMediaType, kinds } from './kinds.ts'
import { pdfWrong } from './pdf/pdf.ts'
import { pngWrong } from './png.ts'
import { type Refusal, refusal } from './refusal.ts'
import { secondKind } from './second-kind.ts'
import { textWrong, xmlWrong } from './text.ts'
import { tiffWrong } from './tiff.ts'

/** What a file is, or why it is not taken. */
export type Inspected = { kind: Kind; mediaType: string } | { refused: Refusal }

/** What is wrong with the content of a file that begins as its kind does; undefined when nothing is. */
const wrongOf: Readonly<Record<Kind, (bytes: Buffer) => Refusal | undefined>> = {
  pdf: pdfWrong,
  jpeg: jpegWrong,
  png: pngWrong,
  tiff: tiffWrong,
  xml: xmlWrong,
  text: textWrong,
}

/**
 * Finds out from its bytes what a file is, and whether it may be kept and shown: its structure, what it would do when it is opened, whether
 * it is another kind of file as well. What its sender says of it must agree.
 * @param said media type as its sender gives it, and its name
 */
export function inspect(content: Uint8Array, said: { mediaType: string; name: string }): Inspected {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (bytes.length === 0) return { refused: refusal('empty', 'The file is empty. Attach the file itself.') }
  const kind = kindByContent(bytes)
  if (kind === undefined)
    return { refused: refusal('unknown-kind', `This is no file that is taken here. Attach ${takenKinds}.`) }
  const { title, mediaTypes, extensions } = kinds[kind]
  if (kindOfMediaType(said.mediaType) !== kind) {
    const text = `The content is ${title}, and it was sent as ${shown(said.mediaType)}. Send it as ${mediaTypes[0]}.`
    return { refused: refusal('other-media-type', text) }
  }
  const extension = /\.([^.]*)$/.exec(said.name)?.[1]?.toLowerCase() ?? ''
  if (!extensions.includes(extension)) {
    const text = `The content is ${title}, and its name ends in “${shown(extension)}”. Give it a name that ends in .${extensions[0]}.`
    return { refused: refusal('other-extension', text) }
  }
  const refused = secondKind(bytes, kind) ?? wrongOf[kind](bytes)
  return refused === undefined ? { kind, mediaType: mediaTypes[0]! } : { refused }
}

const takenKinds = 'a PDF, a picture (JPEG, PNG, TIFF), an XML document or plain text in UTF-8'

const shown = (text: string): string => text.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, 60)

function kindByContent(bytes: Buffer): Kind | undefined {
  const begins = (...start: number[]): boolean => start.every((byte, at) => bytes[at] === byte)
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) return 'pdf'
  if (begins(0xff, 0xd8, 0xff)) return 'jpeg'
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (begins(0x49, 0x49, 0x2a, 0x00) || begins(0x4d, 0x4d, 0x00, 0x2a)) return 'tiff'
  // Binary files of other kinds have bytes that no text has; whether it is a right text is asked afterwards.
  if (bytes.subarray(0, 4096).some((byte) => byte < 9 || (byte > 13 && byte < 32))) return undefined
  const start = bytes.subarray(0, 64).toString('latin1').replace(/^ï»¿/, '').trimStart()
  return start.startsWith('<') ? 'xml' : 'text'
}
