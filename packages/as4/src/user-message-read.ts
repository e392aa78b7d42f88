import type { XmlElement } from '@corridor/xml'
import { attributeValueOf, fieldsOf, isMessageId, valueOf } from './fields.ts'
import type { PartyId, Property, TypedValue, UserMessageHeader } from './model.ts'
import { EBMS } from './names.ts'
import { demand } from './refusal.ts'

/** What eb:PartInfo says of one payload. */
export interface PartInfo {
  contentId: string
  mimeType: string | undefined
  characterSet: string | undefined
  compressed: boolean
  properties: Property[]
}

/** What eb:MessageInfo says. */
export interface MessageInfo {
  messageId: string
  timestamp: Date
  refToMessageId: string | undefined
}

const GZIP = 'application/gzip'

/**
 * Reads eb:UserMessage (ebMS 3.0 Core 5.2.2; eDelivery AS4 1.15, 1.4.2.2-3): one PartyId per party, no payload in the
 * Body or outside of the message. Refuses with EBMS:0009, 0003, 0007 or 0011. Says nothing about who wrote it.
 */
export function readUserMessage(element: XmlElement): { header: UserMessageHeader; parts: PartInfo[] } {
  const message = fieldsOf(element, [
    'MessageInfo',
    'PartyInfo',
    'CollaborationInfo',
    'MessageProperties',
    'PayloadInfo',
  ])
  const parties = fieldsOf(message.one('PartyInfo'), ['From', 'To'])
  const business = fieldsOf(message.one('CollaborationInfo'), ['AgreementRef', 'Service', 'Action', 'ConversationId'])
  const agreement = business.maybe('AgreementRef')
  const properties = message.maybe('MessageProperties')
  const payload = message.maybe('PayloadInfo')
  const mpc = attributeValueOf(element, 'mpc')
  const header: UserMessageHeader = {
    ...readMessageInfo(message.one('MessageInfo')),
    from: readParty(parties.one('From')),
    to: readParty(parties.one('To')),
    service: readTyped(business.one('Service')),
    action: valueOf(business.one('Action')),
    ...(agreement ? { agreement: readTyped(agreement) } : {}),
    conversationId: valueOf(business.one('ConversationId')),
    ...(mpc === undefined || mpc === EBMS.defaultMpc ? {} : { mpc }),
    properties: properties ? readProperties(properties) : [],
  }
  const parts = payload ? fieldsOf(payload, [], ['PartInfo']).all('PartInfo').map(readPartInfo) : []
  const ids = new Set(parts.map((part) => part.contentId))
  demand(ids.size === parts.length, 'EBMS:0003', 'two PartInfo name the same part')
  return { header, parts }
}

/** Reads eb:MessageInfo of a user or a signal message. */
export function readMessageInfo(element: XmlElement): MessageInfo {
  const info = fieldsOf(element, ['Timestamp', 'MessageId', 'RefToMessageId'])
  const messageId = valueOf(info.one('MessageId'))
  const ref = info.maybe('RefToMessageId')
  const refToMessageId = ref && valueOf(ref)
  demand(isMessageId(messageId), 'EBMS:0009', 'the MessageId is not allowed')
  demand(refToMessageId === undefined || isMessageId(refToMessageId), 'EBMS:0009', 'the RefToMessageId is not allowed')
  return { messageId, timestamp: readTimestamp(valueOf(info.one('Timestamp'))), refToMessageId }
}

function readTimestamp(text: string): Date {
  // ebMS 3.0 Core 5.2.2.1 wants UTC; some write an offset, and some none.
  const found = /^((\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)?$/.exec(text)
  demand(found, 'EBMS:0009', 'the Timestamp is not a dateTime')
  const at = new Date(`${found[1]!}${found[3] ?? 'Z'}`)
  // JavaScript reads the 30th of February as the 2nd of March.
  const day = new Date(`${found[2]!}T00:00:00Z`)
  const real = !Number.isNaN(at.getTime()) && day.toISOString().startsWith(found[2]!)
  demand(real, 'EBMS:0009', 'the Timestamp is no moment')
  return at
}

function readParty(element: XmlElement): PartyId {
  const party = fieldsOf(element, ['PartyId', 'Role'])
  const { value, type } = readTyped(party.one('PartyId'))
  return { id: value, ...(type === undefined ? {} : { type }), role: valueOf(party.one('Role')) }
}

function readTyped(element: XmlElement): TypedValue {
  const type = attributeValueOf(element, 'type')
  return { value: valueOf(element), ...(type === undefined ? {} : { type }) }
}

function readProperties(element: XmlElement): Property[] {
  const seen = new Set<string>()
  return fieldsOf(element, [], ['Property'])
    .all('Property')
    .map((each) => {
      const name = attributeValueOf(each, 'name')
      demand(name !== undefined, 'EBMS:0009', 'a Property has no name')
      demand(!seen.has(name), 'EBMS:0003', `the Property ${name} is given twice`)
      seen.add(name)
      return { name, ...readTyped(each) }
    })
}

function readPartInfo(element: XmlElement): PartInfo {
  const href = attributeValueOf(element, 'href')
  demand(href !== undefined, 'EBMS:0003', 'a PartInfo refers to the Body')
  const fields = fieldsOf(element, ['PartProperties', 'Schema', 'Description'])
  const list = fields.maybe('PartProperties')
  const properties = list ? readProperties(list) : []
  const value = (name: string): string | undefined => properties.find((each) => each.name === name)?.value
  const compression = value('CompressionType')
  demand(compression === undefined || compression === GZIP, 'EBMS:0303', `a part is compressed as ${compression}`)
  const mimeType = value('MimeType')
  // AS4 Profile 1.0, 3.1: a compressed part must tell its own type.
  demand(compression === undefined || mimeType !== undefined, 'EBMS:0303', 'a compressed part has no MimeType')
  return {
    contentId: readCid(href),
    mimeType,
    characterSet: value('CharacterSet'),
    compressed: compression !== undefined,
    properties: properties.filter((each) => !RESERVED_PROPERTIES.includes(each.name)),
  }
}

/** The part properties that belong to the library. */
export const RESERVED_PROPERTIES: readonly string[] = ['MimeType', 'CharacterSet', 'CompressionType']

/** The Content-ID that a `cid:` URL names (RFC 2392). */
export function readCid(url: string): string {
  demand(url.startsWith('cid:'), 'EBMS:0011', 'a payload is outside of the message')
  try {
    return decodeURIComponent(url.slice('cid:'.length))
  } catch {
    demand(false, 'EBMS:0007', 'a cid URL is not decodable')
  }
}
