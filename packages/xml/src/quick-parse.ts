import type { XmlAttribute, XmlElement, XmlNamespace } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { dereferenced } from './references.ts'

// Most documents use little of XML: elements, attributes, text, references that need no declaration, names in ASCII.
// Those are read here, several times faster than by a parser for everything. What has anything else in it, or
// anything wrong, is not judged here at all: the caller reads it again with the parser that knows all and names faults.

type Growing = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: (XmlElement | string)[] }
type GrowingAttribute = { -readonly [K in keyof XmlAttribute]: XmlAttribute[K] }

/** What a prefix stands for: where it was declared, and what it stood for around that element. */
interface Binding {
  uri: string
  depth: number
  outer: Binding | undefined
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'
const NO_ATTRIBUTES: readonly XmlAttribute[] = []
const NO_NAMESPACES: readonly XmlNamespace[] = []
// Elements that nothing is ever added to share it: a million of them are cheaper so.
const NO_CHILDREN: (XmlElement | string)[] = []
const DECLARATION = /<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")? ?\?>/y
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNUSUAL = /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]|\]\]>/
/** Attributes of one element that are compared pair by pair. */
const FEW_ATTRIBUTES = 8
/** Names of attributes that are remembered at a time. */
const MOST_OWNERS = 10_000
/** Names that are kept to be used again. */
const KNOWN_NAMES = 251

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

// The methods that answer whether something was read leave the reader where it stood when they say no: all is over then.
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
  // Names that came before, each at the place that its characters give.
  readonly #names = Array<string>(KNOWN_NAMES)
  // The name that was read last.
  #prefix = ''
  #local = ''
  // The tag being read.
  #attributes = NO_ATTRIBUTES as GrowingAttribute[]
  #namespaces = NO_NAMESPACES as XmlNamespace[]
  // Elements with many attributes have a number each; under the name of an attribute, the last that had one so named.
  readonly #lastOwners = new Map<string, number>()
  #owner = 0
  readonly #scope = new Map<string, Binding>()

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
      const sound = isEnd ? this.#endTag() : this.#startTag()
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
    const value = dereferenced(this.#text.slice(start, end))
    if (value === undefined || !this.#count()) return false
    this.#current!.children.push(value)
    return true
  }

  #endTag(): boolean {
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
    const { namespaces, parent } = this.#current!
    for (const { prefix } of namespaces) {
      const { outer } = this.#scope.get(prefix)!
      if (outer) this.#scope.set(prefix, outer)
      else this.#scope.delete(prefix)
    }
    this.#current = parent as Growing | undefined
    this.#depth--
  }

  #startTag(): boolean {
    const start = this.#at
    if (this.#text.charCodeAt(start) !== LESS) return false
    this.#at++
    if (!this.#name() || !this.#count() || ++this.#depth > this.#limits.depth) return false
    const [prefix, local] = [this.#prefix, this.#local]
    if (!this.#takeAttributes() || !this.#resolveAttributes()) return false
    const namespace = prefix === '' ? (this.#scope.get('')?.uri ?? '') : this.#resolve(prefix)
    if (namespace === undefined) return false
    this.#goToLineOf(start)
    const empty = this.#text.charCodeAt(this.#at) === SLASH
    const element: Growing = {
      prefix,
      local,
      namespace,
      attributes: this.#attributes,
      namespaces: this.#namespaces,
      children: empty ? NO_CHILDREN : [],
      parent: this.#current,
      line: this.#line,
      column: start - this.#lineStart + 1,
      lostInstruction: false,
    }
    if (this.#current) this.#current.children.push(element)
    else this.#root = element
    this.#current = element
    this.#at += empty ? 2 : 1
    if (empty) this.#leave()
    return true
  }

  /** Attributes and declarations up to `>` or `/>`, at which it stops; the prefixes of attributes are not resolved yet. */
  #takeAttributes(): boolean {
    const text = this.#text
    this.#attributes = NO_ATTRIBUTES as GrowingAttribute[]
    this.#namespaces = NO_NAMESPACES as XmlNamespace[]
    for (let count = 0; ; count++) {
      const before = this.#at
      this.#space()
      const c = text.charCodeAt(this.#at)
      if (c === GREATER || (c === SLASH && text.charCodeAt(this.#at + 1) === GREATER)) return true
      if (this.#at === before || count === this.#limits.attributes || !this.#name()) return false
      const [prefix, local] = [this.#prefix, this.#local]
      const value = this.#value()
      if (value === undefined || !this.#count()) return false
      if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) {
        if (!this.#declare(prefix === '' ? '' : local, value)) return false
      } else {
        if (this.#attributes === NO_ATTRIBUTES) this.#attributes = []
        this.#attributes.push({ prefix, local, namespace: '', value })
      }
    }
  }

  #declare(prefix: string, uri: string): boolean {
    if (prefix === 'xml' || prefix === 'xmlns' || uri === XML_NAMESPACE || uri === XMLNS_NAMESPACE) return false
    if (uri !== uri.trim() || (uri === '' && prefix !== '') || uri.length > this.#limits.name) return false
    const outer = this.#scope.get(prefix)
    if (outer?.depth === this.#depth) return false
    this.#scope.set(prefix, { uri, depth: this.#depth, outer })
    if (this.#namespaces === NO_NAMESPACES) this.#namespaces = []
    this.#namespaces.push({ prefix, uri })
    return true
  }

  /** Gives the attributes of the tag their namespaces; false when one is unbound or an attribute is there twice. */
  #resolveAttributes(): boolean {
    const attributes = this.#attributes
    for (const each of attributes) {
      if (each.prefix === '') continue
      const namespace = this.#resolve(each.prefix)
      if (namespace === undefined) return false
      each.namespace = namespace
    }
    return attributes.length <= FEW_ATTRIBUTES ? areDistinct(attributes) : this.#areDistinct(attributes)
  }

  /** As {@link areDistinct}, in time that does not grow with the square of their number. */
  #areDistinct(attributes: readonly XmlAttribute[]): boolean {
    if (this.#lastOwners.size > MOST_OWNERS) this.#lastOwners.clear()
    const owner = ++this.#owner
    for (const { namespace, local } of attributes) {
      const name = namespace === '' ? local : `{${namespace}}${local}`
      if (this.#lastOwners.get(name) === owner) return false
      this.#lastOwners.set(name, owner)
    }
    return true
  }

  #resolve(prefix: string): string | undefined {
    return prefix === 'xml' ? XML_NAMESPACE : this.#scope.get(prefix)?.uri
  }

  #goToLineOf(at: number): void {
    while (this.#nextLineEnd < at) {
      this.#line++
      this.#lineStart = this.#nextLineEnd + 1
      this.#nextLineEnd = this.#lineEnd(this.#lineStart)
    }
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
    let raw = text.slice(this.#at + 1, end)
    this.#at = end + 1
    if (raw.includes('<')) return undefined
    // Many times faster than replacing them, where there are many.
    if (raw.includes('\n')) raw = raw.split('\n').join(' ')
    if (raw.includes('\t')) raw = raw.split('\t').join(' ')
    return dereferenced(raw)
  }

  /** A name, with its prefix or without, into #prefix and #local. */
  #name(): boolean {
    const start = this.#at
    this.#prefix = ''
    if (!this.#namePart()) return false
    if (this.#text.charCodeAt(this.#at) === COLON) {
      this.#at++
      this.#prefix = this.#local
      if (!this.#namePart()) return false
    }
    return this.#at - start <= this.#limits.name
  }

  #namePart(): boolean {
    const text = this.#text
    const start = this.#at
    let hash = text.charCodeAt(start)
    if (NAME[hash] !== 2) return false
    let at = start + 1
    let c = text.charCodeAt(at)
    for (; (NAME[c] ?? 0) > 0; c = text.charCodeAt(++at)) hash = (hash * 31 + c) & 0xffff
    // A name goes on in characters that are not ASCII.
    if (c > 127) return false
    this.#at = at
    this.#local = this.#known(start, at, hash % KNOWN_NAMES)
    return true
  }

  /** A name of the text, as the same string each time it comes: a document has few names and many uses of each. */
  #known(start: number, end: number, place: number): string {
    const known = this.#names[place]
    if (known?.length === end - start && this.#text.startsWith(known, start)) return known
    return (this.#names[place] = this.#text.slice(start, end))
  }

  #count(): boolean {
    return ++this.#nodes <= this.#limits.nodes
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
    if (this.#text.charCodeAt(from) === LINE_FEED) return from
    const at = this.#text.indexOf('\n', from)
    return at < 0 ? Infinity : at
  }
}

/** Whether no two attributes have the same local name and namespace. */
function areDistinct(attributes: readonly XmlAttribute[]): boolean {
  for (let at = 1; at < attributes.length; at++) {
    const { local, namespace } = attributes[at]!
    for (let before = 0; before < at; before++) {
      if (attributes[before]!.local === local && attributes[before]!.namespace === namespace) return false
    }
  }
  return true
}
