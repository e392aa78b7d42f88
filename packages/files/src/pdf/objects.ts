import { nameAt } from './names.ts'

/** The dictionary that an object begins with, and the data behind it. */
export interface PdfObject {
  /** Names in the dictionary, in their order; keys and values. */
  readonly names: readonly string[]
  /** Where the data of its stream begins; undefined when it has none. */
  readonly data: number | undefined
}

/** Longest dictionary, in bytes. */
const longest = 1_000_000
const blank = /[\0\t\n\f\r ]/

/**
 * The dictionaries of all objects. A reader finds objects by the places that the file itself gives, so each place where one could begin is
 * looked at, also within comments and data.
 * @param budget bytes that may be read for all of them together; `undefined` is given when that is not enough, and for one that does not end
 */
export function* objectsIn(text: string, budget: number): Generator<PdfObject | undefined> {
  let left = budget
  for (let at = text.indexOf('obj'); at >= 0; at = text.indexOf('obj', at + 3)) {
    if (text.startsWith('end', at - 3)) continue
    const read = dictionaryAt(text, at + 3)
    left -= read.end - at
    if (left < 0) {
      yield undefined
      return
    }
    if (read.names !== undefined) yield read.isWhole ? { names: read.names, data: read.data } : undefined
  }
}

interface Dictionary {
  readonly end: number
  readonly names?: string[]
  /** It ended within the longest that is read. */
  readonly isWhole?: boolean
  readonly data?: number | undefined
}

function dictionaryAt(text: string, from: number): Dictionary {
  let at = skipBlank(text, from)
  if (!text.startsWith('<<', at)) return { end: at }
  const names: string[] = []
  const most = Math.min(text.length, at + longest)
  let depth = 0
  while (at < most) {
    const character = text[at]!
    if (text.startsWith('<<', at)) {
      depth += 1
      at += 2
    } else if (text.startsWith('>>', at)) {
      depth -= 1
      at += 2
      if (depth === 0) {
        const behind = skipBlank(text, at)
        return { end: behind, names, isWhole: true, data: dataAt(text, behind) }
      }
    } else if (character === '/') {
      const { name, end } = nameAt(text, at)
      names.push(name)
      at = Math.max(end, at + 1)
    } else if (character === '<') {
      // A string of hexadecimal digits (7.3.4.3): its end is none of the dictionary.
      while (at < most && text[at] !== '>') at += 1
      at += 1
    } else if (character === '(') at = endOfString(text, at, most)
    else if (character === '%') at = endOfLine(text, at)
    else at += 1
  }
  return { end: at, names }
}

function dataAt(text: string, at: number): number | undefined {
  if (!text.startsWith('stream', at)) return undefined
  const head = /^stream[ \t]*(?:\r\n|\n|\r)?/.exec(text.slice(at, at + 64))
  return at + (head?.[0].length ?? 6)
}

/** Strings hold balanced parentheses, and others behind a backslash (7.3.4.2). */
function endOfString(text: string, from: number, most: number): number {
  let depth = 0
  for (let at = from; at < most; at += 1) {
    const character = text[at]
    if (character === '\\') at += 1
    else if (character === '(') depth += 1
    else if (character === ')') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return most
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === '\n' || text[at] === '\r') return at
  return text.length
}

/** Behind spaces and comments. */
export function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    if (at < text.length && blank.test(text[at]!)) at += 1
    else if (text[at] === '%') at = endOfLine(text, at)
    else return at
  }
}
