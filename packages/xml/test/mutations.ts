/** Real documents changed byte by byte and tag by tag, for tests that compare two readers on what comes out. */

/** A source of whole numbers from 0 up to, not including, `below`, the same for the same seed (splitmix, 32 bits). */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return Math.floor(((mixed ^ (mixed >>> 15)) >>> 0) * (below / 2 ** 32))
  }
}

type Pick = (below: number) => number

// Documents are handled as strings of one character a byte, so that a change may also break their UTF-8.
const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** What means something to a reader of XML, or looks as if. */
const PIECES = [
  ['<', '>', '&', '/', '"', "'", '=', ';', ':', '#', '!', '?', ']', ']]>', '--', '-', '.', '0', 'A'],
  [' ', '\n', '\t', '\r', '\r\n', '\n\n', ' \t\n', '\0', '\x01', '\x0b', '\x0c', '\x1f', '\x7f'],
  ['\u0085', '\u00A0', '\u2028', '\u2003', '\uFEFF', '\uFFFD', '\uFFFE', '\uFFFF', '\u0301', '\u00B7', 'é', '𝕏'],
  ['&amp;', '&lt;', '&gt;', '&quot;', '&apos;', '&amp', '&AMP;', '&;', '& ;', '&e;', '&amp;amp;', '&#38;lt;'],
  ['&#0;', '&#9;', '&#10;', '&#13;', '&#xD;', '&#x20;', '&#65;', '&#x41;', '&#X41;', '&#xD800;', '&#xFFFE;'],
  ['&#x1F600;', '&#x110000;', '&#00000000065;', '&#', '&#x;', '&#38;', '&constructor;', '&#160;'],
  ['<!---->', '<!--c-->', '<!-- é -->', '<!--->', '<!-- -- -->', '<!--', '-->', '<![CDATA[x]]>', '<![CDATA['],
  ['<?p x?>', '<?xml version="1.0"?>', '<?', '?>', '<!DOCTYPE a>', '<a/>', '<a></a>', '<a>', '</a>', '< a/>', '</'],
  [' a="1"', " a='1'", ' a = "1"', ' a="1" a="2"', ' a="<"', ' a=">"', ' a="&#xA;"', ' a="\n"', ' a=1', ' a', ' :a=""'],
  [' xmlns="u"', ' xmlns=""', ' xmlns=" u"', ' xmlns:p="u"', ' xmlns:p="u" p:a="1"', ' xmlns:p=""', ' xmlns:p="&#32;"'],
  [' xmlns:q="u" xmlns:p="u" p:a="1" q:a="2"', ' xmlns:xml="u"', ' xmlns:xmlns="u"', ' p:a="1"', ' xml:lang="e"'],
  [' xmlns:xml="http://www.w3.org/XML/1998/namespace"', ' xmlns:p="http://www.w3.org/2000/xmlns/"', ' xmlns:="u"'],
  [' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"', ' xsi:nil="true"', ' xml:a=""'],
]
  .flat()
  .map(bytesOf)

/** Bytes that no UTF-8 has, or not there: cut off, overlong, surrogates, beyond U+10FFFF. */
const BROKEN = ['\xc3', '\x80', '\xff', '\xfe\xff', '\xc0\xbc', '\xe0\x80\xbc', '\xed\xa0\x80', '\xf4\x90\x80\x80']

const cut = (text: string, from: number, to: number, into = ''): string => text.slice(0, from) + into + text.slice(to)

/** A place in the text; every third one is near the start, where the declarations are. */
const placeIn = (text: string, pick: Pick): number =>
  pick(pick(3) === 0 ? Math.min(text.length, 400) + 1 : text.length + 1)

/** Some match of a pattern at or after a place, or the first one. */
function matchIn(text: string, pattern: RegExp, pick: Pick): RegExpExecArray | undefined {
  pattern.lastIndex = placeIn(text, pick)
  return pattern.exec(text) ?? ((pattern.lastIndex = 0), pattern.exec(text)) ?? undefined
}

const ATTRIBUTE = /[ \t\r\n]+[\w:.-]+="[^"<>]*"/g
const DECLARATION = /[ \t\r\n]+xmlns(?::[\w.-]+)?="[^"<>]*"/g
const NAME = /(?<=<\/?)[\w:.-]+/g
const TAG = /<[^<>]*>/g
const ELEMENT = /<([\w:.-]+)[^<>]*>[^<>]*<\/\1>/g
const TEXT = /(?<=>)[^<>]+(?=<)/g
const START_END = /(?=\/?>)/g

/** What a changed document may differ by; each takes the text, one character a byte. */
const CHANGES: ((text: string, pick: Pick) => string)[] = [
  (text, pick) => put(text, placeIn(text, pick), PIECES[pick(PIECES.length)]!),
  (text, pick) =>
    put(text, placeIn(text, pick), pick(4) > 0 ? String.fromCharCode(pick(256)) : BROKEN[pick(BROKEN.length)]!),
  (text, pick) => over(text, pick, 1, String.fromCharCode(pick(256))),
  (text, pick) => over(text, pick, 1 + pick(3), PIECES[pick(PIECES.length)]!),
  (text, pick) => over(text, pick, 1 + pick(4), ''),
  (text, pick) => {
    const from = placeIn(text, pick)
    return put(text, pick(2) === 0 ? from : placeIn(text, pick), text.slice(from, from + 1 + pick(40)))
  },
  (text, pick) => doubled(text, TAG, pick),
  (text, pick) => doubled(text, ELEMENT, pick),
  (text, pick) => doubled(text, ATTRIBUTE, pick),
  (text, pick) => moved(text, TAG, TAG, pick),
  (text, pick) => moved(text, ELEMENT, TAG, pick),
  (text, pick) => moved(text, ATTRIBUTE, START_END, pick),
  (text, pick) => moved(text, DECLARATION, START_END, pick),
  (text, pick) => altered(text, DECLARATION, pick, (found) => withPiece(found, pick)),
  (text, pick) => altered(text, ATTRIBUTE, pick, (found) => withPiece(found, pick)),
  (text, pick) => altered(text, ATTRIBUTE, pick, (found) => `${found} p:${found.trim()}`),
  (text, pick) => altered(text, ATTRIBUTE, pick, (found) => found.replaceAll('"', "'")),
  (text, pick) => altered(text, NAME, pick, (found) => `${['p:', 'xml:', 'xmlns:', '_', '1', ':'][pick(6)]}${found}`),
  (text, pick) => altered(text, NAME, pick, (found) => withPiece(found, pick)),
  (text, pick) => altered(text, NAME, pick, (found) => found.slice(found.indexOf(':') + 1)),
  (text, pick) => altered(text, TEXT, pick, (found) => withPiece(found, pick)),
  (text, pick) => altered(text, TEXT, pick, () => ''),
  (text, pick) => altered(text, START_END, pick, () => PIECES[pick(PIECES.length)]!),
  (text, pick) => altered(text, START_END, pick, () => ' \n\t '.slice(pick(4))),
  (text, pick) => text.slice(0, placeIn(text, pick)),
]

const put = (text: string, at: number, piece: string): string => cut(text, at, at, piece)

function over(text: string, pick: Pick, length: number, piece: string): string {
  const at = placeIn(text, pick)
  return cut(text, at, at + length, piece)
}

const withPiece = (text: string, pick: Pick): string => put(text, pick(text.length + 1), PIECES[pick(PIECES.length)]!)

function altered(text: string, what: RegExp, pick: Pick, to: (found: string) => string): string {
  const found = matchIn(text, what, pick)
  return found ? cut(text, found.index, found.index + found[0].length, to(found[0])) : text
}

const doubled = (text: string, what: RegExp, pick: Pick): string => altered(text, what, pick, (found) => found + found)

/** Something taken from its place, or copied, and put where something else begins. */
function moved(text: string, what: RegExp, to: RegExp, pick: Pick): string {
  const found = matchIn(text, what, pick)
  if (!found) return text
  const rest = pick(2) === 0 ? text : cut(text, found.index, found.index + found[0].length)
  const place = matchIn(rest, to, pick)
  return place ? put(rest, place.index, found[0]) : text
}

/** The document with one to three changes, chosen by `pick`. */
export function mutated(document: Uint8Array, pick: Pick): Uint8Array {
  let text = Buffer.from(document).toString('latin1')
  for (let times = 1 + Math.max(0, pick(5) - 2); times > 0; times--) text = CHANGES[pick(CHANGES.length)]!(text, pick)
  return Buffer.from(text, 'latin1')
}
