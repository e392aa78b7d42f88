/** Compiles a message's fields to a reader that goes through a document once and names everything that is wrong with it. */
import { parse, XmlFault, type XmlElement } from '@corridor/xml'
import { pathOf, type Doc, type Place } from '../document.ts'
import { maxFindings, valueToShow, xmlErrorCode, type Finding } from '../finding.ts'
import type { TableNode } from './fields.ts'

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'

/** What reading gave: the document as far as it could be read, and everything that is wrong with it. */
export interface ReadResult {
  /** undefined when the bytes are not well-formed XML or are another document */
  readonly document: Doc | undefined
  readonly findings: readonly Finding[]
}

type Problem = Omit<Finding, 'kind' | 'path' | 'line' | 'column'>

/** Collects the findings of one reading. */
class Findings {
  readonly list: Finding[] = []
  add(problem: Problem, at: Place, where: XmlElement): void {
    if (this.list.length >= maxFindings) return
    this.list.push({ kind: 'xml', ...problem, path: pathOf(at), line: where.line, column: where.column })
  }
}

type ReadGroup = (element: XmlElement, at: Place, findings: Findings) => Doc
type ReadField = (element: XmlElement, at: Place, findings: Findings) => string | Doc

/** Returns the compiler of one edition's readers: groups that several messages share are compiled once. */
export function readCompiler(): (fields: readonly TableNode[]) => ReadGroup {
  const compiled = new Map<readonly TableNode[], ReadGroup>()
  const compileGroup = (fields: readonly TableNode[]): ReadGroup => {
    let reader = compiled.get(fields)
    if (!reader) compiled.set(fields, (reader = compileFields(fields, compileGroup)))
    return reader
  }
  return compileGroup
}

function compileFields(
  fields: readonly TableNode[],
  compileGroup: (fields: readonly TableNode[]) => ReadGroup,
): ReadGroup {
  const slots = fields.map((field, order) => ({
    ...field,
    order,
    read: field.children ? readGroup(compileGroup(field.children)) : readText(field),
  }))
  const byName = new Map(slots.map((slot) => [slot.name, slot]))
  const required = slots.filter((slot) => slot.optionality === 'R')
  return (element, at, findings) => {
    const doc: Doc = {}
    const counts = new Uint32Array(slots.length)
    let reached = 0
    for (const child of element.children) {
      if (typeof child === 'string') {
        if (/[^\t\n\r ]/.test(child)) findings.add(strayText(child), at, element)
        continue
      }
      const slot = child.namespace === '' ? byName.get(child.local) : undefined
      if (!slot) {
        findings.add(unknownElement(child, byName.has(child.local)), { parent: at, name: child.local, index: 0 }, child)
        continue
      }
      const count = (counts[slot.order]! += 1)
      const place = { parent: at, name: slot.name, index: slot.max > 1 ? count : 0 }
      if (slot.order < reached) findings.add(outOfOrder(slot.name, slots[reached]!.name), place, child)
      else reached = slot.order
      if (count === slot.max + 1) findings.add(tooMany(slot), place, child)
      const value = slot.read(child, place, findings)
      if (slot.max === 1) doc[slot.name] ??= value
      else if (count === 1) doc[slot.name] = [value]
      else (doc[slot.name] as (string | Doc)[]).push(value)
    }
    for (const slot of required) {
      if (counts[slot.order] === 0) {
        findings.add(missing(slot), { parent: at, name: slot.name, index: slot.max > 1 ? 1 : 0 }, element)
      }
    }
    return doc
  }
}

function readGroup(read: ReadGroup): ReadField {
  return (element, at, findings) => {
    if (element.attributes.length > 0) strayAttributes(element, at, findings)
    return read(element, at, findings)
  }
}

function readText({ format }: TableNode): ReadField {
  const { normalise, check } = format!
  return (element, at, findings) => {
    if (element.attributes.length > 0) strayAttributes(element, at, findings)
    let text = ''
    for (const child of element.children) {
      if (typeof child === 'string') text += child
      else findings.add(unknownElement(child, false), { parent: at, name: child.local, index: 0 }, child)
    }
    const value = normalise(text)
    const problem = check(value)
    if (problem) {
      const { facet, code, allowed, remedy } = problem
      findings.add(
        {
          rule: facet,
          code,
          ...valueToShow(at.name, text),
          allowed,
          remedy,
          text: `The value does not have the form ${format!.notation}.`,
        },
        at,
        element,
      )
    }
    return value
  }
}

function strayAttributes(element: XmlElement, at: Place, findings: Findings): void {
  for (const { namespace, local, value } of element.attributes) {
    if (namespace === schemaInstance && /^(schemaLocation|noNamespaceSchemaLocation)$/.test(local)) continue
    findings.add(
      {
        rule: 'attribute',
        code: xmlErrorCode.position,
        value,
        remedy: `Remove the attribute ${local}.`,
        text: `The attribute ${local} is not allowed here.`,
      },
      at,
      element,
    )
  }
}

const strayText = (text: string): Problem => ({
  rule: 'text',
  code: xmlErrorCode.position,
  value: text.trim(),
  remedy: 'Remove the text between the elements.',
  text: 'A group holds elements, no text.',
})

const unknownElement = ({ local, namespace }: XmlElement, isQualified: boolean): Problem => ({
  rule: 'unknown',
  code: xmlErrorCode.position,
  value: local,
  remedy: isQualified ? `Write ${local} without a namespace: only the document element has one.` : `Remove ${local}.`,
  text:
    namespace === ''
      ? `${local} is not part of this group.`
      : `${local} in the namespace ${namespace} is not part of this group.`,
})

const outOfOrder = (name: string, after: string): Problem => ({
  rule: 'order',
  code: xmlErrorCode.position,
  value: name,
  remedy: `Put ${name} before ${after}.`,
  text: `${name} comes too late in its group.`,
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

/** What the root of a message is checked against. */
export interface RootShape {
  readonly type: string
  readonly namespace: string
  readonly phases: readonly string[]
}

/** The reader of a whole message: bytes to document and findings. */
export function readRoot(shape: RootShape, read: ReadGroup): (bytes: Uint8Array) => ReadResult {
  return (bytes) => {
    const root = parseOrFinding(bytes, shape.type)
    if ('kind' in root) return { document: undefined, findings: [root] }
    const findings = new Findings()
    const at: Place = { parent: undefined, name: root.local, index: 0 }
    if (root.local !== shape.type || root.namespace !== shape.namespace) {
      findings.add(wrongRoot(root, shape), at, root)
      return { document: undefined, findings: findings.list }
    }
    const phase = root.attributes.find(({ local, namespace }) => local === 'PhaseID' && namespace === '')
    const others = phase ? { ...root, attributes: root.attributes.filter((each) => each !== phase) } : root
    strayAttributes(others, at, findings)
    const document = read(root, at, findings)
    if (phase) {
      document['PhaseID'] = phase.value.trim()
      if (!shape.phases.includes(phase.value.trim())) findings.add(wrongPhase(phase.value, shape), at, root)
    }
    return { document, findings: findings.list }
  }
}

function parseOrFinding(bytes: Uint8Array, type: string): XmlElement | Finding {
  try {
    return parse(bytes)
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
    const { line, column, message, remedy, code } = error
    return {
      kind: 'xml',
      rule: code,
      code: xmlErrorCode.notWellFormed,
      path: `/${type}`,
      line,
      column,
      remedy,
      text: message,
    }
  }
}

const wrongRoot = ({ local, namespace }: XmlElement, { type, namespace: wanted }: RootShape): Problem => ({
  rule: 'root',
  code: xmlErrorCode.position,
  value: namespace ? `{${namespace}}${local}` : local,
  allowed: `{${wanted}}${type}`,
  remedy: `Send a ${type} in the namespace ${wanted}.`,
  text: 'The document element is not the one of this message.',
})

const wrongPhase = (value: string, { phases }: RootShape): Problem => ({
  rule: 'enumeration',
  code: xmlErrorCode.enumeration,
  value,
  allowed: phases.join(', '),
  remedy: 'Give a PhaseID of this edition, or none.',
  text: 'The PhaseID is not one of this edition.',
})
