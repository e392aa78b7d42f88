import type { XmlElement } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { nameEnd } from './names.ts'
import type { ParseOptions } from './parse.ts'
import { Scanner, shown } from './scanner.ts'
import { Scope } from './scope.ts'
import { addChild, takeTag, type Growing } from './tag.ts'

const DECLARATION =
  /<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])([\w.:-]+)\1(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(["'])([A-Za-z][\w.-]*)\3)?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(["'])(?:yes|no)\5)?[ \t\n]*\?>/y

const [EXCLAMATION, SLASH, LESS, GREATER, QUESTION] = [33, 47, 60, 62, 63]

/** Reads one document (decoded, line ends normalised) from its first character to its last. */
export class Reader {
  readonly #scanner: Scanner
  readonly #text: string
  readonly #refuse: NonNullable<ParseOptions['refuse']>
  readonly #scope = new Scope()
  readonly #hasCdataEnd: boolean
  #depth = 0
  #root: Growing | undefined
  #current: Growing | undefined

  constructor(text: string, limits: XmlLimits, refuse: NonNullable<ParseOptions['refuse']>) {
    this.#scanner = new Scanner(text, limits)
    this.#text = this.#scanner.text
    this.#refuse = refuse
    this.#hasCdataEnd = text.includes(']]>')
  }

  read(): XmlElement {
    const scanner: Scanner = this.#scanner
    if (/^<\?xml[ \t\n]/.test(this.#text)) this.#declaration()
    while (scanner.at < this.#text.length) {
      if (this.#text.charCodeAt(scanner.at) === LESS) this.#markup(scanner.at)
      else this.#content(scanner.at)
    }
    scanner.finish()
    if (this.#current) scanner.unfinished(`the element ${shown(nameOf(this.#current))}`)
    return this.#root ?? scanner.wrong('there is no element', scanner.at)
  }

  #declaration(): void {
    const scanner: Scanner = this.#scanner
    // Bounded before it is matched: it may be long only by white space.
    DECLARATION.lastIndex = 0
    const found = DECLARATION.exec(this.#text)
    if (!found) scanner.wrong('the XML declaration', 0)
    const [all, , version, , encoding] = found
    if (version !== '1.0') scanner.fail('xml-version', 'Only XML 1.0 is read', 0)
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) {
      scanner.fail('not-utf8', `The document declares the encoding ${encoding.slice(0, 40)}`, 0)
    }
    scanner.at = all.length
  }

  #markup(start: number): void {
    switch (this.#text.charCodeAt(start + 1)) {
      case SLASH:
        this.#close(start)
        break
      case EXCLAMATION:
        if (this.#text.startsWith('<!--', start)) this.#comment(start)
        else this.#cdata(start)
        break
      case QUESTION:
        this.#instruction(start)
        break
      default:
        this.#open(start)
    }
  }

  /** Text up to the next markup. */
  #content(start: number): void {
    const scanner: Scanner = this.#scanner
    const less = this.#text.indexOf('<', start)
    const end = less < 0 ? this.#text.length : less
    const raw = this.#text.slice(start, end)
    scanner.at = end
    if (!this.#current) {
      const stray = raw.search(/[^ \t\n]/)
      if (stray >= 0) scanner.wrong('text outside the root', start + stray)
      return
    }
    if (this.#hasCdataEnd && raw.includes(']]>')) scanner.wrong(']]> in a text', start + raw.indexOf(']]>'))
    this.#append(scanner.dereferenced(raw, start))
  }

  /** A comment, a CDATA section or an instruction splits a text; joined, every reader sees the same one. */
  #append(text: string): void {
    const { children } = this.#current!
    const last = children.length - 1
    const before = children[last]
    if (typeof before === 'string') children[last] = before + text
    else {
      this.#scanner.count()
      addChild(this.#current!, text)
    }
  }

  #comment(start: number): void {
    const scanner: Scanner = this.#scanner
    if (this.#refuse.comments) scanner.fail('comment', 'A comment is not allowed here', start)
    const dashes = this.#text.indexOf('--', start + 4)
    if (dashes < 0 || dashes + 2 >= this.#text.length) scanner.unfinished('a comment')
    if (this.#text.charCodeAt(dashes + 2) !== GREATER) scanner.wrong('-- in a comment', dashes)
    scanner.at = dashes + 3
  }

  #cdata(start: number): void {
    const scanner: Scanner = this.#scanner
    if (this.#text.startsWith('<!DOCTYPE', start))
      scanner.fail('doctype', 'A DOCTYPE declaration is not allowed', start)
    if (!this.#text.startsWith('<![CDATA[', start) || !this.#current) scanner.wrong('a declaration', start)
    if (this.#refuse.cdata) scanner.fail('cdata', 'A CDATA section is not allowed here', start)
    const from = start + '<![CDATA['.length
    const end = this.#text.indexOf(']]>', from)
    if (end < 0) scanner.unfinished('a CDATA section')
    if (end > from) this.#append(this.#text.slice(from, end))
    scanner.at = end + 3
  }

  #instruction(start: number): void {
    const scanner: Scanner = this.#scanner
    if (this.#refuse.processingInstructions) {
      scanner.fail('processing-instruction', 'A processing instruction is not allowed here', start)
    }
    const end = nameEnd(this.#text, start + 2)
    const close = this.#text.indexOf('?>', end)
    if (end === start + 2 || /^xml$/i.test(this.#text.slice(start + 2, end)))
      scanner.wrong('a processing instruction', start)
    if (close < 0) scanner.unfinished('a processing instruction')
    scanner.at = end
    if (close > end && !scanner.space()) scanner.wrong('a processing instruction', start)
    if (this.#current) this.#current.lostInstruction = true
    scanner.at = close + 2
  }

  #open(start: number): void {
    const scanner: Scanner = this.#scanner
    if (this.#root && !this.#current) scanner.wrong('a second root', start)
    if (++this.#depth > scanner.limits.depth) {
      scanner.fail('too-deep', `Elements are nested more than ${scanner.limits.depth} deep`, start)
    }
    const parent = this.#current
    const element = takeTag(scanner, this.#scope, parent)
    if (parent) addChild(parent, element)
    else this.#root = element
    this.#current = element
    const isEmpty = this.#text.charCodeAt(scanner.at) === SLASH
    scanner.at += isEmpty ? 2 : 1
    if (isEmpty) this.#leave()
  }

  #close(start: number): void {
    const scanner: Scanner = this.#scanner
    const current = this.#current
    if (!current) scanner.wrong('an end tag without a start', start)
    const name = nameOf(current)
    scanner.at = start + 2 + name.length
    const isIt = this.#text.startsWith(name, start + 2)
    scanner.space()
    if (isIt && scanner.at >= this.#text.length) scanner.unfinished('an end tag')
    if (!isIt || this.#text.charCodeAt(scanner.at) !== GREATER)
      scanner.wrong(`the end of ${shown(name)} is expected`, start)
    scanner.at += 1
    this.#leave()
  }

  #leave(): void {
    this.#current = this.#current!.parent as Growing | undefined
    this.#depth -= 1
    this.#scope.leave()
  }
}

function nameOf({ prefix, local }: { prefix: string; local: string }): string {
  return prefix === '' ? local : `${prefix}:${local}`
}
