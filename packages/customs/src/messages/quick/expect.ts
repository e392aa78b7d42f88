/**
 * The quick reader. A table knows what may come next, so a document is not taken apart first and looked at afterwards: the bytes at
 * the cursor are compared with the start tag that the table expects there. What is not as expected is surveyed tag by tag (survey.ts).
 *
 * It gives the strict reader's result (../read.ts) or none: undefined for whatever is not well-formed, too large or merely unusual (CDATA,
 * instructions, declarations inside, other line ends in a value). Then the strict reader decides.
 * test/differential-readers.test.ts and differential-mutations.test.ts hold the two together. One exception: where there are as many
 * findings as a rejection can carry, or too many elements, this one reads no further and so does not see what is not well-formed, or no
 * UTF-8, after them. There is no document either way.
 */
import { DEFAULT_LIMITS, onePerByte, tooManyNodes } from '@corridor/xml'
import type { Doc, Place } from '../../document.ts'
import type { FormatProblem } from '../../format/format.ts'
import { collapse } from '../../format/texts.ts'
import { Content } from '../content.ts'
import { Findings, wrongFormat, wrongPhase } from '../findings.ts'
import type { Expected, Member, Plan } from '../plan.ts'
import { faultFinding, type ReadResult, type RootShape } from '../read.ts'
import { locator } from './places.ts'
import { greaterThan, kindOf, lessThan, skipSpace, slash, standsAt, textBetween, type Cursor } from './scan.ts'
import { takeStart } from './start.ts'
import { surveyContent } from './survey.ts'
import { takeEndTag } from './tags.ts'

/** The quick reader of a whole message: the strict reader's result, or undefined when it has to be asked. */
export function quickRoot(shape: RootShape): (bytes: Uint8Array) => ReadResult | undefined {
  return (given) => {
    // The attributes of a root are many things; NCTS has one, which takeStart knows.
    if (given.length > DEFAULT_LIMITS.bytes || shape.attributes) return undefined
    // A Buffer is another kind of object; with one kind only, the loops below stay fast.
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    const findings = new Findings<number>(locator(bytes))
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const text = onePerByte(bytes)
    const cursor: Cursor = { bytes, view, text, at: 0, nodes: 0, namespaces: new Map(), findings }
    const start = takeStart(cursor, shape)
    if (!start) return undefined
    const at: Place = { parent: undefined, name: shape.root, index: 0 }
    const document = expectContent(cursor, shape.plan, {}, at, start.offset)
    if (cursor.nodes > DEFAULT_LIMITS.nodes) {
      return { document: undefined, findings: [faultFinding(tooManyNodes(DEFAULT_LIMITS.nodes), shape.root)] }
    }
    if (findings.isFull) return { document: undefined, findings: findings.list }
    if (!document || !takeEndTag(cursor, start.name)) return undefined
    skipSpace(cursor)
    if (cursor.at < bytes.length) return undefined
    if (start.phase !== undefined) {
      document['PhaseID'] = collapse(start.phase)
      if (!shape.phases.includes(collapse(start.phase)))
        findings.add(wrongPhase(start.phase, shape.phases), at, start.offset)
    }
    return { document: findings.isFull ? undefined : document, findings: findings.list }
  }
}

/** Reads the content of an element up to its end tag into `doc`; `offset` is where the element is. undefined when it is unusual. */
export function expectContent(cursor: Cursor, plan: Plan, doc: Doc, at: Place, offset: number): Doc | undefined {
  const { bytes } = cursor
  const { members } = plan.model
  let order = 0
  let count = 0
  let reached = -1
  let asExpected = plan.flat && !cursor.namespaces.has('')
  while (asExpected) {
    // White space in front of a text that should not be here is part of it, and is counted there.
    if (skipSpace(cursor) && bytes[cursor.at] === lessThan) cursor.nodes += 1
    if (bytes[cursor.at + 1] === slash && bytes[cursor.at] === lessThan) {
      const last = members[plan.lastRequired]
      if (last && (order < last.order || (order === last.order && count < last.min))) break
      return doc
    }
    let member = members[order]
    while (member && !(count < member.max && opensAt(cursor, member.start))) {
      if (count < member.min) asExpected = false
      order += 1
      count = 0
      member = asExpected ? members[order] : undefined
    }
    if (!member) break
    count += 1
    reached = order
    const value = expectElement(cursor, member, at, member.max > 1 ? count : 0)
    if (value === undefined) return undefined
    if (member.max === 1) doc[member.name] = value
    else if (count === 1) doc[member.name] = [value]
    else (doc[member.name] as (string | Doc)[]).push(value)
  }
  const content = new Content(plan, at, offset, cursor.findings, doc)
  content.resume(reached)
  return surveyContent(cursor, content, at, offset, expectContent)
}

/** Whether an element without attributes begins here: `<name>`, or `<name/>`. */
function opensAt(cursor: Cursor, start: Expected): boolean {
  if (!standsAt(cursor, cursor.at, start)) return false
  const next = cursor.at + start.length
  const byte = cursor.bytes[next]
  return byte === greaterThan || (byte === slash && cursor.bytes[next + 1] === greaterThan)
}

/** The element at the cursor, whose start tag has been looked at. */
function expectElement(cursor: Cursor, member: Member, at: Place, index: number): string | Doc | undefined {
  const { bytes } = cursor
  const offset = cursor.at
  cursor.nodes += 1
  cursor.at += member.start.length + 1
  const empty = bytes[cursor.at - 1] === slash
  if (empty) cursor.at += 1
  if (!member.plan)
    return empty ? checked(cursor, member, '', at, index, offset) : expectText(cursor, member, at, index, offset)
  const place = { parent: at, name: member.name, index }
  if (empty) return new Content(member.plan, place, offset, cursor.findings).finish()
  const doc = expectContent(cursor, member.plan, {}, place, offset)
  return doc && takeEnd(cursor, member) ? doc : undefined
}

/** A text up to and with its end tag. */
function expectText(cursor: Cursor, member: Member, at: Place, index: number, offset: number): string | undefined {
  const { bytes } = cursor
  const from = cursor.at
  let kinds = 0
  let to = from
  for (; to < bytes.length; to++) {
    const byte = bytes[to]!
    if (byte === lessThan) break
    kinds |= kindOf[byte]!
  }
  cursor.at = to
  if (!takeEnd(cursor, member)) return undefined
  if (to > from) cursor.nodes += 1
  const format = member.format!
  if (kinds === 0) {
    const word = cursor.text.slice(from, to)
    const problem = format.checkWord(word)
    if (problem) refuse(cursor, member, problem, word, at, index, offset)
    return word
  }
  const text = textBetween(cursor, from, to, kinds)
  return text === undefined ? undefined : checked(cursor, member, text, at, index, offset)
}

function checked(cursor: Cursor, member: Member, text: string, at: Place, index: number, offset: number): string {
  const value = member.format!.normalise(text)
  const problem = member.format!.check(value)
  if (problem) refuse(cursor, member, problem, text, at, index, offset)
  return value
}

function refuse(
  { findings }: Cursor,
  { name, format }: Member,
  problem: FormatProblem,
  text: string,
  at: Place,
  index: number,
  offset: number,
): void {
  findings.add(wrongFormat(name, format!, problem, text), { parent: at, name, index }, offset)
}

function takeEnd(cursor: Cursor, { end, name }: Member): boolean {
  if (!standsAt(cursor, cursor.at, end)) return takeEndTag(cursor, name)
  cursor.at += end.length
  return true
}
