/** Content that is not what the table expects next: taken tag by tag, with everything named that is wrong. */
import { DEFAULT_LIMITS } from '@corridor/xml'
import type { Doc, Place } from '../../document.ts'
import { readAttributes } from '../attributes.ts'
import { Content } from '../content.ts'
import type { TableNode } from '../fields.ts'
import { strayText, unknownElement, wrongFormat } from '../findings.ts'
import type { Member, Plan } from '../plan.ts'
import { lessThan, skipSpace, slash, takeText, type Cursor } from './scan.ts'
import { skipElement, takeEndTag, takeTag, type Tag } from './tags.ts'

/** Reads the content of a group into `doc` up to its end tag; undefined when it is unusual. */
type ReadContent = (cursor: Cursor, plan: Plan, doc: Doc, at: Place, offset: number) => Doc | undefined

/**
 * The rest of an element's content up to its end tag; `offset` is where the element is. undefined when anything in it is unusual or not
 * well-formed.
 */
export function surveyContent(
  cursor: Cursor,
  content: Content<number>,
  at: Place,
  offset: number,
  readContent: ReadContent,
): Doc | undefined {
  while (!cursor.findings.isFull && cursor.nodes <= DEFAULT_LIMITS.nodes) {
    if (!takeGap(cursor, at, offset)) return undefined
    if (cursor.bytes[cursor.at + 1] === slash) return content.finish()
    const start = cursor.at
    const tag = takeTag(cursor)
    if (!tag) return undefined
    if (content.take(tag.namespace, tag.local, start)) {
      const value = surveyElement(cursor, tag, content.member, content.place, start, readContent)
      if (value === undefined) return undefined
      content.put(value)
    } else if (!tag.empty && !skipElement(cursor, tag.name, depthOf(at) + 1)) return undefined
  }
  return undefined
}

const depthOf = (at: Place | undefined): number => (at ? 1 + depthOf(at.parent) : 0)

/** What stands between two tags: white space and comments, or a text that should not be there. */
function takeGap(cursor: Cursor, at: Place, offset: number): boolean {
  const spaces = skipSpace(cursor)
  if (cursor.bytes[cursor.at] === lessThan) {
    if (spaces) cursor.nodes += 1
    return true
  }
  const text = takeText(cursor)
  if (text === undefined) return false
  // White space may be written as references.
  if (/[^\t\n\r ]/.test(text)) cursor.findings.add(strayText(text), at, offset)
  return true
}

function surveyElement(
  cursor: Cursor,
  tag: Tag,
  { plan, attributes, node }: Member,
  at: Place,
  offset: number,
  readContent: ReadContent,
): string | Doc | undefined {
  const doc: Doc = {}
  if (tag.attributes.length > 0 || attributes)
    readAttributes(tag.attributes, attributes, doc, at, offset, cursor.findings)
  if (plan) {
    if (tag.empty) return new Content(plan, at, offset, cursor.findings, doc).finish()
    return readContent(cursor, plan, doc, at, offset) && takeEndTag(cursor, tag.name) ? doc : undefined
  }
  const text = surveyText(cursor, tag, node, at, offset)
  if (text === undefined || !attributes) return text
  doc['#text'] = text
  return doc
}

function surveyText(
  cursor: Cursor,
  tag: Tag,
  { name, format }: TableNode,
  at: Place,
  offset: number,
): string | undefined {
  let text = ''
  while (!tag.empty) {
    const part = takeText(cursor)
    if (part === undefined) return undefined
    text += part
    if (cursor.bytes[cursor.at + 1] === slash) {
      if (!takeEndTag(cursor, tag.name)) return undefined
      break
    }
    const start = cursor.at
    const inner = takeTag(cursor)
    if (!inner) return undefined
    const problem = unknownElement(inner.local, inner.namespace, undefined)
    cursor.findings.add(problem, { parent: at, name: inner.local, index: 0 }, start)
    if (!inner.empty && !skipElement(cursor, inner.name, depthOf(at) + 1)) return undefined
  }
  const value = format!.normalise(text)
  const problem = format!.check(value)
  if (problem) cursor.findings.add(wrongFormat(name, format!, problem, text), at, offset)
  return value
}
