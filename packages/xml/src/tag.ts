import type { XmlAttribute, XmlElement, XmlNamespace } from './element.ts'
import type { Scanner } from './scanner.ts'
import { shown } from './scanner.ts'
import type { Scope } from './scope.ts'

const [SLASH, EQUALS, GREATER] = [47, 61, 62]

const NO_ATTRIBUTES: readonly XmlAttribute[] = []
const NO_NAMESPACES: readonly XmlNamespace[] = []
/** Shared by elements that have none, until {@link addChild}. */
const NO_CHILDREN: (XmlElement | string)[] = []

/** An attribute as written, and where. */
interface Raw {
  readonly prefix: string
  readonly local: string
  readonly value: string
  readonly at: number
}

/** An element while its content is read. */
export type Growing = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: (XmlElement | string)[] }

/** Gives an element another child. */
export function addChild(element: Growing, child: XmlElement | string): void {
  if (element.children === NO_CHILDREN) element.children = [child]
  else element.children.push(child)
}

/** Takes the start tag at the scanner up to its `>` or `/>`; its element begins in the scope. */
export function takeTag(scanner: Scanner, scope: Scope, parent: Growing | undefined): Growing {
  const start = scanner.at
  scanner.at += 1
  scanner.takeName()
  const { prefix, local } = scanner
  scanner.count()
  const raw = takeAttributes(scanner)
  const declared = raw && declarations(raw, scanner)
  const problem = scope.enter(declared)
  if (problem !== undefined) scanner.fail('namespace', problem, start)
  const namespace = scope.resolve(prefix) ?? unbound(prefix, start, scanner)
  scanner.locate(start)
  return {
    prefix,
    local,
    namespace,
    attributes: raw ? resolved(raw, scanner, scope) : NO_ATTRIBUTES,
    namespaces: declared ?? NO_NAMESPACES,
    children: NO_CHILDREN,
    parent,
    line: scanner.line,
    column: scanner.column,
    lostInstruction: false,
  }
}

const isDeclaration = ({ prefix, local }: Raw): boolean => prefix === 'xmlns' || (prefix === '' && local === 'xmlns')

/** Attributes up to `>` or `/>`, at which it stops; undefined when there are none. */
function takeAttributes(scanner: Scanner): Raw[] | undefined {
  const { text, limits } = scanner
  let found: Raw[] | undefined
  for (;;) {
    const isApart = scanner.space()
    const unit = text.charCodeAt(scanner.at)
    if (unit === GREATER) return found
    if (unit === SLASH) {
      if (text.charCodeAt(scanner.at + 1) === GREATER) return found
      if (scanner.at + 1 < text.length) scanner.wrong('a / in a tag', scanner.at)
    }
    if (scanner.at >= text.length || unit === SLASH) scanner.unfinished('a tag')
    if (!isApart) scanner.wrong('white space or the end of the tag is expected', scanner.at)
    const at = scanner.at
    scanner.takeName()
    const { prefix, local } = scanner
    scanner.count()
    found ??= []
    if (found.length >= limits.attributes) {
      scanner.fail('too-many-attributes', `An element has more than ${limits.attributes} attributes`, at)
    }
    found.push({ prefix, local, value: takeValue(scanner), at })
  }
}

/** The quoted value after a name, normalised as for attributes of no declared type (XML 1.0, 3.3.3). */
function takeValue(scanner: Scanner): string {
  const { text } = scanner
  scanner.space()
  if (scanner.at >= text.length) scanner.unfinished('a tag')
  if (text.charCodeAt(scanner.at) !== EQUALS) scanner.wrong('an attribute without a value', scanner.at)
  scanner.at += 1
  scanner.space()
  const start = scanner.at + 1
  const quote = text.charAt(scanner.at)
  if (quote === '') scanner.unfinished('a tag')
  if (quote !== '"' && quote !== "'") scanner.wrong('a quoted value is expected', scanner.at)
  const end = text.indexOf(quote, start)
  const raw = text.slice(start, end < 0 ? text.length : end)
  const less = raw.indexOf('<')
  if (less >= 0) scanner.wrong('a < in the value of an attribute', start + less)
  if (end < 0) scanner.unfinished('the value of an attribute')
  scanner.at = end + 1
  return scanner.dereferenced(/[\t\n]/.test(raw) ? raw.replaceAll(/[\t\n]/g, ' ') : raw, start)
}

/** The namespace declarations among attributes; undefined when there are none. */
function declarations(raw: readonly Raw[], scanner: Scanner): XmlNamespace[] | undefined {
  let found: XmlNamespace[] | undefined
  for (const each of raw) {
    if (!isDeclaration(each)) continue
    const declared = each.prefix === '' ? '' : each.local
    found ??= []
    for (const other of found) if (other.prefix === declared) twice(each, scanner)
    found.push({ prefix: declared, uri: each.value })
  }
  return found
}

function resolved(raw: readonly Raw[], scanner: Scanner, scope: Scope): readonly XmlAttribute[] {
  let found: XmlAttribute[] | undefined
  for (const each of raw) {
    if (isDeclaration(each)) continue
    const { prefix, local, value, at } = each
    // An attribute without a prefix is in no namespace, whatever the default one is.
    const namespace = prefix === '' ? '' : (scope.resolve(prefix) ?? unbound(prefix, at, scanner))
    found ??= []
    for (const other of found) if (other.local === local && other.namespace === namespace) twice(each, scanner)
    found.push({ prefix, local, namespace, value })
  }
  return found ?? NO_ATTRIBUTES
}

function unbound(prefix: string, at: number, scanner: Scanner): never {
  return scanner.fail('namespace', `Not well-formed: the prefix ${shown(prefix)} is not declared`, at)
}

function twice({ at }: Raw, scanner: Scanner): never {
  return scanner.fail('duplicate-attribute', 'An attribute is given twice', at)
}
