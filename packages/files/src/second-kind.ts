import type { Kind } from './kinds.ts'
import { type Refusal, refusal } from './refusal.ts'

/** Browsers and readers look no further for what a file is. */
const head = 4096
const markup = /<(?:!doctype\s+html|html|head|body|script|iframe|svg|object|embed|meta|\?php)[\s>/]/i

/**
 * Whether a file is of another kind as well, so that one reader sees another file than the next: markup at its head, the header of a PDF
 * in a picture, an archive at its end.
 */
export function secondKind(bytes: Buffer, kind: Kind): Refusal | undefined {
  if (kind !== 'xml' && markup.test(bytes.subarray(0, head).toString('latin1'))) return twoKinds('a web page')
  if (kind !== 'pdf' && bytes.subarray(0, 1024 + 5).includes('%PDF-')) return twoKinds('a PDF')
  if (hasArchiveEnd(bytes)) return twoKinds('a ZIP archive')
  return undefined
}

const twoKinds = (what: string): Refusal =>
  refusal('two-kinds', `The file is ${what} as well. Save the document anew, from the program that shows it.`)

/** The end record of a ZIP archive is 22 bytes and a comment of 65,535 at most (APPNOTE 4.3.16). */
const archiveEnd = 22 + 65_535

function hasArchiveEnd(bytes: Buffer): boolean {
  const signature = Buffer.from('PK\x05\x06', 'latin1')
  const from = Math.max(0, bytes.length - archiveEnd)
  for (let at = bytes.indexOf(signature, from); at >= 0; at = bytes.indexOf(signature, at + 1)) {
    if (at + 22 > bytes.length) return false
    const [here, all] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)]
    const directory = bytes.readUInt32LE(at + 12)
    // Four bytes may stand there by chance; a directory that would fit before them does not.
    if (here === all && directory <= at && bytes.readUInt16LE(at + 4) === 0) return true
  }
  return false
}
