import type { XmlAttribute, XmlElement, XmlNamespace } from './element.ts'
import type { XmlLimits } from './limits.ts'

// Most documents use little of XML: elements, attributes, text, the five entities that need no declaration, names in
// ASCII. Those are read here, several times faster than by a parser for everything. What has anything else in it, or
// anything wrong, is not judged here at all: the caller reads it again with the parser that knows all and names faults.

type Growing = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: (XmlElement | string)[] }

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'
const NO_ATTRIBUTES: readonly XmlAttribute[] = []
const NO_NAMESPACES: readonly XmlNamespace[] = []
const DECLARATION = /<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")? ?\?>/y
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNUSUAL = /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]|\]\]>/
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }

const [TAB, LINE_FEED, SPACE, SLASH, COLON, LESS, EQUALS, GREATER] = [9, 10, 32, 47, 58, 60, 61, 62]
// 2: may start a name; 1: may go on in one. ASCII only, and no colon.
const NAME = new Uint8Array(128)
for (let c = 0; c < 128; c++) {
  const text = String.fromCharCode(c)
  NAME[c] = /[A-Za-z_]/.test(text) ? 2 : /[-.0-9]/.test(text) ? 1 : 0
}

/**
 * The root of a document (decoded, line ends normalised) that is well-formed, within the limits and without anything
 * unusual; undefined for every other, whatever is the matter with it.
 */
export function parseQuickly(text: string, limits: XmlLimits): XmlElement | undefined {
  return UNUSUAL.test(text) ? undefined : new QuickReader(text, limits).read()
}

/** Attributes of the tag being read, declarations among them. */
interface Raw {
  prefix: string
  local: string
  value: string
}

class QuickReader {
  readonly #text: string
  readonly #limits: XmlLimits
  #at = 0
  #nodes = 0
  #depth = 0
  #root: Growing | undefined
  #current: Growing | undefined
  // Line of the tag being read: line ends are searched once, however long the lines are.
  #line = 1
  #lineStart = 0
  #nextLineEnd: number
  // Bindings in scope, innermost last, and how many there were when each open element began.
  readonly #prefixes: string[] = []
  readonly #uris: string[] = []
  readonly #marks: number[] = []

  constructor(text: string, limits: XmlLimits) {
    this.#text = text
    this.#limits = limits
    this.#nextLineEnd = this.#lineEnd(0)
  }

  read(): XmlElement | undefined {
    const text = this.#text
    DECLARATION.lastIndex = 0
    if (DECLARATION.test(text)) this.#at = DECLARATION.lastIndex
    this.#space()
    do {
      const isEnd = this.#current !== undefined && text.charCodeAt(this.#at + 1) === SLASH
      const sound = isEnd ? this.#close() : this.#open()
      if (!sound) return undefined
      if (this.#current && !this.#content()) return undefined
    } while (this.#current)
    this.#space()
    return this.#at === text.length ? this.#root : undefined
  }

  /** Text up to the next tag. */
  #content(): boolean {
    const start = this.#at
    const end = this.#text.indexOf('<', start)
    if (end < 0) return false
    this.#at = end
    if (end === start) return true
    const value = decoded(this.#text.slice(start, end))
    if (value === undefined || ++this.#nodes > this.#limits.nodes) return false
    this.#current!.children.push(value)
    return true
  }

  #close(): boolean {
    const { prefix, local } = this.#current!
    this.#at += 2
    if (prefix !== '' && !(this.#skip(prefix) && this.#skip(':'))) return false
    if (!this.#skip(local)) return false
    this.#space()
    if (!this.#skip('>')) return false
    this.#leave()
    return true
  }

  #leave(): void {
    this.#current = this.#current!.parent as Growing | undefined
    this.#depth--
    this.#prefixes.length = this.#uris.length = this.#marks.pop()!
  }

  #open(): boolean {
    const start = this.#at
    if (this.#text.charCodeAt(start) !== LESS) return false
    this.#at++
    const prefix = this.#prefix()
    const local = this.#name()
    if (prefix === undefined || local === undefined || ++this.#depth > this.#limits.depth) return false
    if (++this.#nodes > this.#limits.nodes || this.#at - start - 1 > this.#limits.name) return false
    this.#marks.push(this.#prefixes.length)
    const raw = this.#attributes()
    const element = raw && this.#element(prefix, local, start, raw)
    if (!element) return false
    const parent = this.#current
    if (parent) parent.children.push(element)
    else this.#root = element
    this.#current = element
    const empty = this.#text.charCodeAt(this.#at) === SLASH
    this.#at += empty ? 2 : 1
    if (empty) this.#leave()
    return true
  }

  /** Attributes up to `>` or `/>`, at which it stops. */
  #attributes(): Raw[] | undefined {
    const text = this.#text
    const found: Raw[] = []
    for (;;) {
      const before = this.#at
      this.#space()
      const c = text.charCodeAt(this.#at)
      if (c === GREATER || (c === SLASH && text.charCodeAt(this.#at + 1) === GREATER)) return found
      if (this.#at === before) return undefined
      const start = this.#at
      const prefix = this.#prefix()
      const local = this.#name()
      if (prefix === undefined || local === undefined || this.#at - start > this.#limits.name) return undefined
      const value = this.#value()
      if (value === undefined || ++this.#nodes > this.#limits.nodes) return undefined
      if (found.push({ prefix, local, value }) > this.#limits.attributes) return undefined
      if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) {
        if (!this.#bind(prefix === '' ? '' : local, value)) return undefined
      }
    }
  }

  #bind(prefix: string, uri: string): boolean {
    if (prefix === 'xml' || prefix === 'xmlns' || uri === XML_NAMESPACE || uri === XMLNS_NAMESPACE) return false
    if (uri !== uri.trim() || (uri === '' && prefix !== '')) return false
    this.#prefixes.push(prefix)
    this.#uris.push(uri)
    return true
  }

  #element(prefix: string, local: string, start: number, raw: readonly Raw[]): Growing | undefined {
    const namespace = this.#resolve(prefix)
    if (namespace === undefined) return undefined
    let attributes = NO_ATTRIBUTES as XmlAttribute[]
    let namespaces = NO_NAMESPACES as XmlNamespace[]
    for (const each of raw) {
      if (each.prefix === 'xmlns' || (each.prefix === '' && each.local === 'xmlns')) {
        const declared = each.prefix === '' ? '' : each.local
        if (namespaces.some((other) => other.prefix === declared)) return undefined
        if (namespaces === NO_NAMESPACES) namespaces = []
        namespaces.push({ prefix: declared, uri: each.value })
        continue
      }
      const its = each.prefix === '' ? '' : this.#resolve(each.prefix)
      if (its === undefined) return undefined
      for (const other of attributes) if (other.local === each.local && other.namespace === its) return undefined
      if (attributes === NO_ATTRIBUTES) attributes = []
      attributes.push({ prefix: each.prefix, local: each.local, namespace: its, value: each.value })
    }
    while (this.#nextLineEnd < start) {
      this.#line++
      this.#lineStart = this.#nextLineEnd + 1
      this.#nextLineEnd = this.#lineEnd(this.#lineStart)
    }
    return {
      prefix,
      local,
      namespace,
      attributes,
      namespaces,
      children: [],
      parent: this.#current,
      line: this.#line,
      column: start - this.#lineStart + 1,
      lostInstruction: false,
    }
  }

  #resolve(prefix: string): string | undefined {
    if (prefix === 'xml') return XML_NAMESPACE
    const at = this.#prefixes.lastIndexOf(prefix)
    if (at >= 0) return this.#uris[at]
    return prefix === '' ? '' : undefined
  }

  /** The quoted value after a name, normalised as for attributes of no declared type (XML 1.0, 3.3.3). */
  #value(): string | undefined {
    const text = this.#text
    this.#space()
    if (text.charCodeAt(this.#at) !== EQUALS) return undefined
    this.#at++
    this.#space()
    const quote = text[this.#at]
    if (quote !== '"' && quote !== "'") return undefined
    const end = text.indexOf(quote, this.#at + 1)
    if (end < 0) return undefined
    const raw = text.slice(this.#at + 1, end)
    this.#at = end + 1
    if (raw.includes('<')) return undefined
    return decoded(/[\t\n]/.test(raw) ? raw.replaceAll(/[\t\n]/g, ' ') : raw)
  }

  /** A prefix with its colon; '' when the name that follows has none. */
  #prefix(): string | undefined {
    const start = this.#at
    const first = this.#name()
    if (first === undefined) return undefined
    if (this.#text.charCodeAt(this.#at) !== COLON) {
      this.#at = start
      return ''
    }
    this.#at++
    return first
  }

  #name(): string | undefined {
    const text = this.#text
    const start = this.#at
    if (NAME[text.charCodeAt(start)] !== 2) return undefined
    let at = start + 1
    while ((NAME[text.charCodeAt(at)] ?? 0) > 0) at++
    // A name goes on in characters that are not ASCII.
    if (text.charCodeAt(at) > 127) return undefined
    this.#at = at
    return text.slice(start, at)
  }

  #space(): void {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at)
      if (c !== SPACE && c !== LINE_FEED && c !== TAB) return
      this.#at++
    }
  }

  #skip(what: string): boolean {
    if (!this.#text.startsWith(what, this.#at)) return false
    this.#at += what.length
    return true
  }

  #lineEnd(from: number): number {
    const at = this.#text.indexOf('\n', from)
    return at < 0 ? Infinity : at
  }
}

/** A text with its entities replaced; undefined when there are others than the five that need no declaration. */
function decoded(text: string): string | undefined {
  if (!text.includes('&')) return text
  let known = true
  const result = text.replaceAll(/&[^;&]{0,5};?/g, (reference) => {
    const character = ENTITIES[reference]
    if (character === undefined) known = false
    return character ?? ''
  })
  return known ? result : undefined
}
