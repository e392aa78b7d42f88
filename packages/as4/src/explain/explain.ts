import { createHash, type X509Certificate } from 'node:crypto'
import { childElements } from '@corridor/xml'
import { isDeepStrictEqual } from 'node:util'
import { SIGNATURES } from '../algorithms/signature.ts'
import { openDecryption } from '../decrypt.ts'
import { type Envelope, readEnvelope } from '../envelope-read.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { type MimeMessage, readMime } from '../mime-read.ts'
import type { Identity, Wire } from '../model.ts'
import { messageOf } from '../open.ts'
import { PROFILES } from '../profiles/index.ts'
import { Refusal } from '../refusal.ts'
import { readSecurity, type Security } from '../security-read.ts'
import { readSignal } from '../signal-read.ts'
import { unzip } from '../unzip.ts'
import { readUserMessage } from '../user-message-read.ts'
import type { Explanation, ExplainedPart } from './explanation.ts'
import { readLooseEnvelope } from './loose-envelope.ts'
import { explainEncryption, explainTokens } from './security-facts.ts'
import { contentIdOf, digestVerdict, explainSignature } from './signature-facts.ts'

/** What {@link explain} may use. */
export interface ExplainOptions {
  /** The moment at which certificates are said to be valid or not. */
  now: Date
  /** Certificates that the reader trusts: a signature that one of them made is `given`. */
  certificates?: readonly X509Certificate[]
  /** Decrypt, where the message is for one of them. */
  identities?: readonly Pick<Identity, 'privateKey' | 'encryption'>[]
}

// A person looks at one message that he has already: what a receiver would refuse for its size is shown.
const LIMITS = {
  ...DEFAULT_LIMITS,
  bodyBytes: Infinity,
  parts: 10_000,
  envelopeBytes: 64 * 1024 * 1024,
  unzippedBytes: 1024 * 1024 * 1024,
  unzipRatio: 100_000,
}

/**
 * Says what a message holds, sound or not: reads on after each thing that a receiver would refuse, and verifies and
 * decrypts what the given keys allow. Checks no agreement: a message that is all right here may still be refused.
 */
export function explain(wire: Wire, options: ExplainOptions): Explanation {
  const problems: string[] = []
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      problems.push(`${error.code} ${error.message}`)
      return undefined
    }
  }
  const mime = attempt(() => readMime(wire, LIMITS))
  const envelope = mime && (attempt(() => readEnvelope(mime.envelope)) ?? readLooseEnvelope(mime.envelope))
  const security = envelope?.security && attempt(() => readSecurity(envelope.security!))
  const explanation: Explanation = {
    kind: 'unreadable',
    contentType: wire.contentType,
    bytes: wire.body.length,
    envelopeBytes: mime?.envelope.length ?? 0,
    parts: [],
    tokens: [],
    profiles: [],
    problems,
  }
  if (!mime || !envelope) return explanation
  if (!envelope.security) problems.push('EBMS:0103 there is no security header')
  else explanation.tokens = explainTokens(envelope.security, options)
  explanation.kind = kindOf(envelope)
  attempt(() => describeContent(explanation, envelope))
  const decrypt = decryption(security, options)
  const encryption = envelope.security && explainEncryption(envelope.security)
  if (encryption) explanation.encryption = { ...encryption, decrypted: decrypt ? 'wrong-key' : 'no-key' }
  const payloads = explainParts(explanation, mime, security, decrypt, attempt)
  const encrypted = [...(security?.encryption?.attachments.keys() ?? [])]
  if (decrypt && explanation.encryption && encrypted.every((contentId) => payloads.has(contentId))) {
    explanation.encryption.decrypted = 'yes'
  }
  if (envelope.security) {
    const signature = explainSignature(envelope, security, options, (contentId, digest) => {
      const plain = payloads.get(contentId)
      return plain ? digestVerdict(plain, digest) : 'not-checked'
    })
    if (signature) explanation.signature = signature
    else problems.push('EBMS:0103 the message is not signed')
  }
  addVerdicts(explanation)
  explanation.profiles = security ? profilesOf(security) : []
  return explanation
}

/** By the names of the elements alone, whatever is wrong in them. */
function kindOf({ messaging }: Envelope): Explanation['kind'] {
  const kinds = { UserMessage: 'user', Receipt: 'receipt', Error: 'error', PullRequest: 'pull' } as const
  const [content] = childElements(messaging)
  const names = [content, ...(content ? childElements(content) : [])].map((each) => each?.local as keyof typeof kinds)
  return names.map((name) => kinds[name]).find((kind) => kind !== undefined) ?? 'unreadable'
}

function describeContent(explanation: Explanation, { messaging }: Envelope): void {
  const content = messageOf(messaging)
  if (content.local === 'UserMessage') {
    const { header, parts } = readUserMessage(content)
    explanation.header = header
    explanation.parts = parts.map((part) => ({
      contentId: part.contentId,
      ...(part.mimeType !== undefined && { mimeType: part.mimeType }),
      ...(part.characterSet !== undefined && { characterSet: part.characterSet }),
      compressed: part.compressed,
      properties: part.properties,
      signed: false,
      encrypted: false,
    }))
    return
  }
  const { kind: _, messageId, timestamp, refToMessageId, ...rest } = readSignal(content)
  explanation.signal = { messageId, timestamp, refToMessageId, ...rest }
}

type Decrypt = (content: Buffer) => Buffer | undefined

/** Tries every key that was given; undefined when there is none or nothing to decrypt. */
function decryption(security: Security | undefined, { identities = [] }: ExplainOptions): Decrypt | undefined {
  const encryption = security?.encryption
  const keys = identities.map((each) => each.encryption?.privateKey ?? each.privateKey)
  if (!encryption || keys.length === 0) return undefined
  return (content) => {
    for (const privateKey of keys) {
      try {
        return openDecryption(encryption, [{ privateKey }])(content)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }
    return undefined
  }
}

/** Adds to each part what MIME and encryption say of it; returns the octets that were signed, where they could be had. */
function explainParts(
  explanation: Explanation,
  mime: MimeMessage,
  security: Security | undefined,
  decrypt: Decrypt | undefined,
  attempt: <T>(work: () => T) => T | undefined,
): Map<string, { octets: Buffer; mimeType: string }> {
  const payloads = new Map<string, { octets: Buffer; mimeType: string }>()
  for (const [contentId, { mediaType, body }] of mime.attachments) {
    let part = explanation.parts.find((each) => each.contentId === contentId)
    if (!part) {
      part = { contentId, compressed: false, properties: [], signed: false, encrypted: false }
      explanation.parts.push(part)
      explanation.problems.push(`EBMS:0007 the header does not speak of the attachment ${contentId}`)
    }
    part.wire = { contentType: mediaType.type, bytes: body.length }
    const told = security?.encryption?.attachments.get(contentId)
    part.encrypted = told !== undefined
    const octets = told ? decrypt?.(body) : body
    if (!octets) continue
    const type = told ? (told.mimeType ?? 'application/octet-stream') : mediaType.type
    payloads.set(contentId, { octets, mimeType: part.compressed ? 'application/gzip' : type })
    const plain = part.compressed ? attempt(() => unzip(octets, LIMITS, LIMITS.unzippedBytes)) : octets
    if (plain) part.content = contentOf(plain)
  }
  for (const { contentId, wire } of explanation.parts) {
    if (!wire) explanation.problems.push(`EBMS:0007 there is no attachment for the part ${contentId}`)
  }
  return payloads
}

function contentOf(octets: Uint8Array): NonNullable<ExplainedPart['content']> {
  return { bytes: octets.length, sha256: createHash('sha256').update(octets).digest('hex'), octets }
}

function addVerdicts(explanation: Explanation): void {
  const { signature, encryption, problems, parts, kind } = explanation
  for (const { uri } of signature?.references ?? []) {
    const part = parts.find(({ contentId }) => contentId === contentIdOf(uri))
    if (part) part.signed = true
  }
  for (const { what, digest } of signature?.references ?? []) {
    if (digest === 'wrong') problems.push(`EBMS:0101 ${what} is not what was signed`)
  }
  if (signature?.verified === 'wrong') problems.push('EBMS:0101 the signature does not hold')
  if (encryption?.decrypted === 'wrong-key') problems.push('EBMS:0102 none of the given keys decrypts the message')
  for (const { contentId, signed } of parts) if (!signed) problems.push(`EBMS:0103 the part ${contentId} is not signed`)
  if (kind === 'receipt' && explanation.signal?.references?.length === 0)
    problems.push('EBMS:0302 the receipt is for nothing')
}

function profilesOf({ signature, encryption }: Security): string[] {
  return Object.values(PROFILES)
    .filter((profile) => {
      const signs = SIGNATURES[profile.signature].uri === signature?.algorithm
      const wanted = profile.encryption
      if (!encryption) return signs
      return (
        signs &&
        wanted !== undefined &&
        wanted.content === encryption.content &&
        isDeepStrictEqual(wanted.key, encryption.key)
      )
    })
    .map(({ name }) => name)
}
