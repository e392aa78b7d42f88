import type { X509Certificate } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { childElements, type XmlElement } from '@corridor/xml'
import { decryptingKeys, failedDecryption, openDecryption } from './decrypt.ts'
import { type As4Error, ebmsError } from './ebms-errors.ts'
import type { Encryption } from './encryption-read.ts'
import { elementsOnly, readEnvelope, type Envelope } from './envelope-read.ts'
import { isMessageId } from './fields.ts'
import { type As4Limits, DEFAULT_LIMITS } from './limits.ts'
import { type MimeMessage, readMime } from './mime-read.ts'
import type { Identity, KeyPair, Part, PMode, Reference, UserMessage, UserMessageHeader, Wire } from './model.ts'
import { NS } from './names.ts'
import { matchesPMode } from './p-mode.ts'
import { isTestMessage, missingProperty } from './p-modes/messages.ts'
import { type OpenPolicy, policyOf } from './policy.ts'
import { demand, Refusal } from './refusal.ts'
import { readSecurity, type Security } from './security-read.ts'
import { type ErrorSignal, type PullRequestSignal, readSignal, type ReceiptSignal } from './signal-read.ts'
import { type PartInfo, readUserMessage } from './user-message-read.ts'
import { unzip } from './unzip.ts'
import { checkAttachmentDigest, type Verified, verifyEnvelope } from './verify.ts'

/** What {@link open} needs beside the bytes. */
export interface OpenOptions {
  /** Ours; asked for by P-Mode where profiles have keys of different kinds. */
  identity: Identity | ((pmode: PMode) => Identity)
  /** The agreement for a header that nobody vouches for yet; undefined when there is none. */
  findPMode: (header: UserMessageHeader) => PMode | undefined
  /** The moment at which the signer's certificate must be valid. */
  now: Date
  limits?: Partial<As4Limits>
  /**
   * The request of ours that an answer under a two-way P-Mode says it answers; undefined when there was none. Left out,
   * an answer is only held to name a message (eDelivery AS4 1.15, 1.4.4.2).
   */
  findRequest?: (messageId: string) => Pick<UserMessageHeader, 'conversationId'> | undefined
}

/** What {@link open} needs to take pull requests too. */
export interface PullOptions {
  /** The agreement under which messages of a channel are pulled; its partner is the one who may. */
  findPullPMode: (mpc: string) => PMode | undefined
}

/** A pull request that the one partner signed who may pull from the channel. */
export interface OpenedPullRequest {
  kind: 'pull'
  request: PullRequestSignal
  pmode: PMode
}

/** A user message whose every part was verified, decrypted and decompressed. */
export interface OpenedMessage {
  kind: 'user'
  message: UserMessage
  pmode: PMode
  /** What the signature covered: the content of the receipt. */
  references: Reference[]
  /** The certificate that the signature was verified with. */
  signer: X509Certificate
  /** Whether it came to the test service: it gets a receipt, and no business application gets it (1.4.2.4). */
  test: boolean
  /** What an operator should know about the certificate, such as a revocation list that is too old. */
  remarks: readonly string[]
}

/** A message that was not accepted. */
export interface RefusedMessage {
  kind: 'refused'
  /** What to tell the partner. */
  error: As4Error
  /** The reason, for the journal; never leaves the node. */
  detail: string
  /** The MessageId as the message has it, unverified; undefined when it has none that is allowed. */
  refToMessageId: string | undefined
  /** What the header says, unverified; undefined when it could not be read. */
  header: UserMessageHeader | undefined
  /** What kept us from taking it on, where it was not the message: a fault of the spool. */
  cause?: unknown
}

/** The outcome of {@link open}. The two signals are as read: nothing about them is verified. */
export type Opened = OpenedMessage | (ReceiptSignal | ErrorSignal) | RefusedMessage

const GZIP = 'application/gzip'
const OCTETS = 'application/octet-stream'

/** What of a message could be read before it was refused. */
export interface Glimpse {
  messageId?: string
  header?: UserMessageHeader
}

/**
 * Opens an incoming AS4 message as the profile of its P-Mode demands: takes it apart, finds its agreement, verifies the
 * signature with a certificate of the partner, decrypts, compares every digest, decompresses. What comes out was read
 * from verified octets, and nothing that the P-Mode demands was left out. Decryption starts only after the signature held, so that nobody else can use
 * our key as an oracle. Never throws for what a partner sends.
 *
 * Pull requests are refused with EBMS:0008 unless `findPullPMode` is given.
 */
export function open(wire: Wire, options: OpenOptions & PullOptions): Opened | OpenedPullRequest
export function open(wire: Wire, options: OpenOptions): Opened
export function open(wire: Wire, options: OpenOptions & Partial<PullOptions>): Opened | OpenedPullRequest {
  const glimpse: Glimpse = {}
  try {
    return openOrRefuse(wire, options, glimpse)
  } catch (error) {
    return refusalOf(error, glimpse)
  }
}

/** The outcome for a {@link Refusal}; throws every other error again. */
export function refusalOf(error: unknown, glimpse: Glimpse): RefusedMessage {
  if (!(error instanceof Refusal)) throw error
  return {
    kind: 'refused',
    error: ebmsError(error.code),
    detail: error.message,
    refToMessageId: glimpse.messageId,
    header: glimpse.header,
  }
}

function openOrRefuse(
  wire: Wire,
  options: OpenOptions & Partial<PullOptions>,
  glimpse: Glimpse,
): Opened | OpenedPullRequest {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const mime = readMime(wire, limits)
  const judged = openEnvelope(mime.envelope, options, limits, glimpse)
  if (judged.kind !== 'message') {
    demand(mime.attachments.size === 0, 'EBMS:0007', 'a signal has attachments')
    return judged
  }
  const named = new Set(judged.parts.map((part) => part.contentId))
  demand(isSame(named, mime.attachments.keys()), 'EBMS:0007', 'PartInfo and attachments are not the same')
  checkCoverage(judged)
  return openedMessage(judged, openParts(judged, mime, limits))
}

/** What an envelope alone decides: a signal, or a user message of a partner whose payloads are still to be opened. */
export type JudgedEnvelope = ReceiptSignal | ErrorSignal | OpenedPullRequest | JudgedMessage

/** A user message whose header is verified. */
export interface JudgedMessage {
  kind: 'message'
  header: UserMessageHeader
  parts: readonly PartInfo[]
  pmode: PMode
  policy: OpenPolicy
  verified: Verified
  security: Security
  /** What may decrypt the payloads. */
  own: readonly KeyPair[]
}

/** Reads an envelope, finds its agreement and verifies its signature. Throws {@link Refusal}. */
export function openEnvelope(
  bytes: Buffer,
  options: OpenOptions & Partial<PullOptions>,
  limits: As4Limits,
  glimpse: Glimpse,
): JudgedEnvelope {
  const envelope = readEnvelope(bytes)
  const content = messageOf(envelope.messaging)
  glimpse.messageId = peekMessageId(content)
  if (content.local === 'SignalMessage') {
    const signal = readSignal(content)
    return signal.kind === 'pull' ? openPullRequest(envelope, signal.mpc, options) : signal
  }
  const claimed = readUserMessage(content)
  glimpse.header = claimed.header
  demand(claimed.parts.length <= limits.parts, 'EBMS:0007', `there are ${claimed.parts.length} PartInfo`)
  const pmode = options.findPMode(claimed.header)
  demand(pmode && matchesPMode(pmode, claimed.header), 'EBMS:0010', 'there is no agreement for this header')
  const policy = policyOf(pmode)
  const security = securityOf(envelope)
  const verified = verifyEnvelope(envelope, security, policy, options.now)
  const { header, parts } = readUserMessage(messageOf(verified.messaging))
  checkTimestamp(header.timestamp, options.now, limits)
  checkAgreed(pmode, header, options)
  checkEncryption(security, policy)
  const own = typeof options.identity === 'function' ? options.identity(pmode) : options.identity
  return {
    kind: 'message',
    header,
    parts,
    pmode,
    policy,
    verified,
    security,
    own: decryptingKeys(own),
  }
}

/** An opened message, when its payloads are. */
export function openedMessage<P>(
  { header, pmode, verified }: Pick<JudgedMessage, 'header' | 'pmode' | 'verified'>,
  parts: P[],
): Omit<OpenedMessage, 'message'> & { message: UserMessageHeader & { parts: P[] } } {
  const { certificate: signer, remarks } = verified.signer
  return {
    kind: 'user',
    message: { ...header, parts },
    pmode,
    references: verified.references,
    signer,
    remarks,
    test: isTestMessage(pmode, header),
  }
}

/** eDelivery AS4 1.15, 1.5.5: a pull request is signed, and each channel belongs to one receiver. */
function openPullRequest(
  envelope: Envelope,
  mpc: string,
  { findPullPMode, now }: OpenOptions & Partial<PullOptions>,
): OpenedPullRequest {
  demand(findPullPMode, 'EBMS:0008', 'pulling is not offered')
  const pmode = findPullPMode(mpc)
  demand(pmode?.mpc === mpc, 'EBMS:0010', 'there is no agreement to pull from this channel')
  const policy = policyOf(pmode)
  const verified = verifyEnvelope(envelope, securityOf(envelope), policy, now, policy.receiptSigns)
  const request = readSignal(messageOf(verified.messaging))
  demand(request.kind === 'pull' && request.mpc === mpc, 'EBMS:0009', 'the signed signal is another')
  return { kind: 'pull', request, pmode }
}

/** The security header of an envelope; refused with EBMS:0103 when it has none. */
export function securityOf(envelope: Envelope): Security {
  demand(envelope.security, 'EBMS:0103', 'there is no security header')
  return readSecurity(envelope.security)
}

/** The one UserMessage or SignalMessage of an eb:Messaging. */
export function messageOf(messaging: XmlElement): XmlElement {
  const [content, ...rest] = elementsOnly(messaging)
  demand(content && rest.length === 0 && content.namespace === NS.eb, 'EBMS:0009', 'Messaging is not one message')
  const known = content.local === 'UserMessage' || content.local === 'SignalMessage'
  demand(known, 'EBMS:0009', `Messaging has ${content.local}`)
  return content
}

// So that a partner can tell which of its messages an error is about, even when the rest is not readable.
function peekMessageId(content: XmlElement): string | undefined {
  const info = childElements(content).find((each) => each.local === 'MessageInfo')
  const id = info && childElements(info).find((each) => each.local === 'MessageId')
  const value = id?.children.length === 1 ? id.children[0] : undefined
  return typeof value === 'string' && isMessageId(value.trim()) ? value.trim() : undefined
}

function checkTimestamp(timestamp: Date, now: Date, { aheadMs, ageMs }: As4Limits): void {
  const age = now.getTime() - timestamp.getTime()
  demand(age >= -aheadMs && age <= ageMs, 'EBMS:0003', `the Timestamp is ${timestamp.toISOString()}`)
}

/** What the P-Mode asks of a message beyond its parties and service. */
function checkAgreed(pmode: PMode, header: UserMessageHeader, { findRequest }: OpenOptions): void {
  const missing = missingProperty(pmode, header)
  demand(missing === undefined, 'EBMS:0010', missing ?? '')
  if (pmode.replyTo === undefined) return
  const { refToMessageId, conversationId } = header
  demand(refToMessageId !== undefined, 'EBMS:0003', 'an answer does not say what it answers')
  if (!findRequest) return
  const request = findRequest(refToMessageId)
  demand(request, 'EBMS:0003', 'an answer is to no request of ours')
  demand(
    request.conversationId === conversationId,
    'EBMS:0003',
    'an answer is in another conversation than its request',
  )
}

/** Nothing but the agreed algorithms, and no encryption where none was agreed. */
function checkEncryption({ encryption }: Security, policy: OpenPolicy): void {
  if (!encryption) return
  demand(policy.encryption, 'EBMS:0103', 'the message is encrypted, which was not agreed')
  const { content, key } = policy.encryption
  demand(encryption.content === content, 'EBMS:0103', `the attachments are encrypted by ${encryption.content}`)
  demand(isDeepStrictEqual(encryption.key, key), 'EBMS:0103', 'the content key comes in another way than was agreed')
}

/** Header, signature and encryption must speak of the same attachments, each of them of all. */
export function checkCoverage({ parts, verified, security, policy }: JudgedMessage): void {
  const named = new Set(parts.map((part) => part.contentId))
  const signed = isSame(named, verified.attachmentDigests.keys())
  demand(signed, 'EBMS:0103', 'not every attachment is signed, or others are')
  const encrypted = security.encryption?.attachments.keys() ?? []
  const asAgreed = policy.encryption === undefined || isSame(named, encrypted)
  demand(asAgreed, 'EBMS:0103', 'not every attachment is encrypted, or others are')
  const compressed = !policy.compressionRequired || parts.every((part) => part.compressed)
  demand(compressed, 'EBMS:0010', 'a payload is not compressed, as was agreed')
}

function isSame(named: ReadonlySet<string>, ids: Iterable<string>): boolean {
  const other = new Set(ids)
  return other.size === named.size && other.isSubsetOf(named)
}

function openParts({ parts, verified, security, own }: JudgedMessage, mime: MimeMessage, limits: As4Limits): Part[] {
  const { encryption } = security
  const decrypt = encryption && openDecryption(encryption, own)
  let remaining = limits.unzippedBytes
  return parts.map((info) => {
    const { contentId } = info
    const { body, mediaType } = mime.attachments.get(contentId)!
    const plain = decrypt ? decrypt(body) : body
    const type = signedTypeOf(info, encryption, mediaType.type)
    const check = (): Uint8Array => checkAttachmentDigest(plain, type, verified.attachmentDigests.get(contentId)!)
    const signed = encryption ? afterDecryption(check) : check()
    const bytes = info.compressed ? unzip(plain, limits, remaining) : signed
    remaining -= bytes.length
    demand(remaining >= 0, 'EBMS:0303', 'the payloads are too large')
    return { ...partOf(info), bytes }
  })
}

/** What the header says of a part, as the application gets it. */
export function partOf(info: PartInfo): Omit<Part, 'bytes'> {
  return {
    contentId: info.contentId,
    mimeType: info.mimeType ?? OCTETS,
    ...(info.characterSet === undefined ? {} : { characterSet: info.characterSet }),
    properties: info.properties,
  }
}

/**
 * By which type an attachment was put into the form that is signed. What EncryptedData or MIME tells is not signed
 * itself; it may not choose how octets that are said to be gzip are read.
 */
export function signedTypeOf(info: PartInfo, encryption: Encryption | undefined, mimeType: string): string {
  if (info.compressed) return GZIP
  return encryption ? (encryption.attachments.get(info.contentId)?.mimeType ?? OCTETS) : mimeType
}

/**
 * Runs a check on what came out of decryption. That is not the sender's business until it is known to be his: whatever
 * is wrong with it is answered as a failed decryption, so that nobody learns how far his guess came.
 */
export function afterDecryption<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(failedDecryption().code, `after decryption: ${error.message}`)
  }
}
