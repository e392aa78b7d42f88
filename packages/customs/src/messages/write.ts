/** Compiles a message's fields to a writer: order and escaping come from the table, names that it does not have are refused. */
import { escapeAttribute, escapeText } from '@corridor/xml'
import { pathOf, type Doc, type Place } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import type { TableNode } from './fields.ts'

type Value = NonNullable<Doc[string]>
type WriteValue = (value: Value, at: Place, out: string[]) => void
/** Writes what an object has for some rows. */
type WriteRows = (doc: Doc, at: Place, out: string[]) => void

/** The rows of one group, compiled. */
interface Rows {
  readonly write: WriteRows
  /** the keys that they may have in an object */
  readonly names: ReadonlySet<string>
}

/** The names of a message as they are written. */
export interface WrittenNames {
  /** prefix of the document element and of what is in its namespace without a prefix in the table; '' for the default namespace */
  readonly targetPrefix: string
  readonly target: string
  /** declared on the document element, by prefix */
  readonly declared: ReadonlyMap<string, string>
}

/**
 * Returns the compiler of writers for messages whose own namespace has this prefix: groups that several of them share are compiled once.
 */
export function writeCompiler(targetPrefix: string): (fields: readonly TableNode[]) => Rows {
  const compiled = new Map<readonly TableNode[], Rows>()
  const compileRows = (fields: readonly TableNode[]): Rows => {
    let rows = compiled.get(fields)
    if (!rows) compiled.set(fields, (rows = toRows(fields)))
    return rows
  }
  const toRows = (fields: readonly TableNode[]): Rows => {
    const writers = fields.map(compileRow)
    return {
      names: new Set(writers.flatMap(({ names }) => [...names])),
      write: (doc, at, out) => {
        for (const { write } of writers) write(doc, at, out)
      },
    }
  }
  const compileRow = (node: TableNode): Rows => {
    if (node.kind !== 'choice' && node.kind !== 'sequence')
      return single(node, compileElement(node, compileRows, targetPrefix))
    const inner = node.kind === 'choice' ? choice(node.children!.map(compileRow)) : compileRows(node.children!)
    return node.name === '' ? inner : single(node, object(inner, '', ''))
  }
  return compileRows
}

/** A row with a key of its own. */
function single({ name, max }: TableNode, writeOne: WriteValue): Rows {
  const write: WriteValue =
    max === 1
      ? writeOne
      : (value, at, out) => {
          if (!Array.isArray(value))
            throw new CustomsFault('wrong-shape', `${pathOf(at)} may repeat and must be an array`)
          if (value.length > max) throw new CustomsFault('too-many', `${pathOf(at)} occurs at most ${max} times`)
          let index = 0
          for (const each of value) writeOne(each, { ...at, index: (index += 1) }, out)
        }
  return {
    names: new Set([name]),
    write: (doc, at, out) => {
      const value = doc[name]
      if (value !== undefined) write(value, { parent: at, name, index: 0 }, out)
    },
  }
}

function choice(alternatives: readonly Rows[]): Rows {
  return {
    names: new Set(alternatives.flatMap(({ names }) => [...names])),
    write: (doc, at, out) => {
      const given = alternatives.filter(({ names }) => [...names].some((name) => doc[name] !== undefined))
      if (given.length > 1) {
        const names = given.map((each) => [...each.names].find((name) => doc[name] !== undefined))
        throw new CustomsFault('wrong-shape', `${pathOf(at)} has ${names.join(' and ')}, of which it may have one`)
      }
      given[0]?.write(doc, at, out)
    },
  }
}

function compileElement(
  node: TableNode,
  compileRows: (fields: readonly TableNode[]) => Rows,
  targetPrefix: string,
): WriteValue {
  const isTarget = node.namespace !== '' && !node.name.includes(':') && targetPrefix !== ''
  const name = isTarget ? `${targetPrefix}:${node.name}` : node.name
  const writeAttributes = attributesWriter(node.attributes)
  if (node.children) return object(compileRows(node.children), name, `</${name}>`, writeAttributes, node.attributes)
  if (!node.attributes) return (value, at, out) => void out.push(`<${name}>${escaped(value, at)}</${name}>`)
  const names = new Set(['#text', ...node.attributes.map((each) => each.name)])
  return (value, at, out) => {
    const doc = asObject(value, at)
    refuseOthers(doc, names, at)
    out.push(`<${name}${writeAttributes(doc, at)}>${escaped(doc['#text'] ?? '', at)}</${name}>`)
  }
}

/** A group; without a name it is a model group, which has no element. */
function object(
  rows: Rows,
  name: string,
  end: string,
  writeAttributes: (doc: Doc, at: Place) => string = () => '',
  attributes: readonly TableNode[] = [],
): WriteValue {
  const names = attributes.length === 0 ? rows.names : new Set([...rows.names, ...attributes.map((each) => each.name)])
  return (value, at, out) => {
    const doc = asObject(value, at)
    refuseOthers(doc, names, at)
    if (name !== '') out.push(`<${name}${writeAttributes(doc, at)}>`)
    rows.write(doc, at, out)
    out.push(end)
  }
}

function attributesWriter(attributes: readonly TableNode[] = []): (doc: Doc, at: Place) => string {
  return (doc, at) => {
    let written = ''
    for (const { name } of attributes) {
      const value = doc[name]
      if (value === undefined) continue
      const text = asText(value, { parent: at, name, index: 0 })
      written += ` ${name.slice(1)}="${escapeAttribute(text)}"`
    }
    return written
  }
}

function asObject(value: Value, at: Place): Doc {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CustomsFault('wrong-shape', `${pathOf(at)} must be an object`)
  }
  return value
}

function asText(value: Value, at: Place): string {
  if (typeof value !== 'string') throw new CustomsFault('wrong-shape', `${pathOf(at)} must be a string`)
  if (unwritable.test(value)) throw new CustomsFault('bad-value', `${pathOf(at)} has a character that XML cannot hold`)
  return value
}

const escaped = (value: Value, at: Place): string => escapeText(asText(value, at))

function refuseOthers(doc: Doc, names: ReadonlySet<string>, at: Place): void {
  for (const name of Object.keys(doc)) {
    if (!names.has(name)) throw new CustomsFault('unknown-name', `${pathOf(at)} has no ${name}`)
  }
}

/** Not a Char of XML 1.0 (section 2.2): control characters, lone surrogates, U+FFFE and U+FFFF. */
// oxlint-disable-next-line no-control-regex
const unwritable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/** Writes the document element of a message and what is in it. */
export function writeRoot(
  root: TableNode,
  rows: Rows,
  { targetPrefix, target, declared }: WrittenNames,
  hasPhase: boolean,
): (doc: Doc) => Uint8Array {
  const name = targetPrefix === '' ? root.local : `${targetPrefix}:${root.local}`
  const own = target === '' ? [] : [[targetPrefix, target] as const]
  const namespaces = [...own, ...[...declared].filter(([prefix]) => prefix !== targetPrefix)]
    .map(([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`)
    .join('')
  const writeAttributes = attributesWriter(root.attributes)
  const writeContent = object(rows, '', `</${name}>\n`, undefined, root.attributes)
  return (given) => {
    const { PhaseID, ...doc } = hasPhase ? given : { PhaseID: undefined, ...given }
    const at: Place = { parent: undefined, name: root.local, index: 0 }
    const phase = typeof PhaseID === 'string' ? ` PhaseID="${escapeAttribute(PhaseID)}"` : ''
    const out = [`<?xml version="1.0" encoding="UTF-8"?>\n<${name}${namespaces}${phase}${writeAttributes(doc, at)}>`]
    writeContent(doc, at, out)
    return new TextEncoder().encode(out.join(''))
  }
}
