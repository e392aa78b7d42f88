/**
 * The quick reader. A table knows what may come next, so a document is not taken apart first and looked at afterwards: the bytes at
 * the cursor are compared with the start tag that the table expects there.
 *
 * It knows one verdict only: a right document, or undefined, which means "look again". Whatever is wrong or merely unusual (comments,
 * CDATA, character references, attributes inside, other line ends in a value) is left to the strict reader (read.ts), which owns all
 * findings. What it does accept, the strict reader accepts with the same document (test/differential.test.ts).
 */
import { DEFAULT_LIMITS, onePerByte } from '@corridor/xml'
import type { Doc } from '../document.ts'
import { expectProlog } from './expect-root.ts'
import type { TableNode } from './fields.ts'
import type { RootShape } from './read.ts'
import { greaterThan, kindOf, lessThan, skipSpace, slash, standsAt, unusual, unusualText, type Cursor } from './scan.ts'

/** A field as bytes: what must stand at the cursor for it to be there, and what to do with its content. */
interface Slot {
  readonly name: string
  /** `<name`; what follows it is looked at */
  readonly start: Uint8Array
  /** `</name>` */
  readonly end: Uint8Array
  readonly required: boolean
  readonly max: number
  readonly group: Group | undefined
  readonly node: TableNode
}

interface Group {
  slots: readonly Slot[]
  /** position of the last required slot, -1 when none is */
  lastRequired: number
}

/** Returns the compiler of one edition's quick readers; groups that several messages share are compiled once. */
export function expectCompiler(): (
  shape: RootShape,
  fields: readonly TableNode[],
) => (bytes: Uint8Array) => Doc | undefined {
  const compiled = new Map<readonly TableNode[], Group>()
  const compileGroup = (fields: readonly TableNode[]): Group => {
    let group = compiled.get(fields)
    if (!group) {
      const slots = fields.map((field) => compileSlot(field, compileGroup))
      group = { slots, lastRequired: slots.findLastIndex(({ required }) => required) }
      compiled.set(fields, group)
    }
    return group
  }
  return (shape, fields) => {
    const group = compileGroup(fields)
    return (bytes) => expectDocument(shape, group, bytes)
  }
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

function compileSlot(node: TableNode, compileGroup: (fields: readonly TableNode[]) => Group): Slot {
  return {
    name: node.name,
    start: ascii(`<${node.name}`),
    end: ascii(`</${node.name}>`),
    required: node.required,
    max: node.max,
    group: node.children && compileGroup(node.children),
    node,
  }
}

function expectDocument(shape: RootShape, group: Group, given: Uint8Array): Doc | undefined {
  if (given.length > DEFAULT_LIMITS.bytes) return undefined
  // A Buffer is another kind of object; with one kind only, the loops below stay fast.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
  const cursor: Cursor = { bytes, text: onePerByte(bytes), at: 0, nodes: 0 }
  const root = expectProlog(cursor, shape)
  if (!root) return undefined
  const document = expectContent(cursor, group)
  if (!document || !cursor.text.startsWith(root.end, cursor.at)) return undefined
  cursor.at += root.end.length
  skipSpace(cursor)
  if (cursor.at < bytes.length || cursor.nodes > DEFAULT_LIMITS.nodes) return undefined
  if (root.phase !== undefined) document['PhaseID'] = root.phase
  return document
}

/** The content of a group up to its end tag. */
function expectContent(cursor: Cursor, { slots, lastRequired }: Group): Doc | undefined {
  const { bytes } = cursor
  const doc: Doc = {}
  let order = 0
  let count = 0
  for (;;) {
    if (skipSpace(cursor)) cursor.nodes += 1
    if (bytes[cursor.at + 1] === slash) break
    let slot: Slot | undefined
    for (;;) {
      slot = slots[order]
      if (slot === undefined) return undefined
      if (count < slot.max && standsAt(bytes, cursor.at, slot.start) && closesTag(bytes[cursor.at + slot.start.length]))
        break
      if (slot.required && count === 0) return undefined
      order += 1
      count = 0
    }
    cursor.nodes += 1
    cursor.at += slot.start.length
    const value = slot.group ? expectGroup(cursor, slot.group, slot.end) : expectText(cursor, slot)
    if (value === undefined) return undefined
    count += 1
    if (slot.max === 1) doc[slot.name] = value
    else if (count === 1) doc[slot.name] = [value]
    else (doc[slot.name] as (string | Doc)[]).push(value)
  }
  return order < lastRequired || (order === lastRequired && count === 0) ? undefined : doc
}

const closesTag = (byte: number | undefined): boolean => byte === greaterThan || byte === slash

/** A group after `<name`, to the end of its end tag; it may be an empty tag. */
function expectGroup(cursor: Cursor, group: Group, end: Uint8Array): Doc | undefined {
  if (cursor.bytes[cursor.at] === greaterThan) {
    cursor.at += 1
    const doc = expectContent(cursor, group)
    if (!doc || !standsAt(cursor.bytes, cursor.at, end)) return undefined
    cursor.at += end.length
    return doc
  }
  if (cursor.bytes[cursor.at + 1] !== greaterThan || group.lastRequired >= 0) return undefined
  cursor.at += 2
  return {}
}

/** A text after `<name` up to and with its end tag, when it has the format. */
function expectText(cursor: Cursor, { end, node }: Slot): string | undefined {
  const { bytes } = cursor
  if (bytes[cursor.at] !== greaterThan) return undefined
  const from = cursor.at + 1
  let at = from
  let seen = 0
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === lessThan) break
    seen |= kindOf[byte]!
  }
  if (!standsAt(bytes, at, end)) return undefined
  cursor.at = at + end.length
  if (at > from) cursor.nodes += 1
  const { normalise, check, checkWord } = node.format!
  if (seen === 0) {
    const word = cursor.text.slice(from, at)
    return checkWord(word) ? undefined : word
  }
  const text = seen & unusual ? unusualText(bytes.subarray(from, at)) : cursor.text.slice(from, at)
  if (text === undefined) return undefined
  const value = normalise(text)
  return check(value) ? undefined : value
}
