// Compared in place: cutting each out to look it up takes twice as long, and a hostile text has millions.
const NAMED = [
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
] as const
/** `&#x0010FFFF;` and shorter: who writes more zeros is left to a reader that minds nothing. */
const LONGEST = 12

/**
 * A text with its references replaced: characters by number and the five entities that need no declaration (XML 1.0, 4.1, 4.6).
 * undefined when there are others, or a `&` that begins none, or characters that XML does not hold (2.2), or very long ones.
 */
export function dereferenced(text: string): string | undefined {
  let at = text.indexOf('&')
  if (at < 0) return text
  let result = ''
  let from = 0
  for (; at >= 0; at = text.indexOf('&', from)) {
    if (at > from) result += text.slice(from, at)
    const named = NAMED.find(([reference]) => text.startsWith(reference, at))
    if (named) {
      result += named[1]
      from = at + named[0].length
    } else {
      from = text.indexOf(';', at) + 1
      const character = from - at > LONGEST ? undefined : characterOf(text.slice(at, from))
      if (character === undefined) return undefined
      result += character
    }
  }
  return result + text.slice(from)
}

/** `&#65;` or `&#x41;` as a character that XML can hold. */
function characterOf(reference: string): string | undefined {
  const [, decimal, hexadecimal = ''] = /^&#(?:([0-9]+)|x([0-9A-Fa-f]+));$/.exec(reference) ?? []
  const point = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal)
  const isControl = point < 0x20 && point !== 0x9 && point !== 0xa && point !== 0xd
  const isNone = (point >= 0xd800 && point <= 0xdfff) || point === 0xfffe || point === 0xffff
  return point <= 0x10ffff && !isControl && !isNone ? String.fromCodePoint(point) : undefined
}
