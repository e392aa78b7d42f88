/**
 * The strict reader: parses a document to a tree first and goes through it once, naming everything that is wrong. It reads whatever is
 * well-formed; quick/ reads the usual documents in a fraction of the time and leaves the others to this one.
 */
import { parse, XmlFault, type XmlElement } from '@corridor/xml'
import type { Doc, Place } from '../document.ts'
import { xmlErrorCode, type Finding } from '../finding.ts'
import { collapse } from '../format/texts.ts'
import type { TableNode } from './fields.ts'
import { Content } from './content.ts'
import { readAttributes } from './attributes.ts'
import { Findings, strayText, unknownElement, wrongFormat, wrongPhase } from './findings.ts'
import type { AttributePlan, Member, Plan } from './plan.ts'

/** What reading gave: the document as far as it could be read, and everything that is wrong with it. */
export interface ReadResult {
  /** undefined when the bytes are not well-formed XML or are another document, and when there are more findings than a rejection carries */
  readonly document: Doc | undefined
  readonly findings: readonly Finding[]
}

/** What the root of a message is checked against. */
export interface RootShape {
  /** local name of the document element */
  readonly root: string
  readonly namespace: string
  /** the values of the attribute PhaseID; none when the message has no such attribute */
  readonly phases: readonly string[]
  readonly plan: Plan
  readonly attributes: AttributePlan | undefined
}

type Found = Findings<XmlElement>

/** The strict reader of a whole message. */
export function readRoot(shape: RootShape): (bytes: Uint8Array) => ReadResult {
  return (bytes) => {
    const root = parseOrFinding(bytes, shape.root)
    if ('kind' in root) return { document: undefined, findings: [root] }
    const findings = new Findings<XmlElement>((element) => element)
    const at: Place = { parent: undefined, name: root.local, index: 0 }
    if (root.local !== shape.root || root.namespace !== shape.namespace) {
      findings.add(wrongRoot(root, shape), at, root)
      return { document: undefined, findings: findings.list }
    }
    const isPhase = ({ local, namespace }: { local: string; namespace: string }): boolean =>
      shape.phases.length > 0 && local === 'PhaseID' && namespace === ''
    const phase = root.attributes.find(isPhase)
    const others = root.attributes.filter((each) => each !== phase)
    const document: Doc = {}
    readAttributes(others, shape.attributes, document, at, root, findings)
    readContent(root, shape.plan, document, at, findings)
    if (phase) {
      document['PhaseID'] = collapse(phase.value)
      if (!shape.phases.includes(collapse(phase.value))) findings.add(wrongPhase(phase.value, shape.phases), at, root)
    }
    return { document: findings.isFull ? undefined : document, findings: findings.list }
  }
}

function readContent(element: XmlElement, plan: Plan, doc: Doc, at: Place, findings: Found): Doc {
  const content = new Content(plan, at, element, findings, doc)
  for (const child of element.children) {
    if (findings.isFull) break
    if (typeof child === 'string') {
      if (/[^\t\n\r ]/.test(child)) findings.add(strayText(child), at, element)
    } else if (content.take(child.namespace, child.local, child)) {
      content.put(readElement(child, content.member, content.place, findings))
    }
  }
  return content.finish()
}

function readElement(
  element: XmlElement,
  { plan, attributes, node }: Member,
  at: Place,
  findings: Found,
): string | Doc {
  const doc: Doc = {}
  if (element.attributes.length > 0 || attributes) {
    readAttributes(element.attributes, attributes, doc, at, element, findings)
  }
  if (plan) return readContent(element, plan, doc, at, findings)
  const text = readText(element, node, at, findings)
  if (!attributes) return text
  doc['#text'] = text
  return doc
}

function readText(element: XmlElement, { name, format }: TableNode, at: Place, findings: Found): string {
  let text = ''
  for (const child of element.children) {
    if (typeof child === 'string') text += child
    else {
      const problem = unknownElement(child.local, child.namespace, undefined)
      findings.add(problem, { parent: at, name: child.local, index: 0 }, child)
    }
  }
  const value = format!.normalise(text)
  const problem = format!.check(value)
  if (problem) findings.add(wrongFormat(name, format!, problem, text), at, element)
  return value
}

function parseOrFinding(bytes: Uint8Array, root: string): XmlElement | Finding {
  try {
    return parse(bytes)
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
    return faultFinding(error, root)
  }
}

/** What is wrong with the XML itself; there is no document then. */
export function faultFinding({ line, column, message, remedy, code: rule }: XmlFault, root: string): Finding {
  return { kind: 'xml', rule, code: xmlErrorCode.notWellFormed, path: `/${root}`, line, column, remedy, text: message }
}

const wrongRoot = ({ local, namespace }: XmlElement, shape: RootShape): Parameters<Found['add']>[0] => ({
  rule: 'root',
  code: xmlErrorCode.position,
  value: namespace ? `{${namespace}}${local}` : local,
  allowed: `{${shape.namespace}}${shape.root}`,
  remedy: `Send a ${shape.root} in the namespace ${shape.namespace}.`,
  text: 'The document element is not the one of this message.',
})
