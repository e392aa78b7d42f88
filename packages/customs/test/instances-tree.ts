/** Documents as trees that may be wrong in any way, grown from message tables, and written with all the liberties of XML. */
import type { MessageTable, TableNode } from '../src/index.ts'
import type { Chance } from './instances-random.ts'
import { edgeValues, rightValue } from './instances-values.ts'

/** An element as it will be written. */
export interface Grown {
  local: string
  namespace: string
  attributes: { local: string; namespace: string; value: string }[]
  children: Grown[]
  text: string
  /** its row; undefined for the root and for what no table has */
  readonly node: TableNode | undefined
}

/** What there is of what a table allows. */
export interface Growth {
  /** whether an optional row is there */
  readonly has: (node: TableNode) => boolean
  /** how often a row that may repeat is there, at least its lower bound */
  readonly times: (node: TableNode) => number
  readonly value: (node: TableNode) => string
}

/** Only what must be there. */
export const smallest = (chance: Chance): Growth => ({
  has: () => false,
  times: ({ min }) => Math.max(min, 1),
  value: ({ format }) => rightValue(format!, chance),
})

/** All optional parts. */
export const fullest = (chance: Chance): Growth => ({ ...smallest(chance), has: () => true })

/** Each value at a limit of its format, where that is right; the optional parts by chance. */
export const atLimits = (chance: Chance): Growth => ({
  has: () => chance.oneIn(2),
  times: ({ min, max }) => Math.max(min, Math.min(max, 1 + chance.below(2))),
  value: ({ format }) => {
    const right = edgeValues(format!, chance).filter(
      (value) => !format!.check(value) && format!.normalise(value) === value,
    )
    return chance.pick(
      right.toSorted((a, b) => a.length - b.length).filter((_, at, all) => at < 3 || at >= all.length - 3),
    )
  },
})

/** Anything that is right. */
export const anything = (chance: Chance): Growth => ({
  has: () => chance.oneIn(3),
  times: ({ min, max }) => Math.max(min, Math.min(max, 1 + chance.below(chance.oneIn(5) ? 4 : 2))),
  value: ({ format }) => rightValue(format!, chance),
})

/** A document of a message. */
export function grow({ root, phases }: MessageTable, growth: Growth, chance: Chance): Grown {
  const grown = element(root, growth, chance)
  if (phases.length > 0 && chance.oneIn(2)) {
    grown.attributes.push({ local: 'PhaseID', namespace: '', value: chance.pick(phases) })
  }
  return grown
}

function element(node: TableNode, growth: Growth, chance: Chance): Grown {
  const attributes = (node.attributes ?? [])
    .filter((each) => each.required || growth.has(each))
    .map((each) => ({ local: each.local, namespace: each.namespace, value: growth.value(each) }))
  return {
    local: node.local,
    namespace: node.namespace,
    attributes,
    children: (node.children ?? []).flatMap((child) => occurrences(child, growth, chance)),
    text: node.format ? growth.value(node) : '',
    node,
  }
}

function occurrences(node: TableNode, growth: Growth, chance: Chance): Grown[] {
  if (!node.required && !growth.has(node)) return []
  return Array.from({ length: growth.times(node) }, () => {
    if (node.kind === 'choice') return occurrences(chance.pick(node.children!), growth, chance)
    if (node.kind === 'sequence') return node.children!.flatMap((child) => occurrences(child, growth, chance))
    return [element(node, growth, chance)]
  }).flat()
}

/** All elements of a tree with the children that each is among. */
export function elementsOf(root: Grown): { element: Grown; siblings: Grown[] }[] {
  return root.children.flatMap((element) => [{ element, siblings: root.children }, ...elementsOf(element)])
}

/** How a document is written; what changes nothing for a reader of XML. */
export interface Hand {
  readonly indented: boolean
  /** one of these many texts is written in an unusual way; 0 for none */
  readonly unusual: number
  readonly comments: boolean
  /** end of lines */
  readonly line: string
}

export const plainHand: Hand = { indented: false, unusual: 0, comments: false, line: '\n' }

/** Any way of writing. */
export const anyHand = (chance: Chance): Hand => ({
  indented: chance.oneIn(2),
  unusual: chance.oneIn(4) ? 5 : 0,
  comments: chance.oneIn(6),
  line: chance.oneIn(8) ? '\r\n' : '\n',
})

/** The bytes of a tree. */
export function written(root: Grown, hand: Hand, chance: Chance): Uint8Array {
  const prefixes = new Map<string, string>()
  for (const { namespace, attributes } of [root, ...elementsOf(root).map(({ element }) => element)]) {
    for (const each of [namespace, ...attributes.map((attribute) => attribute.namespace)]) {
      if (each !== '' && !prefixes.has(each))
        prefixes.set(each, `${chance.pick(['ncts', 'n', 'ns', 'p-'])}${prefixes.size}`)
    }
  }
  const declared = [...prefixes].map(([uri, prefix]) => ` xmlns:${prefix}="${uri}"`).join('')
  const name = ({ namespace, local }: { namespace: string; local: string }): string =>
    namespace === '' ? local : `${prefixes.get(namespace)}:${local}`
  const write = (element: Grown, depth: number): string => {
    const attributes = element.attributes.map((each) => ` ${name(each)}="${quoted(each.value)}"`).join('')
    const start = `<${name(element)}${depth === 0 ? declared : ''}${attributes}`
    const gap = hand.indented ? `${hand.line}${'  '.repeat(depth)}` : ''
    const comment = hand.comments && chance.oneIn(12) ? `${gap}<!-- a comment -->` : ''
    const unusual = hand.unusual > 0 && element.children.length === 0 && chance.oneIn(hand.unusual)
    const text = spelt(element.text, unusual, chance)
    const inside = text + element.children.map((child) => write(child, depth + 1)).join('')
    if (inside === '' && chance.oneIn(3)) return `${comment}${gap}${start}/>`
    const end = element.children.length > 0 ? gap : ''
    return `${comment}${gap}${start}>${inside}${end}</${name(element)}>`
  }
  const declaration = chance.oneIn(3) ? '' : `<?xml version="1.0" encoding="UTF-8"?>`
  return new TextEncoder().encode(`${declaration}${write(root, 0).trimStart()}${hand.indented ? hand.line : ''}`)
}

const quoted = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** A text with its characters escaped; in an unusual hand also such as need not be. */
function spelt(text: string, unusual: boolean, chance: Chance): string {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;')
  if (!unusual || text === '') return plain
  const first = text.codePointAt(0)!
  const rest = text.slice(first > 0xffff ? 2 : 1)
  const escaped = rest.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const ways = [
    `&#${first};${escaped}`,
    `&#x${first.toString(16)};${escaped}`,
    text.includes(']]>') ? plain : `<![CDATA[${text}]]>`,
    `${plain}<!-- inside -->`,
    `<?page 1?>${plain}`,
  ]
  return chance.pick(ways)
}
