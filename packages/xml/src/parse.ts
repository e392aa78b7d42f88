import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'
import { decode } from './decode.ts'
import type { XmlAttribute, XmlElement, XmlNamespace } from './element.ts'
import { tooManyNodes, XmlFault, type XmlFaultCode } from './fault.ts'
import { DEFAULT_LIMITS, type XmlLimits } from './limits.ts'
import { parseQuickly } from './quick-parse.ts'

/** How strict {@link parse} is. */
export interface ParseOptions {
  /** Limits other than {@link DEFAULT_LIMITS}. */
  limits?: Partial<XmlLimits>
  /** What to refuse besides DOCTYPE. What is allowed but not kept (comments, instructions) is dropped. */
  refuse?: { comments?: boolean; processingInstructions?: boolean; cdata?: boolean }
}

type Growing = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: (XmlElement | string)[] }

const NO_ATTRIBUTES: readonly XmlAttribute[] = []
const NO_NAMESPACES: readonly XmlNamespace[] = []

/**
 * Reads one document strictly: XML 1.0 with namespaces, UTF-8 (a byte order mark is allowed), no DOCTYPE ever, and
 * within {@link XmlLimits}. Every element knows its line and column.
 *
 * Throws {@link XmlFault} with code, place and remedy at the first fault; nothing is returned for a faulty document.
 */
export function parse(bytes: Uint8Array, options: ParseOptions = {}): XmlElement {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  if (bytes.length > limits.bytes) {
    throw new XmlFault('too-large', `The document has ${bytes.length} bytes, ${limits.bytes} are allowed`)
  }
  const text = decode(bytes)
  return parseQuickly(text, limits) ?? parseFully(text, limits, options.refuse)
}

/** Reads a document whatever of XML it uses, or names its fault. */
export function parseFully(text: string, limits: XmlLimits, refuse: ParseOptions['refuse'] = {}): XmlElement {
  reading = new Reader(text, limits, refuse)
  try {
    return reading.read()
  } finally {
    // Or the last document would stay in memory until the next one comes.
    reading = undefined!
  }
}

// saxes calls handlers that were set with `on`, by a keyed store on the parser itself: from the fourth one on, V8 keeps
// such a parser as a slow dictionary and reading takes five times as long. Set once on the prototype, they cost nothing.
// Reading is synchronous, so one variable says whose document is being read.
class GuardedParser extends SaxesParser<{ xmlns: true; position: true }> {}
let reading: Reader
const handlers = GuardedParser.prototype
handlers.on('error', (error) => reading.notWellFormed(error.message))
handlers.on('xmldecl', (declaration) => reading.declaration(declaration.version, declaration.encoding))
// What decode() looks for; here in case that the two ever disagree about where the prolog ends.
handlers.on('doctype', () => reading.notWellFormed('doctype'))
handlers.on('opentagstart', (tag) => reading.tagStart(tag.name))
handlers.on('attribute', (attribute) => reading.attribute(attribute))
handlers.on('opentag', (tag) => reading.open(tag))
handlers.on('closetag', () => reading.close())
handlers.on('text', (text) => reading.append(text))
handlers.on('cdata', (text) => reading.cdata(text))
handlers.on('comment', () => reading.comment())
handlers.on('processinginstruction', (instruction) => reading.instruction(instruction.body))

class Reader {
  readonly #text: string
  readonly #limits: XmlLimits
  readonly #refuse: NonNullable<ParseOptions['refuse']>
  readonly #parser = new GuardedParser({ xmlns: true, position: true })
  root: XmlElement | undefined
  #current: Growing | undefined
  #attributes: SaxesAttributeNS[] = []
  #depth = 0
  #nodes = 0
  // Where the tag being read starts, and the line that is in; line ends are searched once, however long the lines are.
  #line = 1
  #lineStart = 0
  #nextLineEnd: number
  #column = 1

  constructor(text: string, limits: XmlLimits, refuse: NonNullable<ParseOptions['refuse']>) {
    this.#text = text
    this.#limits = limits
    this.#refuse = refuse
    this.#nextLineEnd = this.#lineEnd(0)
  }

  read(): XmlElement {
    this.#parser.write(this.#text).close()
    return this.root!
  }

  #fail(code: XmlFaultCode, text: string): never {
    throw new XmlFault(code, text, this.#parser.line, this.#parser.columnIndex)
  }

  notWellFormed(message: string): never {
    // Some of saxes' messages repeat a name, of any length and with any word in it, behind a colon.
    const text = message.replace(/^\d+:\d+: /, '').slice(0, 160)
    const [what = ''] = text.split(':', 1)
    if (what === 'duplicate attribute') this.#fail('duplicate-attribute', 'An attribute is given twice')
    if (what.includes('doctype')) this.#fail('doctype', 'A DOCTYPE declaration is not allowed')
    if (/namespace|prefix|xmlns/.test(what)) this.#fail('namespace', `Not well-formed: ${text}`)
    this.#fail('not-well-formed', `Not well-formed: ${text}`)
  }

  declaration(version: string | undefined, encoding: string | undefined): void {
    if (version !== '1.0') this.#fail('xml-version', 'Only XML 1.0 is read')
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) {
      this.#fail('not-utf8', `The document declares the encoding ${encoding.slice(0, 40)}`)
    }
  }

  // Runs before saxes resolves the prefixes of the tag, which costs it time proportional to the depth.
  tagStart(name: string): void {
    if (++this.#depth > this.#limits.depth) {
      this.#fail('too-deep', `Elements are nested more than ${this.#limits.depth} deep`)
    }
    this.#name(name)
    // The parser stands behind the character that ended the name.
    const at = this.#parser.position - name.length - 2
    while (this.#nextLineEnd < at) {
      this.#line++
      this.#lineStart = this.#nextLineEnd + 1
      this.#nextLineEnd = this.#lineEnd(this.#lineStart)
    }
    this.#column = at - this.#lineStart + 1
  }

  #lineEnd(from: number): number {
    const at = this.#text.indexOf('\n', from)
    return at < 0 ? Infinity : at
  }

  #name(name: string): void {
    this.#count()
    if (name.length > this.#limits.name) {
      this.#fail('name-too-long', `A name is longer than ${this.#limits.name} characters`)
    }
    // saxes checks the characters of a whole name, but not that its local part could start one.
    const colon = name.indexOf(':')
    if (colon >= 0 && neverStartsName(name.charCodeAt(colon + 1))) {
      this.#fail('namespace', 'The part of a name after its prefix cannot start so')
    }
  }

  #count(): void {
    if (++this.#nodes > this.#limits.nodes) throw tooManyNodes(this.#limits.nodes)
  }

  attribute(attribute: SaxesAttributeNS): void {
    this.#name(attribute.name)
    if (this.#attributes.push(attribute) > this.#limits.attributes) {
      this.#fail('too-many-attributes', `An element has more than ${this.#limits.attributes} attributes`)
    }
    if (!isDeclaration(attribute)) return
    // saxes trims namespace names; two readers would then disagree about the namespace.
    if (attribute.value !== attribute.value.trim()) {
      this.#fail('namespace', 'A namespace name has white space around it')
    }
    // saxes puts the namespace name and the local name together for every attribute.
    if (attribute.value.length > this.#limits.name) {
      this.#fail('name-too-long', `A namespace name is longer than ${this.#limits.name} characters`)
    }
  }

  open(tag: SaxesTagNS): void {
    const parent = this.#current
    const read = this.#attributes
    const element: Growing = {
      prefix: tag.prefix,
      local: tag.local,
      namespace: tag.uri,
      attributes: NO_ATTRIBUTES,
      namespaces: NO_NAMESPACES,
      children: [],
      parent,
      line: this.#line,
      column: this.#column,
      lostInstruction: false,
    }
    if (read.length > 0) {
      const attributes: XmlAttribute[] = []
      const namespaces: XmlNamespace[] = []
      for (const each of read) {
        if (isDeclaration(each)) namespaces.push({ prefix: each.prefix === '' ? '' : each.local, uri: each.value })
        else attributes.push({ prefix: each.prefix, local: each.local, namespace: each.uri, value: each.value })
      }
      element.attributes = attributes
      element.namespaces = namespaces
      this.#attributes = []
    }
    if (parent) parent.children.push(element)
    else this.root = element
    this.#current = element
  }

  close(): void {
    this.#depth--
    this.#current = this.#current!.parent as Growing | undefined
  }

  cdata(text: string): void {
    if (this.#refuse.cdata) this.#fail('cdata', 'A CDATA section is not allowed here')
    this.append(text)
  }

  comment(): void {
    if (this.#refuse.comments) this.#fail('comment', 'A comment is not allowed here')
  }

  instruction(body: string): void {
    // saxes takes `<?a?b?>` for an instruction: between target and body there must be white space (XML 1.0, 2.6).
    const before = this.#text[this.#parser.position - body.length - 3]
    if (body !== '' && !/[\t\n ]/.test(before ?? '')) {
      this.#fail('not-well-formed', 'Not well-formed: an instruction has no white space behind its target')
    }
    if (this.#refuse.processingInstructions) {
      this.#fail('processing-instruction', 'A processing instruction is not allowed here')
    }
    if (this.#current) this.#current.lostInstruction = true
  }

  // A comment, a CDATA section or an instruction splits a text; joined, every reader sees the same one.
  append(text: string): void {
    const children = this.#current?.children
    if (!children || text === '') return
    const last = children.length - 1
    const before = children[last]
    if (typeof before === 'string') {
      children[last] = before + text
    } else {
      this.#count()
      children.push(text)
    }
  }
}

function isDeclaration(attribute: SaxesAttributeNS): boolean {
  return attribute.prefix === 'xmlns' || attribute.name === 'xmlns'
}

// The name characters that are no name start characters (XML 1.0, 5th edition, productions 4 and 4a).
function neverStartsName(c: number): boolean {
  return c < 0x41 || c === 0xb7 || (c >= 0x300 && c <= 0x36f) || c === 0x203f || c === 0x2040
}
