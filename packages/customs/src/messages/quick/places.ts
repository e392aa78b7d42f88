/** Bytes between two places that are noted down; a place in between is counted from the one before it. */
const step = 1024

/**
 * Returns a function from an offset in UTF-8 bytes to line and column as the strict reader counts them: from 1, lines by XML's line
 * ends, columns in UTF-16 units, a byte order mark not counted. The document is gone through at the first question only.
 */
export function locator(bytes: Uint8Array): (offset: number) => { line: number; column: number } {
  let marks: Int32Array | undefined
  return (offset) => {
    marks ??= markPlaces(bytes)
    const from = Math.floor(offset / step)
    const place = { line: marks[from * 2]!, column: marks[from * 2 + 1]! }
    advance(bytes, from * step, offset, place)
    return place
  }
}

function markPlaces(bytes: Uint8Array): Int32Array {
  const marks = new Int32Array((Math.floor(bytes.length / step) + 1) * 2)
  const place = { line: 1, column: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 0 : 1 }
  for (let from = 0; from <= bytes.length; from += step) {
    const mark = (from / step) * 2
    marks[mark] = place.line
    marks[mark + 1] = place.column
    advance(bytes, from, Math.min(from + step, bytes.length), place)
  }
  return marks
}

function advance(bytes: Uint8Array, from: number, to: number, place: { line: number; column: number }): void {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    // CR LF is one line end, counted at its LF.
    if (byte === 0x0a || (byte === 0x0d && bytes[at + 1] !== 0x0a)) {
      place.line += 1
      place.column = 1
    } else if (byte >= 0xf0) place.column += 2
    else if ((byte & 0xc0) !== 0x80) place.column += 1
  }
}
