/** The bytes of a document under the quick reader: comparing, going past white space, taking texts out. */
import { decodeUtf8, dereferenced } from '@corridor/xml'
import type { Findings } from '../findings.ts'
import type { Expected } from '../plan.ts'

/** How far reading has come. */
export interface Cursor {
  readonly bytes: Uint8Array
  /** the same bytes */
  readonly view: DataView
  /** the same bytes, one character each */
  readonly text: string
  /** where the next byte to be read is */
  at: number
  /** elements, attributes and texts so far, counted as the strict reader counts them */
  nodes: number
  /** what the root declares, by prefix; '' is the default namespace */
  namespaces: ReadonlyMap<string, string>
  /** findings know their element by the offset of its `<` */
  readonly findings: Findings<number>
}

export const lessThan = 0x3c
export const greaterThan = 0x3e
export const slash = 0x2f
const exclamation = 0x21

/** bits of {@link kindOf} */
const space = 1
const unusual = 2
const beyondAscii = 4

/** What a byte of a text asks for: 0 nothing, `space` a look at white space, the others a look at the characters. */
export const kindOf = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x20) return space
  if (byte >= 0x80) return beyondAscii
  return byte < 0x20 || byte === 0x7f || byte === 0x26 || byte === 0x5d ? unusual : 0
})

/** Not for this reader: what XML forbids, and carriage returns. */
// oxlint-disable-next-line no-control-regex
const notHere = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\]\]>/

/**
 * A text of the document whose bytes have these kinds, as its author meant it; undefined when it is wrong or unusual (XML 1.0, 2.2,
 * 2.4, 4.1, 4.6).
 */
export function textBetween(cursor: Cursor, from: number, to: number, kinds: number): string | undefined {
  const plain = (kinds & beyondAscii) === 0
  const text = plain ? cursor.text.slice(from, to) : decodeUtf8(cursor.bytes.subarray(from, to))
  if (kinds <= space) return text
  if (text === undefined || notHere.test(text)) return undefined
  return dereferenced(text)
}

/** A text from the cursor to the next tag, taken; undefined when it is wrong or unusual, or a comment or the like follows. */
export function takeText(cursor: Cursor): string | undefined {
  const { bytes, at: from } = cursor
  let kinds = 0
  let at = from
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === lessThan) break
    kinds |= kindOf[byte]!
  }
  const next = bytes[at + 1]
  if (next === undefined || next === exclamation || next === 0x3f) return undefined
  cursor.at = at
  if (at > from) cursor.nodes += 1
  return textBetween(cursor, from, at, kinds)
}

/** Whether these very bytes stand at an offset. Four at a time: comparing tags is most of what reading does. */
export function standsAt({ bytes, view }: Cursor, at: number, { words, rest }: Expected): boolean {
  const tail = at + words.length * 4
  if (tail + rest.length > bytes.length) return false
  for (let index = 0; index < words.length; index++) {
    if (view.getInt32(at + index * 4, true) !== words[index]) return false
  }
  for (let index = 0; index < rest.length; index++) {
    if (bytes[tail + index] !== rest[index]) return false
  }
  return true
}

/**
 * Goes past white space and comments; says whether there was any white space. A comment that is not plain (or not closed) is left
 * standing, so that nothing which the table expects is there.
 */
export function skipSpace(cursor: Cursor): boolean {
  const { bytes } = cursor
  const from = cursor.at
  let at = from
  let comments = 0
  for (;;) {
    // Most white space is the indentation of a line.
    while (at < bytes.length && bytes[at] === 0x20) at += 1
    const byte = at < bytes.length ? bytes[at]! : 0
    if (byte === 0x0a || byte === 0x0d || byte === 0x09) at += 1
    else if (byte === lessThan && at + 1 < bytes.length && bytes[at + 1] === exclamation) {
      const end = plainCommentEnd(cursor.text, at)
      if (end < 0) break
      comments += end - at
      at = end
    } else break
  }
  cursor.at = at
  return at - from > comments
}

/** Where the comment at the cursor ends, -1 when it is none or has more than plain ASCII in it (XML 1.0, 2.5). */
function plainCommentEnd(text: string, at: number): number {
  const close = text.startsWith('<!--', at) ? text.indexOf('--', at + 4) : -1
  if (close < 0 || text.charCodeAt(close + 2) !== greaterThan) return -1
  return /[^\t\n\r -~]/.test(text.slice(at, close)) ? -1 : close + 3
}
