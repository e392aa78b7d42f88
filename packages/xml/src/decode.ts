import { XmlFault } from './fault.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text of a UTF-8 document: byte order mark dropped, line ends as in XML 1.0 (5th edition), 2.11, so that
 * positions and texts need no second look at carriage returns.
 *
 * Throws `not-utf8` for invalid or overlong UTF-8 and encoded surrogates, `doctype` for a document type declaration:
 * it is looked for before any parser runs, so that nothing in it is ever interpreted.
 */
export function decode(bytes: Uint8Array): string {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw new XmlFault('not-utf8', 'The document is not valid UTF-8')
  }
  if (text.startsWith('\uFEFF')) text = text.slice(1)
  // The parser would drop a second one, and what hides behind it from the search below.
  if (text.startsWith('\uFEFF')) throw new XmlFault('not-well-formed', 'There are two byte order marks', 1, 1)
  if (text.includes('\r')) text = text.replaceAll(/\r\n?/g, '\n')
  const doctype = doctypeInProlog(text)
  if (doctype >= 0) throw new XmlFault('doctype', 'A DOCTYPE declaration is not allowed', ...placeOf(text, doctype))
  return text
}

/** Where a document type declaration stands before the root element; -1 when there is none. */
function doctypeInProlog(text: string): number {
  let at = 0
  for (;;) {
    while (at < text.length && ' \t\n'.includes(text[at]!)) at++
    if (text.startsWith('<!DOCTYPE', at)) return at
    const [start, end] = text.startsWith('<!--', at) ? ['<!--', '-->'] : ['<?', '?>']
    if (!text.startsWith(start, at)) return -1
    const close = text.indexOf(end, at + start.length)
    if (close < 0) return -1
    at = close + end.length
  }
}

function placeOf(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at)
  return [before.split('\n').length, at - before.lastIndexOf('\n')]
}
