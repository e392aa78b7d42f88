import { attributeOf, childElements, parse, type XmlElement, XmlFault } from '@corridor/xml'
import { NS } from './names.ts'
import { demand, Refusal } from './refusal.ts'

/** A SOAP envelope of the right shape. Nothing in it is verified. */
export interface Envelope {
  root: XmlElement
  messaging: XmlElement
  body: XmlElement
  security: XmlElement | undefined
  /** Every element that carries an id, by it. No id occurs twice. */
  ids: ReadonlyMap<string, XmlElement>
}

const STRICT = { comments: true, processingInstructions: true, cdata: true }
// What may be in one envelope only once, wherever it stands: a second one is there to be mistaken for the first.
const SINGLE: readonly (readonly [string, string])[] = [
  [NS.env, 'Envelope'],
  [NS.env, 'Header'],
  [NS.env, 'Body'],
  [NS.eb, 'Messaging'],
  [NS.eb, 'UserMessage'],
  [NS.eb, 'SignalMessage'],
  [NS.wsse, 'Security'],
  [NS.ds, 'Signature'],
  [NS.ds, 'SignedInfo'],
  [NS.xenc, 'EncryptedKey'],
]

/** Parses bytes of an envelope once for all, with everything refused that two readers could see differently. */
export function parseStrict(bytes: Uint8Array): XmlElement {
  try {
    return parse(bytes, { refuse: STRICT, limits: { nodes: 20_000 } })
  } catch (error) {
    if (error instanceof XmlFault)
      throw new Refusal('EBMS:0009', `the envelope is not acceptable XML: ${error.message}`)
    throw error
  }
}

/**
 * Reads the envelope: SOAP 1.2, one eb:Messaging, at most one wsse:Security, an empty Body, ids unique over the whole
 * (ebMS 3.0 Core 5.2; eDelivery AS4 1.15, 1.4.2.2). Refuses with EBMS:0009, EBMS:0008 or, for ids, EBMS:0101.
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const root = parseStrict(bytes)
  demand(root.namespace === NS.env && root.local === 'Envelope', 'EBMS:0009', 'the root is not a SOAP 1.2 Envelope')
  const ids = census(root)
  const [header, body, ...rest] = elementsOnly(root)
  demand(header && body && rest.length === 0, 'EBMS:0009', 'the Envelope is not a Header and a Body')
  demand(header.namespace === NS.env && header.local === 'Header', 'EBMS:0009', 'the Envelope has no Header')
  demand(body.namespace === NS.env && body.local === 'Body', 'EBMS:0009', 'the Envelope has no Body')
  demand(body.children.every(isSpace), 'EBMS:0009', 'the Body is not empty')

  let messaging: XmlElement | undefined
  let security: XmlElement | undefined
  for (const child of elementsOnly(header)) {
    const isSecurity = child.namespace === NS.wsse && child.local === 'Security'
    if (child.namespace === NS.eb && child.local === 'Messaging') messaging = child
    else if (isSecurity) security = child
    else demand(!mustUnderstand(child), 'EBMS:0008', `the header ${child.local} must be understood`)
    const role = attributeOf(child, 'role', NS.env) ?? `${NS.env}/role/ultimateReceiver`
    demand(!(isSecurity || child === messaging) || role === `${NS.env}/role/ultimateReceiver`, 'EBMS:0009', 'a role')
  }
  demand(messaging, 'EBMS:0009', 'there is no eb:Messaging header')
  return { root, messaging, body, security, ids }
}

/** The child elements of an element that may hold nothing else but white space. */
export function elementsOnly(element: XmlElement): XmlElement[] {
  const texts = element.children.filter((child) => typeof child === 'string')
  demand(texts.every(isSpace), 'EBMS:0009', `${element.local} has text between its elements`)
  return childElements(element)
}

function isSpace(child: XmlElement | string): boolean {
  return typeof child === 'string' && /^[ \t\r\n]*$/.test(child)
}

function mustUnderstand(element: XmlElement): boolean {
  const value = attributeOf(element, 'mustUnderstand', NS.env)?.trim()
  return value !== undefined && value !== 'false' && value !== '0'
}

function census(root: XmlElement): Map<string, XmlElement> {
  const ids = new Map<string, XmlElement>()
  const seen = new Set<string>()
  const visit = (element: XmlElement): void => {
    const single = SINGLE.some(([namespace, local]) => local === element.local && namespace === element.namespace)
    demand(!single || !seen.has(element.local), 'EBMS:0009', `there are two elements ${element.local}`)
    if (single) seen.add(element.local)
    for (const { local, namespace, value } of element.attributes) {
      if (local.toLowerCase() !== 'id' || (namespace !== '' && namespace !== NS.wsu && namespace !== NS.xml)) continue
      demand(!ids.has(value), 'EBMS:0101', 'an id occurs twice')
      ids.set(value, element)
    }
    for (const child of element.children) if (typeof child !== 'string') visit(child)
  }
  visit(root)
  return ids
}
