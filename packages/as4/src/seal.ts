import type { X509Certificate } from 'node:crypto'
import { escapeAttribute, escapeText, XmlFault } from '@corridor/xml'
import { signedFormOf } from './content-transform.ts'
import { readEnvelope } from './envelope-read.ts'
import { writeEnvelope } from './envelope-write.ts'
import { As4Fault } from './faults.ts'
import { isMessageId, isPlainText } from './fields.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { readMime } from './mime-read.ts'
import { writeMultipart } from './mime-write.ts'
import type {
  Identity,
  Part,
  PartyId,
  PMode,
  Property,
  SealedMessage,
  SentMessage,
  TypedValue,
  UserMessage,
  UserMessageHeader,
  Wire,
} from './model.ts'
import { messageOf, securityOf } from './open.ts'
import { matchesPMode } from './p-mode.ts'
import { missingProperty } from './p-modes/messages.ts'
import { policyOf, type SealPolicy } from './policy.ts'
import { profileOf } from './profiles/index.ts'
import { randomBytes, type RandomBytes } from './random.ts'
import type { Payload } from './security-write.ts'
import { readUserMessage, RESERVED_PROPERTIES } from './user-message-read.ts'
import { zip } from './zip.ts'

const GZIP = 'application/gzip'

/** Seams of the sealing functions. */
export interface SealOptions {
  /** Defaults to node:crypto's. */
  randomBytes?: RandomBytes
}

/**
 * Seals a user message for the partner of its P-Mode, as its profile has it: each part compressed, signed, then
 * encrypted (eDelivery AS4 1.15, 1.4.2.6 and 1.4.3.1). The result is to be kept: a retry sends the same bytes.
 * Takes no clock; the timestamp is the message's. Throws {@link As4Fault} for a message the profile cannot express.
 */
export function sealUserMessage(
  message: UserMessage,
  pmode: PMode,
  identity: Identity,
  options: SealOptions = {},
): SealedMessage {
  checkMessage(message, pmode)
  const policy = policyOf(pmode)
  const random = options.randomBytes ?? randomBytes
  const payloads = message.parts.map((part) => payloadOf(part, policy))
  const recipient = policy.encryption && recipientOf(pmode, message)
  const content = writeUserMessage(message, policy)
  const written = writeEnvelope(content, identity, random, policy, { payloads, recipient })
  const attachments = written.attachments.map((each, n) => ({
    ...each,
    mimeType: recipient ? 'application/octet-stream' : payloads[n]!.mimeType,
  }))
  const boundary = `corridor-${Buffer.from(random(18)).toString('hex')}`
  const { messageId } = message
  return { ...writeMultipart(written.envelope, attachments, boundary), messageId, references: written.references }
}

function payloadOf(part: Part, policy: SealPolicy): Payload {
  const { contentId, mimeType, bytes } = part
  const type = wireTypeOf(part, policy)
  if (policy.compress) return { contentId, mimeType: type, bytes: zip(bytes) }
  return { contentId, mimeType: type, bytes, signed: orBadPart(() => signedFormOf(bytes, mimeType)) }
}

/** The type that a part has on the wire before it is encrypted. */
export function wireTypeOf({ mimeType, characterSet }: Omit<Part, 'bytes'>, { compress }: SealPolicy): string {
  if (compress) return GZIP
  return characterSet === undefined ? mimeType : `${mimeType};charset=${characterSet}`
}

/** A message whose payloads are of no interest yet. */
export type MessageOutline = UserMessageHeader & { parts: Omit<Part, 'bytes'>[] }

/** Whose certificate the payloads are encrypted for. Throws {@link As4Fault} `bad-p-mode` when none is at hand. */
export function recipientOf(pmode: PMode, { parts }: MessageOutline): X509Certificate | undefined {
  const recipient = pmode.partnerEncryptionCertificate ?? pmode.partnerCertificate
  if (!recipient && parts.length > 0) throw new As4Fault('bad-p-mode', `${pmode.id} has no certificate to encrypt for`)
  return recipient
}

// Uncompressed XML is signed in canonical form, so it must be XML.
function orBadPart<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof XmlFault) throw new As4Fault('bad-value', `A part is not XML: ${error.message}`)
    throw error
  }
}

/**
 * What the receipt for a message must repeat, read from the bytes that {@link sealUserMessage} made and somebody kept.
 * Throws {@link As4Fault} for anything else.
 */
export function sentMessageOf(wire: Wire): SentMessage {
  try {
    const envelope = readEnvelope(readMime(wire, { ...DEFAULT_LIMITS, bodyBytes: Infinity }).envelope)
    const references = securityOf(envelope).signature?.references
    if (references) {
      return { messageId: readUserMessage(messageOf(envelope.messaging)).header.messageId, references }
    }
  } catch (error) {
    throw new As4Fault('not-a-sealed-message', `The wire cannot be read: ${(error as Error).message}`)
  }
  throw new As4Fault('not-a-sealed-message', 'The wire is not signed')
}

/** Throws unless a message id can go on the wire. */
export function checkMessageId(messageId: string): void {
  if (!isMessageId(messageId)) throw new As4Fault('bad-message-id', `Not a message id: ${JSON.stringify(messageId)}`)
}

/** Milliseconds and Z, as ebMS 3.0 Core 5.2.2.1 has it. */
export function writeTimestamp(timestamp: Date): string {
  if (Number.isNaN(timestamp.getTime())) throw new As4Fault('bad-timestamp', 'The timestamp is no moment')
  return timestamp.toISOString()
}

/** Throws {@link As4Fault} for a message that the P-Mode or its profile does not allow. */
export function checkMessage(message: MessageOutline, pmode: PMode): void {
  checkMessageId(message.messageId)
  if (message.refToMessageId !== undefined) checkMessageId(message.refToMessageId)
  if (!matchesPMode(pmode, message)) {
    throw new As4Fault('p-mode-mismatch', `The message does not fit the P-Mode ${pmode.id}`)
  }
  checkAgreed(message, pmode)
  const { from, to, service, agreement, parts } = message
  const properties = [...message.properties, ...parts.flatMap((part) => part.properties)]
  const values = [message.conversationId, message.action, from.id, from.role, to.id, to.role, service.value]
  const optional = [agreement?.value, from.type, to.type, service.type, agreement?.type, message.mpc]
  const ofParts = parts.flatMap((part) => [part.mimeType, part.characterSet])
  const all = [...values, ...optional, ...ofParts, ...properties.flatMap((each) => [each.name, each.value, each.type])]
  for (const value of all) {
    if (value === undefined) continue
    const sound = isPlainText(value) && value.isWellFormed() && value.trim() === value && value !== ''
    if (!sound) throw new As4Fault('bad-value', `Not a header value: ${JSON.stringify(value.slice(0, 80))}`)
  }
  for (const { name } of parts.flatMap((part) => part.properties)) {
    if (RESERVED_PROPERTIES.includes(name)) throw new As4Fault('reserved-property', `The part property ${name} is set`)
  }
  if (parts.length > DEFAULT_LIMITS.parts) throw new As4Fault('too-many-parts', `There are ${parts.length} parts`)
  const ids = parts.map((part) => part.contentId)
  const sound = ids.every((id) => /^[A-Za-z0-9._~@+-]{1,255}$/.test(id)) && new Set(ids).size === ids.length
  if (!sound) throw new As4Fault('bad-content-id', 'A Content-ID is not allowed or given twice')
}

/** What the P-Mode and its profile ask of a message beyond its parties and service. */
function checkAgreed(message: UserMessageHeader, pmode: PMode): void {
  const { name, messageId, messageProperties } = profileOf(pmode.profile)
  if (messageId !== undefined && !new RegExp(`^(?:${messageId})$`).test(message.messageId)) {
    throw new As4Fault('bad-message-id', `The profile ${name} has message ids of the form ${messageId}`)
  }
  if (!messageProperties && message.properties.length > 0) {
    throw new As4Fault('p-mode-mismatch', `The profile ${name} has no message properties`)
  }
  const missing = missingProperty(pmode, message)
  if (missing !== undefined) throw new As4Fault('p-mode-mismatch', `${pmode.id}: ${missing}`)
  if (pmode.replyTo !== undefined && message.refToMessageId === undefined) {
    throw new As4Fault('p-mode-mismatch', `${pmode.id} is for answers, and the message does not say to what`)
  }
}

/** The content of eb:Messaging in canonical form, for a message that was checked. */
export function writeUserMessage(message: MessageOutline, policy: SealPolicy): string {
  const { agreement, mpc, refToMessageId } = message
  return (
    `<eb:UserMessage${mpc === undefined ? '' : ` mpc="${escapeAttribute(mpc)}"`}>${writeMessageInfo(message.messageId, message.timestamp, refToMessageId)}` +
    `<eb:PartyInfo><eb:From>${writeParty(message.from)}</eb:From><eb:To>${writeParty(message.to)}</eb:To></eb:PartyInfo>` +
    `<eb:CollaborationInfo>${agreement ? writeTyped('AgreementRef', agreement) : ''}` +
    `${writeTyped('Service', message.service)}<eb:Action>${escapeText(message.action)}</eb:Action>` +
    `<eb:ConversationId>${escapeText(message.conversationId)}</eb:ConversationId></eb:CollaborationInfo>` +
    `${writeProperties('MessageProperties', message.properties)}${writePayloadInfo(message, policy)}</eb:UserMessage>`
  )
}

/** eb:MessageInfo in canonical form. */
export function writeMessageInfo(messageId: string, timestamp: Date, refToMessageId: string | undefined): string {
  const ref = refToMessageId === undefined ? '' : `<eb:RefToMessageId>${escapeText(refToMessageId)}</eb:RefToMessageId>`
  return (
    `<eb:MessageInfo><eb:Timestamp>${writeTimestamp(timestamp)}</eb:Timestamp>` +
    `<eb:MessageId>${escapeText(messageId)}</eb:MessageId>${ref}</eb:MessageInfo>`
  )
}

function writeParty({ id, type, role }: PartyId): string {
  return `${writeTyped('PartyId', { value: id, type })}<eb:Role>${escapeText(role)}</eb:Role>`
}

function writeTyped(name: string, { value, type }: TypedValue): string {
  return `<eb:${name}${type === undefined ? '' : ` type="${escapeAttribute(type)}"`}>${escapeText(value)}</eb:${name}>`
}

function writeProperties(name: string, properties: readonly Property[]): string {
  if (properties.length === 0) return ''
  const each = properties.map(({ name, type, value }) => {
    const typed = type === undefined ? '' : ` type="${escapeAttribute(type)}"`
    return `<eb:Property name="${escapeAttribute(name)}"${typed}>${escapeText(value)}</eb:Property>`
  })
  return `<eb:${name}>${each.join('')}</eb:${name}>`
}

function writePayloadInfo({ parts }: MessageOutline, { compress }: SealPolicy): string {
  if (parts.length === 0) return ''
  const each = parts.map((part) => {
    const properties: Property[] = [
      { name: 'MimeType', value: part.mimeType },
      ...(part.characterSet === undefined ? [] : [{ name: 'CharacterSet', value: part.characterSet }]),
      ...(compress ? [{ name: 'CompressionType', value: GZIP }] : []),
      ...part.properties,
    ]
    return `<eb:PartInfo href="cid:${part.contentId}">${writeProperties('PartProperties', properties)}</eb:PartInfo>`
  })
  return `<eb:PayloadInfo>${each.join('')}</eb:PayloadInfo>`
}
