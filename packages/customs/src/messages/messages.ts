/** The message tables of one edition, compiled. */
import type { Doc } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import { formatCompiler } from '../format/format.ts'
import { expectCompiler } from './expect.ts'
import { readGroups, readMessage, type TableNode } from './fields.ts'
import { peekRoot } from './peek.ts'
import { readCompiler, readRoot, type ReadResult } from './read.ts'
import { writeCompiler, writeRoot } from './write.ts'

/** The texts of an edition's tables: one a message, the shared groups, the named formats. */
export interface MessageTexts {
  readonly messages: Readonly<Record<string, string>>
  readonly groups: string
  readonly formats: string
}

/** One message of an edition. */
export interface MessageTable {
  /** `CC015C` */
  readonly type: string
  /** `IE015` */
  readonly ie: string
  readonly acronym: string
  readonly title: string
  readonly namespace: string
  readonly phases: readonly string[]
  /** version of the schema set that the table says the same as */
  readonly edition: string
  /** the document element; its children are the header's fields and the groups of the message, in order */
  readonly root: TableNode & { readonly children: readonly TableNode[] }
  /**
   * Reads a document and names every problem of structure and format at once, each with path, line and column. The document is what
   * could be read; do not act on it while there are findings.
   */
  read(bytes: Uint8Array): ReadResult
  /**
   * The two that `read` is made of, for tests that hold them against each other: `quick` reads right documents only and gives
   * undefined for anything wrong or unusual, `strict` reads everything and names what is wrong.
   */
  readonly readers: { quick(bytes: Uint8Array): Doc | undefined; strict(bytes: Uint8Array): ReadResult }
  /**
   * Writes a document in the table's order. Throws a fault for a name that the table does not have, a wrong shape or too many
   * occurrences; it does not look at missing fields or at formats (`read` of the result does).
   */
  write(doc: Doc): Uint8Array
}

/** All messages of an edition. */
export interface Messages {
  /** the message types in alphabetical order */
  readonly types: readonly string[]
  get(type: string): MessageTable | undefined
  /** The type that the bytes claim to be, from the first start tag only; `type` is undefined when there is no such table. */
  identify(bytes: Uint8Array): { type: string | undefined; root: string | undefined }
}

/**
 * Compiles the tables of an edition to readers and writers. Takes a few milliseconds; do it once.
 * Throws `table-syntax` or `table-reference`, with the line, for a table that does not hold together.
 */
export function compileMessages(texts: MessageTexts): Messages {
  const formatOf = formatCompiler(texts.formats)
  const group = readGroups(texts.groups, formatOf)
  const compileExpect = expectCompiler()
  const compileRead = readCompiler()
  const compileWrite = writeCompiler()
  const tables = new Map<string, MessageTable>()
  for (const type of Object.keys(texts.messages).sort()) {
    const { head, fields } = readMessage(texts.messages[type]!, group, formatOf, type)
    const line = (key: string): string => {
      const value = head.get(key)
      if (!value) throw new CustomsFault('table-syntax', `${type}: no line #${key}`)
      return value
    }
    if (line('message') !== type) throw new CustomsFault('table-syntax', `${type}: #message says ${line('message')}`)
    const shape = { type, namespace: line('namespace'), phases: line('phases').split(' ') }
    const quick = compileExpect(shape, fields)
    const strict = readRoot(shape, compileRead(fields))
    tables.set(type, {
      ...shape,
      ie: line('ie'),
      acronym: line('acronym'),
      title: line('title'),
      edition: line('edition'),
      root: { name: type, optionality: 'R', required: true, repeats: false, max: 1, rules: [], children: fields },
      read: (bytes) => {
        const document = quick(bytes)
        return document ? { document, findings: [] } : strict(bytes)
      },
      readers: { quick, strict },
      write: writeRoot(type, shape.namespace, compileWrite(fields)),
    })
  }
  return {
    types: [...tables.keys()],
    get: (type) => tables.get(type),
    identify: (bytes) => {
      const root = peekRoot(bytes)
      return { root, type: root !== undefined && tables.has(root) ? root : undefined }
    },
  }
}
