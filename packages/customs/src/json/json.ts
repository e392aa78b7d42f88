/**
 * The JSON form of a document, `{"CC015C": {…}}`: XML names, repeatable elements always as arrays, every value a string as it stands in
 * the XML, so that trailing zeros, sixteen digits and leading zeros survive.
 */
import { pathOf, type Doc, type Place } from '../document.ts'
import { maxFindings, valueToShow, xmlErrorCode, type Finding } from '../finding.ts'
import type { TableNode } from '../messages/fields.ts'
import type { Messages, MessageTable } from '../messages/messages.ts'
import { lineFinder, parseJson, type JsonMember, type JsonNode } from './parse.ts'

/** What reading a JSON text gave. */
export interface JsonReading {
  /** the message that the text says it is; undefined when it is none that is known */
  readonly table: MessageTable | undefined
  /** what could be read; undefined when nothing could. Do not act on it while there are findings. */
  readonly document: Doc | undefined
  readonly findings: readonly Finding[]
}

/** The JSON text of a document, indented, with a line break at its end. */
export function toJson(table: MessageTable, document: Doc): string {
  const { PhaseID, ...rest } = document
  return `${JSON.stringify({ [table.type]: { PhaseID, ...rest } }, undefined, 2)}\n`
}

/**
 * Reads a document in its JSON form (UTF-8) and names every problem of structure and format at once, each with path, line and column.
 * Names may come in any order; the document has that of the table.
 */
export function readJson(messages: Messages, bytes: Uint8Array): JsonReading {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return nothing({ ...notJson('The text is not UTF-8.'), line: 1, column: 1 })
  }
  const place = lineFinder(text)
  const root = parseJson(text)
  if (root.kind === 'problem') return nothing({ ...notJson(root.text), ...place(root.at) })
  const [message, ...others] = root.kind === 'object' ? root.members : []
  const table = message === undefined ? undefined : messages.get(message.name)
  if (message === undefined || table === undefined || others.length > 0)
    return nothing({ ...noMessage(message?.name), ...place(message?.at ?? root.at) })
  const reader = new FormReader(place)
  const document = reader.message(table, message)
  return { table, document, findings: reader.findings }
}

type Problem = Omit<Finding, 'kind' | 'path' | 'line' | 'column'>

/** Holds a JSON value against a table and collects what does not fit. */
class FormReader {
  readonly findings: Finding[] = []
  readonly #place: (at: number) => { line: number; column: number }

  constructor(place: (at: number) => { line: number; column: number }) {
    this.#place = place
  }

  message({ type, phases, root }: MessageTable, { value }: JsonMember): Doc | undefined {
    const at: Place = { parent: undefined, name: type, index: 0 }
    if (value.kind !== 'object') {
      this.#add(wrongShape(type, 'an object', value), at, value.at)
      return undefined
    }
    const phase = value.members.find(({ name }) => name === 'PhaseID')
    const document = this.#group(root.children, value, at, phase)
    if (phase === undefined) return document
    if (phase.value.kind === 'string' && phases.includes(phase.value.value)) document['PhaseID'] = phase.value.value
    else this.#add(wrongPhase(phase.value, phases), { parent: at, name: '@PhaseID', index: 0 }, phase.value.at)
    return document
  }

  /** `apart`: a member that is looked at elsewhere */
  #group(fields: readonly TableNode[], node: JsonNode & { kind: 'object' }, at: Place, apart?: JsonMember): Doc {
    const given = new Map<string, JsonMember>()
    const known = new Set(fields.map(({ name }) => name))
    for (const member of node.members) {
      if (member === apart) continue
      const place = { parent: at, name: member.name, index: 0 }
      if (!known.has(member.name)) this.#add(unknownName(member.name), place, member.at)
      else if (given.has(member.name)) this.#add(twice(member.name), place, member.at)
      else given.set(member.name, member)
    }
    const doc: Doc = {}
    for (const field of fields) {
      const member = given.get(field.name)
      if (member !== undefined) {
        const value = this.#field(field, member.value, at)
        if (value !== undefined) doc[field.name] = value
      } else if (field.required) {
        this.#add(missing(field), { parent: at, name: field.name, index: field.repeats ? 1 : 0 }, node.at)
      }
    }
    return doc
  }

  #field(field: TableNode, node: JsonNode, parent: Place): Doc[string] {
    const place = { parent, name: field.name, index: 0 }
    if (!field.repeats) return this.#one(field, node, place)
    if (node.kind !== 'array' || node.items.length === 0) {
      this.#add(wrongShape(field.name, 'an array with at least one entry', node), place, node.at)
      return undefined
    }
    if (node.items.length > field.max)
      this.#add(tooMany(field), { ...place, index: field.max + 1 }, node.items[field.max]!.at)
    const values = node.items.map((item, at) => this.#one(field, item, { ...place, index: at + 1 }))
    return values.filter((value) => value !== undefined)
  }

  #one(field: TableNode, node: JsonNode, place: Place): string | Doc | undefined {
    if (field.children) {
      if (node.kind === 'object') return this.#group(field.children, node, place)
      this.#add(wrongShape(field.name, 'an object', node), place, node.at)
      return undefined
    }
    if (node.kind !== 'string') {
      this.#add(wrongShape(field.name, 'a string', node), place, node.at)
      return undefined
    }
    const problem = valueProblem(field, node.value)
    if (problem) this.#add(problem, place, node.at)
    return node.value
  }

  #add(problem: Problem, at: Place, offset: number): void {
    if (this.findings.length >= maxFindings) return
    this.findings.push({ kind: 'xml', ...problem, path: pathOf(at), ...this.#place(offset) })
  }
}

function valueProblem({ name, format }: TableNode, value: string): Problem | undefined {
  const { normalise, check, notation } = format!
  const found = unwritable.test(value) || normalise(value) !== value ? unclean : check(value)
  if (found === undefined) return undefined
  const { facet, code, allowed, remedy } = found
  const text = `The value does not have the form ${notation}.`
  return { rule: facet, code, ...valueToShow(name, value), allowed, remedy, text }
}

/** What XML could not hold (XML 1.0 section 2.2) or would not keep: line breaks, tabs, and in a token double spaces. */
// oxlint-disable-next-line no-control-regex
const unwritable = /[^\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

const unclean = {
  facet: 'whiteSpace',
  code: xmlErrorCode.pattern,
  allowed: 'a value as XML keeps it',
  remedy: 'Write the value without control characters, line breaks, tabs and needless spaces.',
}

const sayKind = { object: 'an object', array: 'an array', string: 'a string', number: 'a number', literal: 'a literal' }

function wrongShape(name: string, wanted: string, node: JsonNode): Problem {
  const shown = node.kind === 'number' || node.kind === 'literal' ? valueToShow(name, node.value) : {}
  const bends = node.kind === 'number' ? ' A number would lose trailing zeros and long digits.' : ''
  return {
    rule: 'shape',
    code: xmlErrorCode.type,
    ...shown,
    allowed: wanted,
    remedy: `Give ${name} as ${wanted}.${bends}`,
    text: `${name} is ${sayKind[node.kind]}.`,
  }
}

const unknownName = (name: string): Problem => ({
  rule: 'unknown',
  code: xmlErrorCode.position,
  value: name,
  remedy: `Remove ${name}.`,
  text: `${name} is not part of this group.`,
})

const twice = (name: string): Problem => ({
  rule: 'twice',
  code: xmlErrorCode.repetitions,
  value: name,
  remedy: `Give ${name} once.`,
  text: `The name ${name} occurs twice in one object.`,
})

const tooMany = ({ name, max }: TableNode): Problem => ({
  rule: 'maxOccurs',
  code: xmlErrorCode.repetitions,
  allowed: `${max}x`,
  remedy: `Give ${name} at most ${max} times.`,
  text: `${name} occurs too often.`,
})

const missing = ({ name, format }: TableNode): Problem => ({
  rule: 'required',
  code: xmlErrorCode.missing,
  ...(format && { allowed: format.notation }),
  remedy: `Add ${name}.`,
  text: `${name} is required and missing.`,
})

const wrongPhase = (node: JsonNode, phases: readonly string[]): Problem => ({
  rule: 'enumeration',
  code: xmlErrorCode.enumeration,
  ...(node.kind === 'string' && { value: node.value }),
  allowed: phases.join(', '),
  remedy: 'Give a PhaseID of this edition, or none.',
  text: 'The PhaseID is not one of this edition.',
})

const notJson = (text: string): Finding => ({
  kind: 'xml',
  rule: 'not-json',
  code: xmlErrorCode.notWellFormed,
  path: '/',
  remedy: 'Send a JSON text in UTF-8 (RFC 8259).',
  text,
})

const noMessage = (name: string | undefined): Finding => ({
  kind: 'xml',
  rule: 'root',
  code: xmlErrorCode.position,
  path: '/',
  ...(name !== undefined && { value: name }),
  allowed: '{"CC015C": {…}}',
  remedy: 'Give one object whose only name is the message type.',
  text: 'The text does not say which message it is.',
})

function nothing(finding: Finding): JsonReading {
  return { table: undefined, document: undefined, findings: [finding] }
}
