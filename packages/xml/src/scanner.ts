import { XmlFault, type XmlFaultCode } from './fault.ts'
import type { XmlLimits } from './limits.ts'
import { nameEnd } from './names.ts'
import { dereferenced } from './references.ts'

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/

const [TAB, LINE_FEED, SPACE, COLON] = [9, 10, 32, 58]

/** A text under reading: how far it has been read, how much was in it, and how to say what is wrong there. */
export class Scanner {
  /** up to the first character that no XML has */
  readonly text: string
  readonly #isCut: boolean
  readonly limits: XmlLimits
  at = 0
  /** of the name that was taken last; '' for none */
  prefix = ''
  local = ''
  /** of the place that was asked for last; offsets are asked for in ascending order */
  line = 1
  column = 1
  #nodes = 0
  // Line ends are searched once, however long the lines are.
  #lineStart = 0
  #nextLineEnd: number

  constructor(text: string, limits: XmlLimits) {
    const forbidden = FORBIDDEN.exec(text)?.index
    this.text = forbidden === undefined ? text : text.slice(0, forbidden)
    this.#isCut = forbidden !== undefined
    this.limits = limits
    this.#nextLineEnd = this.#lineEnd(0)
  }

  fail(code: XmlFaultCode, text: string, at: number): never {
    const before = this.text.slice(0, at)
    let line = 1
    for (let end = before.indexOf('\n'); end >= 0; end = before.indexOf('\n', end + 1)) line += 1
    throw new XmlFault(code, text, line, at - before.lastIndexOf('\n'))
  }

  wrong(what: string, at: number): never {
    return this.fail('not-well-formed', `Not well-formed: ${what}`, at)
  }

  /** For what goes on to the end of the text, or to the character that no XML has. */
  unfinished(what: string): never {
    return this.wrong(this.#isCut ? 'a character that XML cannot hold' : `${what} does not end`, this.text.length)
  }

  /** Ends reading: nothing may be left, not even a character that could not be read. */
  finish(): void {
    if (this.#isCut) this.unfinished('the document')
  }

  /** Finds line and column of an offset. */
  locate(at: number): void {
    while (this.#nextLineEnd < at) {
      this.line += 1
      this.#lineStart = this.#nextLineEnd + 1
      this.#nextLineEnd = this.#lineEnd(this.#lineStart)
    }
    this.column = at - this.#lineStart + 1
  }

  #lineEnd(from: number): number {
    const at = this.text.indexOf('\n', from)
    return at < 0 ? Infinity : at
  }

  /** Counts an element, an attribute or a text. */
  count(): void {
    if (++this.#nodes > this.limits.nodes) {
      this.fail(
        'too-many-nodes',
        `The document has more than ${this.limits.nodes} elements, attributes and texts`,
        this.at,
      )
    }
  }

  /** Goes past white space; says whether there was any. */
  space(): boolean {
    const start = this.at
    for (;;) {
      const unit = this.text.charCodeAt(this.at)
      if (unit !== SPACE && unit !== LINE_FEED && unit !== TAB) return this.at > start
      this.at += 1
    }
  }

  /** Takes a name with or without a prefix (Namespaces in XML 1.0, 4). */
  takeName(): void {
    const { text, at: start } = this
    const first = nameEnd(text, start)
    if (first === start) this.#noName(start)
    const isPrefixed = text.charCodeAt(first) === COLON
    const end = isPrefixed ? nameEnd(text, first + 1) : first
    if (isPrefixed && end === first + 1) this.#noName(end)
    if (text.charCodeAt(end) === COLON) this.fail('namespace', 'A name has two colons', end)
    if (end - start > this.limits.name) {
      this.fail('name-too-long', `A name is longer than ${this.limits.name} characters`, start)
    }
    this.at = end
    this.prefix = isPrefixed ? text.slice(start, first) : ''
    this.local = text.slice(isPrefixed ? first + 1 : start, end)
  }

  #noName(at: number): never {
    if (at >= this.text.length) this.unfinished('a tag')
    const isAfterColon = this.text.charCodeAt(at - 1) === COLON
    return isAfterColon
      ? this.fail('namespace', 'The part of a name after its prefix cannot start so', at)
      : this.wrong('a name is expected', at)
  }

  /** A stretch of text that was written at an offset, with its references replaced. */
  dereferenced(raw: string, at: number): string {
    const text = dereferenced(raw)
    return typeof text === 'string'
      ? text
      : this.wrong(`${shown(text.reference)} stands for no character`, at + text.at)
  }
}

/** A name or reference as a fault may repeat it: hostile ones are long. */
export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
