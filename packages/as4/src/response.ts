import type { As4Error } from './ebms-errors.ts'
import { readEnvelope } from './envelope-read.ts'
import { type As4Limits, DEFAULT_LIMITS } from './limits.ts'
import { readMime } from './mime-read.ts'
import type { PMode, Reference, SentMessage, Wire } from './model.ts'
import { messageOf, securityOf } from './open.ts'
import { policyOf } from './policy.ts'
import { demand, Refusal } from './refusal.ts'
import { sentMessageOf } from './seal.ts'
import { type ErrorSignal, readSignal, type ReceiptSignal, type Signal } from './signal-read.ts'
import { verifyEnvelope } from './verify.ts'

/** What an answer is checked against. */
export interface ResponseOptions {
  /** The sealed bytes, or what was kept of them. */
  sent: Wire | SentMessage
  /** The P-Mode under which the message was sent: its pinned certificate must have signed the answer. */
  pmode: PMode
  /** The moment at which that certificate must be valid. */
  now: Date
  limits?: Partial<As4Limits>
}

/** The outcome of {@link readResponse}. */
export type Response =
  | { kind: 'receipt'; receipt: ReceiptSignal }
  /** An error about our message. Only a `signed` one is surely the partner's. */
  | { kind: 'error'; signed: boolean; errors: As4Error[]; signal: ErrorSignal }
  /** Neither: not readable, of somebody else, about another message, or with other digests. */
  | { kind: 'unusable'; reason: string }

/**
 * Reads the HTTP answer to a user message of ours: a receipt that the pinned partner signed and that repeats every
 * digest we signed, or an error. Never throws for what a partner sends; {@link As4Fault} when `sent` is not readable.
 */
export function readResponse(wire: Wire, options: ResponseOptions): Response {
  const sent = 'references' in options.sent ? options.sent : sentMessageOf(options.sent)
  try {
    const mime = readMime(wire, { ...DEFAULT_LIMITS, ...options.limits })
    if (mime.attachments.size > 0) return { kind: 'unusable', reason: 'the answer has attachments' }
    const envelope = readEnvelope(mime.envelope)
    if (envelope.security === undefined) return unsigned(readSignal(messageOf(envelope.messaging)), sent)
    const policy = policyOf(options.pmode)
    const security = securityOf(envelope)
    demand(!security.encryption, 'EBMS:0103', 'a signal is encrypted')
    const verified = verifyEnvelope(envelope, security, policy, options.now, policy.receiptSigns)
    const signal = readSignal(messageOf(verified.messaging))
    if (signal.kind === 'pull') return notAnAnswer()
    if (signal.refToMessageId !== sent.messageId) return aboutAnother()
    if (signal.kind === 'error') return { kind: 'error', signed: true, errors: signal.errors, signal }
    const difference = compare(sent.references, signal.references)
    return difference ? { kind: 'unusable', reason: difference } : { kind: 'receipt', receipt: signal }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'unusable', reason: `${error.code} ${error.message}` }
  }
}

/**
 * Whether an answer is the receipt for a message of ours; see {@link readResponse}. `reason` is for the journal.
 */
export function verifyReceipt(wire: Wire, options: ResponseOptions): { ok: true } | { ok: false; reason: string } {
  const response = readResponse(wire, options)
  if (response.kind === 'receipt') return { ok: true }
  if (response.kind === 'unusable') return { ok: false, reason: response.reason }
  return { ok: false, reason: `the partner answered ${response.errors.map((each) => each.code).join(', ')}` }
}

function unsigned(signal: Signal, sent: SentMessage): Response {
  if (signal.kind === 'pull') return notAnAnswer()
  if (signal.kind === 'receipt') return { kind: 'unusable', reason: 'the receipt is not signed' }
  if (signal.refToMessageId !== sent.messageId) return aboutAnother()
  return { kind: 'error', signed: false, errors: signal.errors, signal }
}

function notAnAnswer(): Response {
  return { kind: 'unusable', reason: 'the answer is a pull request' }
}

function aboutAnother(): Response {
  return { kind: 'unusable', reason: 'the answer is about another message' }
}

/** What makes two sets of references different; undefined when nothing does. */
function compare(sent: readonly Reference[], receipted: readonly Reference[]): string | undefined {
  if (sent.length !== receipted.length) return 'the receipt is not for just what was sent'
  const digests = new Map(receipted.map(({ uri, digest }) => [uri, digest]))
  const missing = sent.find(({ uri, digest }) => digests.get(uri) !== digest)
  return missing && `the receipt has another digest for ${missing.uri}, or none`
}
