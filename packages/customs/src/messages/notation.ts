/**
 * The cells of a message table that say more than NCTS needs.
 *
 * | written | means |
 * |---|---|
 * | head `#namespace` + uri, or `none` | the namespace of the document element |
 * | head `#elements` + `qualified` | elements without a prefix in the table are in that namespace too (else in none) |
 * | head `#xmlns:ram` + uri | `ram:ID` in the table is in this namespace |
 * | `@currencyID` | an attribute of the element that the row is below |
 * | `(choice)`, `(sequence)` | one of the rows below, or all of them, with no element around them |
 * | `(sequence Entry)` | the same as an object `Entry` in the JSON form; only so may it repeat |
 * | `9x`, `*x`, `2..9x` | at most nine, any number, two to nine |
 */
import { CustomsFault } from '../faults.ts'
import type { TableNode } from './fields.ts'
import type { WrittenNames } from './write.ts'

/** Which names of a table are in which namespace. */
export interface Namespaces {
  /** of the document element; '' for none */
  readonly target: string
  /** of elements without a prefix */
  readonly unprefixed: string
  readonly prefixes: ReadonlyMap<string, string>
}

/** What the head lines of a table say about namespaces. Throws `table-syntax`. */
export function namespacesOf(head: ReadonlyMap<string, string>, what: string): Namespaces {
  const given = head.get('namespace') ?? 'none'
  const target = given === 'none' ? '' : given
  const elements = head.get('elements') ?? 'unqualified'
  if (!/^(?:un)?qualified$/.test(elements)) {
    throw new CustomsFault('table-syntax', `${what}: #elements is qualified or unqualified, not ${elements}`)
  }
  const prefixes = new Map<string, string>()
  for (const [key, uri] of head) {
    const prefix = /^xmlns:(.*)$/.exec(key)?.[1]
    if (prefix === undefined) continue
    if (!/^(?!xml)[A-Za-z_][\w.-]*$/i.test(prefix) || !/^\S+$/.test(uri)) {
      throw new CustomsFault('table-syntax', `${what}: #${key} is no prefix with a namespace`)
    }
    prefixes.set(prefix, uri)
  }
  return { target, unprefixed: elements === 'qualified' ? target : '', prefixes }
}

/** The namespaces of a message with those of the shared groups. Throws `table-syntax` when they contradict each other. */
export function joined(own: Namespaces, shared: Namespaces | undefined, what: string): Namespaces {
  if (!shared) return own
  if (own.unprefixed !== shared.unprefixed) {
    throw new CustomsFault('table-syntax', `${what}: #elements and #namespace are not as in the groups`)
  }
  for (const [prefix, uri] of shared.prefixes) {
    const other = own.prefixes.get(prefix) ?? uri
    if (other !== uri) throw new CustomsFault('table-syntax', `${what}: #xmlns:${prefix} is another one in the groups`)
  }
  return { ...own, prefixes: new Map([...shared.prefixes, ...own.prefixes]) }
}

/** The prefix of a message's own namespace where its table declares none; it is what most public samples of NCTS use. */
const usualPrefix = 'ncts'

/** How names are written: with the prefixes of the table. */
export function writtenNames({ target, unprefixed, prefixes }: Namespaces): WrittenNames {
  const [declared] = [...prefixes].find(([, uri]) => uri === target) ?? []
  // Where all elements are in the message's namespace, it can be the default one.
  const targetPrefix = declared ?? (target === '' || unprefixed !== '' ? '' : usualPrefix)
  return { target, targetPrefix, declared: prefixes }
}

type Name = Pick<TableNode, 'name' | 'kind' | 'local' | 'namespace'>

/** A name cell; a text says what is wrong with it. */
export function readName(cell: string, { unprefixed, prefixes }: Namespaces): Name | string {
  const model = /^\((choice|sequence)(?: ([A-Za-z_][\w.-]*))?\)$/.exec(cell)
  if (model) return { kind: model[1] as 'choice' | 'sequence', name: model[2] ?? '', local: '', namespace: '' }
  const parts = /^(@)?(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)$/.exec(cell)
  if (!parts || cell === '__proto__') return 'not an XML name'
  const [, at, prefix, local = ''] = parts
  const namespace = prefix === undefined ? (at ? '' : unprefixed) : prefixes.get(prefix)
  if (namespace === undefined) return `there is no line #xmlns:${prefix}`
  return { ...(at && { kind: 'attribute' as const }), name: cell, local, namespace }
}

/** A cardinality cell; a text says what is wrong with it. */
export function readCardinality(cell: string, required: boolean): { min: number; max: number } | string {
  const parts = /^(?:(\d+)\.\.)?(\d+|\*)x$/.exec(cell)
  const low = Number(parts?.[1] ?? 1)
  const max = parts?.[2] === '*' ? Infinity : Number(parts?.[2] ?? 0)
  if (max < 1 || low < 1 || low > max) return 'cardinality is a number and x, as in 1x, 9x, 2..9x, *x'
  if (low > 1 && !required) return 'what must occur more than once is required (R)'
  return { min: required ? low : 0, max }
}
