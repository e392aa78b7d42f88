/** The documents of a story: files of the corridor, filled in, and what a story changes in them. */
import { readFileSync } from 'node:fs'
import type { Doc, Messages } from '@corridor/customs'
import { type Corridor, NodeFault } from '@corridor/node'
import { loadMessages } from '@corridor/tables'
import { SentFile } from './client.ts'
import { fill, fillAll } from './fill.ts'

/** How a step makes its document from a file. */
export interface DocumentSource {
  /** path of the file, from the corridor's folder */
  submit: string
  /** type of the document that is submitted */
  document: string
  /**
   * What the document has otherwise than the file, by path from its root: `TransitOperation/LRN`, `Consignment/HouseConsignment[2]/grossMass`.
   * A text, a group or a list takes the place of what is there; null takes it away. A path without `[n]` means the first.
   */
  change: Record<string, unknown>
  /** Elements that say something else, by a path of elements each somewhere inside of the one before. */
  set: Record<string, string>
}

/** The file of the corridor that a step asks with, as it is. */
export const fileOf = (corridor: Corridor, { path, mediaType }: { path: string; mediaType: string }): SentFile =>
  new SentFile(readFileSync(new URL(path, corridor.folder)), mediaType)

let messages: Messages | undefined

/**
 * The document of a step. A file of another type becomes the step's: an amendment is a declaration with a few elements more.
 * @throws NodeFault CORRIDOR_FILE for a name without a value, an element that is not there, a file that cannot be read
 */
export function documentOf(corridor: Corridor, source: DocumentSource, values: Record<string, string>): string {
  const file = fill(readFileSync(new URL(source.submit, corridor.folder), 'utf8'), values)
  const set = Object.entries(source.set)
  const text = set.reduce((made, [path, value]) => setElement(made, path, fill(value, values)), file)
  messages ??= loadMessages()
  const { type } = messages.identify(Buffer.from(text))
  if (type === source.document && Object.keys(source.change).length === 0) return text
  return changed(messages, source, type, text, fillAll(source.change, values) as Record<string, unknown>)
}

function changed(
  tables: Messages,
  { submit, document: type }: DocumentSource,
  from: string | undefined,
  text: string,
  changes: Record<string, unknown>,
): string {
  const read = tables.get(from ?? '')?.read(Buffer.from(text)).document
  const table = tables.get(type)
  if (read === undefined || table === undefined)
    throw new NodeFault('CORRIDOR_FILE', `${submit} is no document that can become a ${type}.`)
  let doc: Doc = { ...read, messageType: type }
  for (const [path, value] of Object.entries(changes)) doc = withChange(doc, path.split('/'), value, path)
  return Buffer.from(table.write(doc)).toString('utf8')
}

function withChange(doc: Doc, [first = '', ...rest]: string[], value: unknown, path: string): Doc {
  const [, name = '', number = '1'] = /^(\w+)(?:\[(\d+)\])?$/.exec(first) ?? []
  if (name === '') throw new NodeFault('CORRIDOR_FILE', `“${path}” is no path such as Consignment/HouseConsignment[2].`)
  const there = doc[name]
  if (rest.length === 0) {
    const { [name]: _, ...others } = doc
    return value === null ? others : { ...others, [name]: content(value) }
  }
  const at = Number(number) - 1
  const members = there === undefined ? [{}] : Array.isArray(there) ? there : [there]
  const member = members[at]
  if (member === undefined || typeof member === 'string')
    throw new NodeFault('CORRIDOR_FILE', `the document has no group ${first} of ${path}.`)
  const made = withChange(member, rest, value, path)
  return {
    ...doc,
    [name]: Array.isArray(there) ? (there.map((each, index) => (index === at ? made : each)) as Doc[]) : made,
  }
}

/** A value as it stands in a document: texts, groups of them, and lists of groups. */
function content(value: unknown): string | Doc | Doc[] {
  if (Array.isArray(value)) return value.map((each) => content(each) as Doc)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, content(each)]))
  return String(value)
}

/**
 * Gives an element of a document another text: the first one at a path of elements, each somewhere inside of the one before.
 * @throws NodeFault CORRIDOR_FILE when the document has none
 */
export function setElement(document: string, path: string, text: string): string {
  const names = path.split('/')
  let at = 0
  for (const name of names) {
    const start = new RegExp(`<${name}(?=[\\s>])[^>]*>`, 'g')
    start.lastIndex = at
    if (start.exec(document) === null) throw new NodeFault('CORRIDOR_FILE', `the document has no element ${path}.`)
    at = start.lastIndex
  }
  const end = document.indexOf('<', at)
  return `${document.slice(0, at)}${text}${document.slice(end)}`
}
