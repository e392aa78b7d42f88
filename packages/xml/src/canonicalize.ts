import { resolvePrefix, type XmlAttribute, type XmlElement, type XmlNamespace } from './element.ts'
import { escapeAttribute, escapeText } from './escape.ts'
import { XmlFault } from './fault.ts'

/** Parameters of {@link canonicalize}. */
export interface CanonicalizeOptions {
  /** The InclusiveNamespaces PrefixList; `#default` stands for the default namespace. */
  inclusivePrefixes?: readonly string[]
  /** Comments are never in the tree; the method with comments does not exist here. */
  comments?: false
}

/** A declaration that was written, and what the prefix stood for around its element. */
interface Declaration {
  prefix: string
  uri: string
  outer: string | undefined
}

const NONE: readonly Declaration[] = []

/**
 * The exclusive canonical form of one element and what it contains, without comments, as UTF-8
 * (W3C REC-xml-exc-c14n-20020718, 3; attributes, texts and escapes as in REC-xml-c14n-20010315).
 *
 * Throws {@link XmlFault} `lost-instruction` when reading dropped a processing instruction, which belongs to the
 * canonical form: a signature must not be checked over less than was signed.
 */
export function canonicalize(element: XmlElement, options: CanonicalizeOptions = {}): Uint8Array {
  const inclusive = (options.inclusivePrefixes ?? []).map((prefix) => (prefix === '#default' ? '' : prefix))
  return Buffer.from(new Writer(new Set(inclusive)).write(element), 'utf8')
}

// Each step costs what its element has, whatever stands around it: most of what is canonicalised is somebody's whose
// signature is still to be checked.
class Writer {
  readonly #inclusive: ReadonlySet<string>
  // What prefixes stand for in the elements that are open in the output; an element takes back its own at its end.
  readonly #rendered = new Map<string, string>()
  #out = ''

  constructor(inclusive: ReadonlySet<string>) {
    this.#inclusive = inclusive
  }

  write(apex: XmlElement): string {
    const bindings = [...this.#inclusive].map((prefix) => ({
      prefix,
      uri: resolvePrefix(apex, prefix) ?? (prefix === '' ? '' : undefined),
    }))
    this.#write(
      apex,
      bindings.filter((each): each is XmlNamespace => each.uri !== undefined),
    )
    return this.#out
  }

  /** `changed` are declarations that matter wherever they stand, if their prefix is an inclusive one. */
  #write(element: XmlElement, changed: readonly XmlNamespace[]): void {
    if (element.lostInstruction) {
      throw new XmlFault('lost-instruction', 'A processing instruction was dropped', element.line, element.column)
    }
    const name = qualified(element)
    const declarations = this.#declare(element, changed)
    this.#out += `<${name}`
    for (const { prefix, uri } of declarations) {
      this.#out += `${prefix === '' ? ' xmlns' : ` xmlns:${prefix}`}="${escapeAttribute(uri)}"`
    }
    for (const each of sortedAttributes(element.attributes)) {
      this.#out += ` ${qualified(each)}="${escapeAttribute(each.value)}"`
    }
    this.#out += '>'
    for (const child of element.children) {
      if (typeof child === 'string') this.#out += escapeText(child)
      else this.#write(child, child.namespaces)
    }
    this.#out += `</${name}>`
    for (const { prefix, outer } of declarations) {
      if (outer === undefined) this.#rendered.delete(prefix)
      else this.#rendered.set(prefix, outer)
    }
  }

  /** The declarations that belong on this element because it or an attribute uses them or they are inclusive, in order. */
  #declare(element: XmlElement, changed: readonly XmlNamespace[]): readonly Declaration[] {
    let added: Declaration[] | undefined
    const use = (prefix: string, uri: string): void => {
      const outer = this.#rendered.get(prefix)
      // The xml prefix is bound by definition and never declared.
      if (prefix === 'xml' || (outer ?? '') === uri) return
      this.#rendered.set(prefix, uri)
      added ??= []
      added.push({ prefix, uri, outer })
    }
    use(element.prefix, element.namespace)
    for (const each of element.attributes) if (each.prefix !== '') use(each.prefix, each.namespace)
    // Those around it were written where they were declared, or on the apex.
    for (const { prefix, uri } of changed) if (this.#inclusive.has(prefix)) use(prefix, uri)
    return added?.sort((a, b) => compareCodePoints(a.prefix, b.prefix)) ?? NONE
  }
}

function qualified({ prefix, local }: { prefix: string; local: string }): string {
  return prefix === '' ? local : `${prefix}:${local}`
}

function sortedAttributes(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
  if (attributes.length < 2) return attributes
  return [...attributes].sort(
    (a, b) => compareCodePoints(a.namespace, b.namespace) || compareCodePoints(a.local, b.local),
  )
}

/** Order by Unicode code point. JavaScript's own order is by UTF-16 unit, which puts U+10000 before U+E000. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at)
    const y = b.charCodeAt(at)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

// Surrogates stand for code points above every other unit.
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
