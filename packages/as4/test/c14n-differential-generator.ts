import { childElements, escapeAttribute, escapeText, type XmlElement } from '@corridor/xml'

// Writes one document in as many ways as there are: other prefixes, declared anywhere and more than are needed, other
// order, quotes and white space in tags, characters by reference. What it says stays the same.

/** Numbers below a bound, the same for the same seed. */
export type Pick = (below: number) => number

export function seeded(seed: number): Pick {
  let state = seed >>> 0
  return (below) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** An element to be written; `''` is no namespace. */
export interface Node {
  namespace: string
  local: string
  attributes: { namespace: string; local: string; value: string }[]
  children: (Node | string)[]
}

export function nodeOf(element: XmlElement): Node {
  return {
    namespace: element.namespace,
    local: element.local,
    attributes: element.attributes.map(({ namespace, local, value }) => ({ namespace, local, value })),
    children: element.children.map((each) => (typeof each === 'string' ? each : nodeOf(each))),
  }
}

type Scope = ReadonlyMap<string, string>

export const XML = 'http://www.w3.org/XML/1998/namespace'
const PREFIXES = ['', 'a', 'A', 'b', 'eb', 'S12', 'wsu', 'é', 'x-1', '_', 'ns10', 'ns2', '\uF900', '\u{10400}']
// libxml2 does not escape namespace names (seen with 0.7.2), which would not read back: none here needs it.
const NAMES = ['urn:unused', 'urn:a?b=c', 'urn:%C3%A9', 'urn:A', 'urn:a']
const TEXTS = [
  'x',
  ' ',
  '\n',
  '\t',
  '\r',
  '&',
  '<',
  '>',
  '"',
  "'",
  ']]',
  'é',
  '€',
  '\u{1F600}',
  '\u0085',
  '\u2028',
  '\uFFFD',
  'ﬀ',
  'e\u0301',
  '\u202E',
]

const one = <T>(pick: Pick, of: readonly T[]): T => of[pick(of.length)]!

/** The element in some way of writing it, with all that it holds. */
export function write(node: Node, pick: Pick, scope: Scope = new Map()): string {
  const declared = new Map<string, string>()
  // Prefixes whose meaning in this tag may not change any more.
  const settled = new Set<string>()
  const prefixFor = (namespace: string, isAttribute: boolean): string => {
    if (namespace === XML) return 'xml'
    const meaning = (prefix: string): string => declared.get(prefix) ?? scope.get(prefix) ?? ''
    if (namespace === '' && meaning('') !== '') declared.set('', '')
    const usable = namespace === '' ? [''] : PREFIXES.filter((each) => each !== '' || !isAttribute)
    const bound = usable.filter((each) => meaning(each) === namespace)
    const isNew = bound.length === 0 || (namespace !== '' && pick(4) === 0)
    const prefix = one(pick, isNew ? usable.filter((each) => !settled.has(each)) : bound)
    if (isNew) declared.set(prefix, namespace)
    settled.add(prefix)
    return prefix
  }
  const prefix = prefixFor(node.namespace, false)
  const attributes = node.attributes.map(({ namespace, local, value }) => {
    const its = namespace === '' ? '' : prefixFor(namespace, true)
    return `${its === '' ? '' : `${its}:`}${local}=${quoted(value, pick)}`
  })
  // Declarations that nobody needs, some of them hiding what is bound outside.
  while (pick(3) === 0) {
    const needless = one(pick, PREFIXES)
    if (!settled.has(needless)) declared.set(needless, one(pick, NAMES))
  }
  const declarations = [...declared].map(
    ([each, name]) => `xmlns${each === '' ? '' : `:${each}`}="${escapeAttribute(name)}"`,
  )
  const name = prefix === '' ? node.local : `${prefix}:${node.local}`
  const tag = [name, ...shuffled([...declarations, ...attributes], pick)].join(one(pick, [' ', '  ', '\n', ' \t']))
  const space = one(pick, ['', '', ' ', '\n'])
  if (node.children.length === 0 && pick(2) === 0) return `<${tag}${space}/>`
  const inner = new Map([...scope, ...declared])
  const content = node.children.map((each) => (typeof each === 'string' ? text(each, pick) : write(each, pick, inner)))
  return `<${tag}${space}>${content.join('')}</${name}${space}>`
}

function shuffled<T>(list: T[], pick: Pick): T[] {
  for (let n = list.length - 1; n > 0; n--) {
    const other = pick(n + 1)
    ;[list[n], list[other]] = [list[other]!, list[n]!]
  }
  return list
}

function characters(value: string, pick: Pick, escape: (one: string) => string): string {
  return [...value]
    .map((each) => {
      const way = pick(20)
      const code = each.codePointAt(0)!
      if (way === 0) return `&#${code};`
      if (way === 1) return `&#x${code.toString(16)};`
      return escape(each)
    })
    .join('')
}

// A word between at signs stands for something that is put there later.
function text(value: string, pick: Pick): string {
  if (/^@.*@$/.test(value)) return value
  return characters(value, pick, escapeText)
}

function quoted(value: string, pick: Pick): string {
  const written = characters(value, pick, escapeAttribute)
  return pick(3) === 0 ? `'${written.replaceAll("'", '&apos;')}'` : `"${written}"`
}

/** An element that means nothing, with others inside. */
export function grow(pick: Pick, depth: number): Node {
  const attributes = new Map<string, Node['attributes'][number]>()
  for (let n = pick(4); n > 0; n--) {
    const namespace = one(pick, ['', '', ...NAMES, XML])
    const local =
      namespace === XML ? one(pick, ['lang', 'space', 'base']) : one(pick, ['a', 'B', 'é', 'z1', '\uF901', '\u{10401}'])
    attributes.set(`${namespace} ${local}`, { namespace, local, value: line(pick) })
  }
  const children: (Node | string)[] = []
  for (let n = depth > 0 ? pick(4) : 0; n > 0; n--) children.push(pick(2) === 0 ? line(pick) : grow(pick, depth - 1))
  return {
    namespace: one(pick, ['', ...NAMES]),
    local: one(pick, ['e', 'F', 'ö']),
    attributes: [...attributes.values()],
    children: children.filter((each) => each !== ''),
  }
}

function line(pick: Pick): string {
  return Array.from({ length: pick(5) }, () => one(pick, TEXTS)).join('')
}

/** A list of prefixes to be treated inclusively, some of them unknown. */
export function prefixList(pick: Pick): string[] {
  return pick(2) === 0
    ? []
    : Array.from({ length: 1 + pick(3) }, () => one(pick, [...PREFIXES.slice(1), '#default', 'gone']))
}

/** The child elements of a node. */
export function childNodes(node: Node): Node[] {
  return node.children.filter((child) => typeof child !== 'string')
}

/** The first descendant of a name in a tree. */
export function findNode(node: Node, local: string): Node {
  const queue: Node[] = [node]
  for (const each of queue) {
    if (each.local === local) return each
    queue.push(...childNodes(each))
  }
  throw new Error(`no ${local}`)
}

/** All elements of a tree in document order. */
export function allElements(element: XmlElement): XmlElement[] {
  return [element, ...childElements(element).flatMap(allElements)]
}
