/** Compiles a message's fields to a writer: order and escaping come from the table, names that it does not have are refused. */
import { escapeAttribute, escapeText } from '@corridor/xml'
import { pathOf, type Doc, type Place } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import type { TableNode } from './fields.ts'

type WriteGroup = (doc: Doc, at: Place, out: string[]) => void
type WriteField = (value: NonNullable<Doc[string]>, at: Place, out: string[]) => void

/** Returns the compiler of one edition's writers: groups that several messages share are compiled once. */
export function writeCompiler(): (fields: readonly TableNode[]) => WriteGroup {
  const compiled = new Map<readonly TableNode[], WriteGroup>()
  const compileGroup = (fields: readonly TableNode[]): WriteGroup => {
    const known = compiled.get(fields)
    if (known) return known
    const writers = fields.map((field) => [field.name, compileField(field, compileGroup)] as const)
    const names = new Set(fields.map((field) => field.name))
    const write: WriteGroup = (doc, at, out) => {
      for (const name of Object.keys(doc)) {
        if (!names.has(name)) throw new CustomsFault('unknown-name', `${pathOf(at)} has no ${name}`)
      }
      for (const [name, writer] of writers) {
        const value = doc[name]
        if (value !== undefined) writer(value, { parent: at, name, index: 0 }, out)
      }
    }
    compiled.set(fields, write)
    return write
  }
  return compileGroup
}

function compileField(field: TableNode, compileGroup: (fields: readonly TableNode[]) => WriteGroup): WriteField {
  const one = field.children ? writeGroup(field.name, compileGroup(field.children)) : writeText(field.name)
  if (field.max === 1) return one
  return (value, at, out) => {
    if (!Array.isArray(value)) throw new CustomsFault('wrong-shape', `${pathOf(at)} may repeat and must be an array`)
    if (value.length > field.max) throw new CustomsFault('too-many', `${pathOf(at)} occurs at most ${field.max} times`)
    let index = 0
    for (const each of value) one(each, { ...at, index: (index += 1) }, out)
  }
}

function writeGroup(name: string, write: WriteGroup): WriteField {
  const start = `<${name}>`
  const end = `</${name}>`
  return (value, at, out) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new CustomsFault('wrong-shape', `${pathOf(at)} must be an object`)
    }
    out.push(start)
    write(value, at, out)
    out.push(end)
  }
}

function writeText(name: string): WriteField {
  return (value, at, out) => {
    if (typeof value !== 'string') throw new CustomsFault('wrong-shape', `${pathOf(at)} must be a string`)
    if (unwritable.test(value))
      throw new CustomsFault('bad-value', `${pathOf(at)} has a character that XML cannot hold`)
    out.push(`<${name}>${escapeText(value)}</${name}>`)
  }
}

/** Not a Char of XML 1.0 (section 2.2): control characters, lone surrogates, U+FFFE and U+FFFF. */
// oxlint-disable-next-line no-control-regex
const unwritable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/** Writes the document element of a message. The prefix is free; `ncts` is what the public samples use most. */
export function writeRoot(type: string, namespace: string, write: WriteGroup): (doc: Doc) => Uint8Array {
  return ({ PhaseID, ...doc }) => {
    const out: string[] = []
    const phase = typeof PhaseID === 'string' ? ` PhaseID="${escapeAttribute(PhaseID)}"` : ''
    out.push(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ncts:${type} xmlns:ncts="${escapeAttribute(namespace)}"${phase}>`,
    )
    write(doc, { parent: undefined, name: type, index: 0 }, out)
    out.push(`</ncts:${type}>\n`)
    return new TextEncoder().encode(out.join(''))
  }
}
