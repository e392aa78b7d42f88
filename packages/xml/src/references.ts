const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** A text that stands for no character. */
export interface BadReference {
  /** offset of its `&` in the text */
  readonly at: number
  readonly reference: string
}

/**
 * A text with its references replaced: to the five entities that need no declaration, and to characters (XML 1.0, 4.1, 4.6). What was
 * replaced is not looked at again.
 */
export function dereferenced(text: string): string | BadReference {
  let at = text.indexOf('&')
  if (at < 0) return text
  let result = ''
  let done = 0
  for (; at >= 0; at = text.indexOf('&', done)) {
    // The longest is &#x, as many zeros as somebody likes, and ten-odd figures; more than this is somebody's joke.
    const end = text.indexOf(';', at)
    const name = end < 0 || end - at > 40 ? '' : text.slice(at + 1, end)
    const character = Object.hasOwn(NAMED, name) ? NAMED[name] : numbered(name)
    if (character === undefined) return { at, reference: text.slice(at, at + 20) }
    result += text.slice(done, at) + character
    done = end + 1
  }
  return result + text.slice(done)
}

/** `#65` or `#x41` as a character that XML can hold (XML 1.0, 2.2). */
function numbered(name: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([0-9A-Fa-f]+)|([0-9]+))$/.exec(name) ?? []
  const point = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
  const isCharacter =
    point === 0x9 ||
    point === 0xa ||
    point === 0xd ||
    (point >= 0x20 && point <= 0xd7ff) ||
    (point >= 0xe000 && point <= 0xfffd) ||
    (point >= 0x10000 && point <= 0x10ffff)
  return isCharacter ? String.fromCodePoint(point) : undefined
}
