/*
 * Names of a PDF (ISO 32000-2, 7.3.5): a slash and what follows it up to a space or delimiter; any character may be written as # and two
 * hexadecimal digits. Bytes are handled as a text of one character a byte.
 */

/** Ends a name (7.2.3). */
const ends = /[\0\t\n\f\r ()<>[\]{}/%]/g
/** Names that mean something to us are shorter. */
const longest = 128

/** A name and where it ends. */
export interface PdfName {
  readonly name: string
  readonly end: number
}

/** The name that begins behind the slash at a place. */
export function nameAt(text: string, slash: number): PdfName {
  ends.lastIndex = slash + 1
  const found = ends.exec(text.slice(0, slash + 1 + longest * 3))
  const end = found?.index ?? Math.min(text.length, slash + 1 + longest * 3)
  const raw = text.slice(slash + 1, end)
  const name = raw.includes('#')
    ? raw.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : raw
  return { name, end }
}

/** Every name in a text, wherever it stands. */
export function* namesIn(text: string): Generator<PdfName> {
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) yield nameAt(text, at)
}
