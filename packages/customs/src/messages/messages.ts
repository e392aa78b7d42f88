/** The message tables of one edition, compiled. */
import type { Doc } from '../document.ts'
import { CustomsFault } from '../faults.ts'
import { formatCompiler, type Format } from '../format/format.ts'
import { readGroups, readMessage, type GroupTable, type TableNode } from './fields.ts'
import { writtenNames } from './notation.ts'
import { peek } from './peek.ts'
import { attributePlan, planCompiler } from './plan.ts'
import { quickRoot } from './quick/expect.ts'
import { readRoot, type ReadResult, type RootShape } from './read.ts'
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
   * The two that `read` is made of, for tests that hold them against each other: `quick` gives undefined for what is not well-formed or
   * merely unusual, `strict` reads everything; where both give a result it is the same.
   */
  readonly readers: { quick(bytes: Uint8Array): ReadResult | undefined; strict(bytes: Uint8Array): ReadResult }
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
  const groups = readGroups(texts.groups, formatOf)
  // Also those that no message refers to: what is wrong in a table stops here and not when somebody comes to use it.
  for (const name of groups.names) groups.get(name)
  const edition: Edition = { groups, formatOf, compilePlan: planCompiler(), writers: new Map() }
  const tables = new Map<string, MessageTable>()
  const byRoot = new Map<string, string>()
  for (const type of Object.keys(texts.messages).sort()) {
    const table = compileMessage(type, texts.messages[type]!, edition)
    tables.set(type, table)
    if (!byRoot.has(table.root.local)) byRoot.set(table.root.local, type)
  }
  return {
    types: [...tables.keys()],
    get: (type) => tables.get(type),
    identify: (bytes) => {
      const root = peek(bytes)?.root
      return { root, type: root === undefined ? undefined : byRoot.get(root) }
    },
  }
}

/** What the messages of an edition share while they are compiled. */
interface Edition {
  readonly groups: GroupTable
  readonly formatOf: (notation: string) => Format
  readonly compilePlan: ReturnType<typeof planCompiler>
  /** by the prefix of the message's own namespace */
  readonly writers: Map<string, ReturnType<typeof writeCompiler>>
}

function compileMessage(type: string, text: string, { groups, formatOf, compilePlan, writers }: Edition): MessageTable {
  const { head, children, attributes, namespaces } = readMessage(text, groups, formatOf, type)
  const line = (key: string): string => {
    const value = head.get(key)
    if (!value) throw new CustomsFault('table-syntax', `${type}: no line #${key}`)
    return value
  }
  if (line('message') !== type) throw new CustomsFault('table-syntax', `${type}: #message says ${line('message')}`)
  line('namespace')
  const root = {
    name: head.get('root') ?? type,
    local: head.get('root') ?? type,
    namespace: namespaces.target,
    optionality: 'R' as const,
    required: true,
    repeats: false,
    min: 1,
    max: 1,
    rules: [],
    children,
    ...(attributes.length > 0 && { attributes }),
  }
  const shape: RootShape = {
    root: root.local,
    namespace: namespaces.target,
    phases: (head.get('phases') ?? '').split(' ').filter(Boolean),
    plan: compilePlan(children),
    attributes: attributePlan(attributes),
  }
  const quick = quickRoot(shape)
  const strict = readRoot(shape)
  const names = writtenNames(namespaces)
  let compileRows = writers.get(names.targetPrefix)
  if (!compileRows) writers.set(names.targetPrefix, (compileRows = writeCompiler(names.targetPrefix)))
  return {
    type,
    ie: head.get('ie') ?? '',
    acronym: head.get('acronym') ?? '',
    title: line('title'),
    namespace: namespaces.target,
    phases: shape.phases,
    edition: line('edition'),
    root,
    read: (bytes) => quick(bytes) ?? strict(bytes),
    readers: { quick, strict },
    write: writeRoot(root, compileRows(children), names, shape.phases.length > 0),
  }
}
