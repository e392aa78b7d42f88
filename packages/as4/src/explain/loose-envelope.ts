import { attributeOf, childElements, parse, type XmlElement, XmlFault } from '@corridor/xml'
import type { Envelope } from '../envelope-read.ts'
import { NS } from '../names.ts'

/**
 * The envelope of a message that a receiver refuses, as far as it has the shape of one: the first of what may be there
 * once, ids that occur twice by their first. Undefined when it is no XML or nothing of AS4. For looking at only.
 */
export function readLooseEnvelope(bytes: Uint8Array): Envelope | undefined {
  let root: XmlElement
  try {
    root = parse(bytes)
  } catch (error) {
    if (error instanceof XmlFault) return undefined
    throw error
  }
  const first = (namespace: string, local: string): XmlElement | undefined => find(root, namespace, local)
  const [messaging, body] = [first(NS.eb, 'Messaging'), first(NS.env, 'Body')]
  if (!messaging || !body) return undefined
  const ids = new Map<string, XmlElement>()
  collectIds(root, ids)
  return { root, messaging, body, security: first(NS.wsse, 'Security'), ids }
}

function find(element: XmlElement, namespace: string, local: string): XmlElement | undefined {
  if (element.local === local && element.namespace === namespace) return element
  for (const child of childElements(element)) {
    const found = find(child, namespace, local)
    if (found) return found
  }
  return undefined
}

function collectIds(element: XmlElement, ids: Map<string, XmlElement>): void {
  for (const id of [attributeOf(element, 'Id', NS.wsu), attributeOf(element, 'Id')]) {
    if (id !== undefined && !ids.has(id)) ids.set(id, element)
  }
  for (const child of childElements(element)) collectIds(child, ids)
}
