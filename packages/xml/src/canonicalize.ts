import { resolvePrefix, type XmlAttribute, type XmlElement } from './element.ts'
import { escapeAttribute, escapeText } from './escape.ts'
import { XmlFault } from './fault.ts'

/** Parameters of {@link canonicalize}. */
export interface CanonicalizeOptions {
  /** The InclusiveNamespaces PrefixList; `#default` stands for the default namespace. */
  inclusivePrefixes?: readonly string[]
  /** Comments are never in the tree; the method with comments does not exist here. */
  comments?: false
}

type Scope = ReadonlyMap<string, string>

/**
 * The exclusive canonical form of one element and what it contains, without comments, as UTF-8
 * (W3C REC-xml-exc-c14n-20020718, 3; attributes, texts and escapes as in REC-xml-c14n-20010315).
 *
 * Throws {@link XmlFault} `lost-instruction` when reading dropped a processing instruction, which belongs to the
 * canonical form: a signature must not be checked over less than was signed.
 */
export function canonicalize(element: XmlElement, options: CanonicalizeOptions = {}): Uint8Array {
  const inclusive = (options.inclusivePrefixes ?? []).map((prefix) => (prefix === '#default' ? '' : prefix))
  return Buffer.from(write(element, new Map(), inclusive), 'utf8')
}

function write(element: XmlElement, rendered: Scope, inclusive: readonly string[]): string {
  if (element.lostInstruction) {
    throw new XmlFault('lost-instruction', 'A processing instruction was dropped', element.line, element.column)
  }
  const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`
  const added = newDeclarations(element, rendered, inclusive)
  let out = `<${name}`
  let scope = rendered
  if (added) {
    scope = new Map([...rendered, ...added])
    for (const [prefix, uri] of [...added].sort(([a], [b]) => compareCodePoints(a, b))) {
      out += `${prefix === '' ? ' xmlns' : ` xmlns:${prefix}`}="${escapeAttribute(uri)}"`
    }
  }
  for (const each of sortedAttributes(element.attributes)) {
    const attribute = each.prefix === '' ? each.local : `${each.prefix}:${each.local}`
    out += ` ${attribute}="${escapeAttribute(each.value)}"`
  }
  out += '>'
  for (const child of element.children) {
    out += typeof child === 'string' ? escapeText(child) : write(child, scope, inclusive)
  }
  return `${out}</${name}>`
}

/** The declarations that belong on this element because it or an attribute uses them; undefined when none do. */
function newDeclarations(
  element: XmlElement,
  rendered: Scope,
  inclusive: readonly string[],
): Map<string, string> | undefined {
  let added: Map<string, string> | undefined
  const use = (prefix: string, uri: string): void => {
    // The xml prefix is bound by definition and never declared.
    if (prefix === 'xml' || (rendered.get(prefix) ?? '') === uri) return
    added ??= new Map()
    added.set(prefix, uri)
  }
  use(element.prefix, element.namespace)
  for (const each of element.attributes) if (each.prefix !== '') use(each.prefix, each.namespace)
  for (const prefix of inclusive) {
    const uri = resolvePrefix(element, prefix) ?? (prefix === '' ? '' : undefined)
    if (uri !== undefined) use(prefix, uri)
  }
  return added
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
