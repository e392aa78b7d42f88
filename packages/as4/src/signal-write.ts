import { escapeAttribute, escapeText } from '@corridor/xml'
import type { As4Error } from './ebms-errors.ts'
import { writeEnvelope } from './envelope-write.ts'
import { As4Fault } from './faults.ts'
import { isPlainText } from './fields.ts'
import type { Identity, PMode, Reference, Wire } from './model.ts'
import { NS } from './names.ts'
import { policyFor, policyOf } from './policy.ts'
import { ownBytes } from './own-bytes.ts'
import { randomBytes } from './random.ts'
import { checkMessageId, type SealOptions, writeMessageInfo } from './seal.ts'
import { writeReference } from './security-write.ts'

/** What every signal of ours needs. */
export interface SignalOptions extends SealOptions {
  messageId: string
  timestamp: Date
  identity: Identity
  /** The P-Mode of what it is about: how it is signed. Left out, it is signed as the key of the identity can. */
  pmode?: PMode
}

/**
 * A signed receipt for an opened message, with the references of its signature as non-repudiation information
 * (AS4 Profile 1.0, 5.1.8; ebBP signals 2.0). Make it before the message is stored and send it after; it is to be
 * kept: a duplicate gets the same bytes.
 */
export function sealReceipt(
  opened: { message: { messageId: string }; references: readonly Reference[]; pmode?: PMode },
  options: SignalOptions,
): Wire {
  const parts = opened.references.map(
    (each) => `<ebbp:MessagePartNRInformation>${writeReference(each, true)}</ebbp:MessagePartNRInformation>`,
  )
  const receipt =
    `<eb:Receipt><ebbp:NonRepudiationInformation xmlns:ebbp="${NS.ebbp}">${parts.join('')}` +
    `</ebbp:NonRepudiationInformation></eb:Receipt>`
  return sealSignal(receipt, opened.message.messageId, { pmode: opened.pmode, ...options })
}

/**
 * A signed error signal (ebMS 3.0 Core 6.2). `refToMessageId` is the message that is refused; left out when its id
 * could not be read.
 */
export function sealError(error: As4Error, options: SignalOptions & { refToMessageId?: string }): Wire {
  const { refToMessageId } = options
  const description =
    error.description === undefined
      ? ''
      : `<eb:Description xml:lang="en">${escapeText(error.description)}</eb:Description>`
  const xml =
    `<eb:Error${attribute('category', error.category)}${attribute('errorCode', error.code)}` +
    `${attribute('refToMessageInError', refToMessageId)}${attribute('severity', error.severity)}` +
    `${attribute('shortDescription', error.shortDescription)}>${description}</eb:Error>`
  return sealSignal(xml, refToMessageId, options)
}

/**
 * A signed request for the next message of a channel (ebMS 3.0 Core 5.2.3.1; eDelivery AS4 1.15, 1.5.5). Each try is
 * a new request with a new id.
 */
export function sealPullRequest(mpc: string, options: SignalOptions): Wire {
  if (mpc === '' || !isPlainText(mpc)) throw new As4Fault('bad-value', 'Not the name of a channel')
  return sealSignal(`<eb:PullRequest mpc="${escapeAttribute(mpc)}"></eb:PullRequest>`, undefined, options)
}

function sealSignal(content: string, refToMessageId: string | undefined, options: SignalOptions): Wire {
  checkMessageId(options.messageId)
  const info = writeMessageInfo(options.messageId, options.timestamp, refToMessageId)
  const signal = `<eb:SignalMessage>${info}${content}</eb:SignalMessage>`
  const policy = options.pmode ? policyOf(options.pmode) : policyFor(options.identity)
  const random = options.randomBytes ?? randomBytes
  const { envelope } = writeEnvelope(signal, options.identity, random, policy, { signs: policy.receiptSigns })
  return { contentType: 'application/soap+xml;charset=UTF-8', body: ownBytes([envelope]) }
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escapeAttribute(value)}"`
}
