/**
 * A strict reader of JSON texts (RFC 8259) that keeps what JSON.parse loses: where a value stands, and names that occur twice. Numbers,
 * true, false and null are known but not read, because a document's values are strings.
 */
import { DEFAULT_LIMITS } from '@corridor/xml'

/** A value and the offset of its first character. */
export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'number' | 'literal'; readonly at: number; readonly value: string }

export interface JsonMember {
  readonly name: string
  /** offset of the name */
  readonly at: number
  readonly value: JsonNode
}

/** Why a text is no JSON, and where. */
export interface JsonProblem {
  readonly kind: 'problem'
  readonly at: number
  readonly text: string
}

const quote = 0x22
const backslash = 0x5c

const token = {
  space: /[ \t\n\r]*/y,
  number: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y,
  literal: /true|false|null/y,
}

/** Reads a whole text. Depth and number of values are bounded as they are for XML. */
export function parseJson(text: string): JsonNode | JsonProblem {
  try {
    return new Reader(text).whole()
  } catch (error) {
    if (error instanceof Stop) return { kind: 'problem', at: error.at, text: error.message }
    throw error
  }
}

/** Ends the reading at the first problem; it never leaves this file. */
class Stop extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

class Reader {
  readonly #text: string
  #at = 0
  #nodes = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): JsonNode {
    this.#space()
    const node = this.#value(1)
    if (this.#at < this.#text.length) throw new Stop(this.#at, 'There is something after the end of the value.')
    return node
  }

  #value(depth: number): JsonNode {
    const at = this.#at
    this.#nodes += 1
    if (depth > DEFAULT_LIMITS.depth) throw new Stop(at, `Values are nested more than ${DEFAULT_LIMITS.depth} deep.`)
    if (this.#nodes > DEFAULT_LIMITS.nodes) throw new Stop(at, `There are more than ${DEFAULT_LIMITS.nodes} values.`)
    const first = this.#text[at]
    if (first === '{') return { kind: 'object', at, members: this.#list('}', () => this.#member(depth)) }
    if (first === '[') return { kind: 'array', at, items: this.#list(']', () => this.#value(depth + 1)) }
    if (first === '"') return { kind: 'string', at, value: this.#string() }
    const number = this.#take(token.number)
    if (number !== undefined) return { kind: 'number', at, value: number }
    const literal = this.#take(token.literal)
    if (literal !== undefined) return { kind: 'literal', at, value: literal }
    throw new Stop(at, at < this.#text.length ? 'A value should begin here.' : 'The text ends too soon.')
  }

  #list<T>(end: string, read: () => T): T[] {
    const list: T[] = []
    this.#skip(1)
    if (this.#text[this.#at] === end) {
      this.#skip(1)
      return list
    }
    for (;;) {
      list.push(read())
      const next = this.#text[this.#at]
      if (next !== ',' && next !== end) throw new Stop(this.#at, `A comma or ${end} should stand here.`)
      this.#skip(1)
      if (next === end) return list
    }
  }

  #member(depth: number): JsonMember {
    const at = this.#at
    const name = this.#string()
    if (this.#text[this.#at] !== ':') throw new Stop(this.#at, 'A colon should stand here.')
    this.#skip(1)
    return { name, at, value: this.#value(depth + 1) }
  }

  /** Goes through a string by hand: a regular expression would need a stack as deep as the string is long. */
  #string(): string {
    const at = this.#at
    if (this.#text[at] !== '"') throw new Stop(at, 'A string should stand here.')
    let end = at + 1
    for (let unit = this.#text.charCodeAt(end); unit !== quote; unit = this.#text.charCodeAt(end)) {
      if (!(unit >= 0x20)) throw new Stop(end, 'The string is not closed, or has a raw control character.')
      end += unit === backslash ? 2 : 1
    }
    try {
      const value = JSON.parse(this.#text.slice(at, end + 1)) as string
      this.#skip(end + 1 - at)
      return value
    } catch {
      throw new Stop(at, 'The string has an escape that JSON does not know.')
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined || found === '') return undefined
    this.#skip(found.length)
    return found
  }

  /** Goes on, and over the white space that follows. */
  #skip(count: number): void {
    this.#at += count
    this.#space()
  }

  #space(): void {
    token.space.lastIndex = this.#at
    this.#at += token.space.exec(this.#text)![0].length
  }
}

/** Line and column, counted from 1, of an offset in a text. */
export function lineFinder(text: string): (at: number) => { line: number; column: number } {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (at) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (starts[middle]! <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - starts[low]! + 1 }
  }
}
