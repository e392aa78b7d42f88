import {
  ebmsError,
  matchesPMode,
  type EbmsErrorCode,
  type OpenedMessage,
  type OpenedPullRequest,
  type Wire,
} from '@corridor/as4'
import { createHash, type X509Certificate } from 'node:crypto'
import type { Context } from './context.ts'
import type { Arrivals } from './incoming.ts'
import { longestConversation } from './limits.ts'
import { writeJournal } from './journal.ts'
import type { ReceptionOutcome } from './meter.ts'
import type { Partner } from './model.ts'
import type { Window } from './pull/window.ts'

/** What to answer on HTTP. */
export interface Reception {
  status: number
  /** Signed receipt or error; none when what came was itself a receipt or an error. */
  wire?: Wire
  retryAfterSeconds?: number
  /** What became of the message, for who counts. */
  outcome: ReceptionOutcome
  /** Whom the signature proved; none of what was refused. */
  party?: string
}

export interface ReceiveOptions {
  /** Leaf certificate of the TLS client. Leave it out only where something in front of this node has checked it. */
  tlsCertificate?: X509Certificate
}

/** For how long a partner is asked to stay away when this node cannot store. */
const pauseSeconds = 10

/** What receiving needs: the rest of the exchange, who takes messages on, and who hands them out. */
export interface ReceiveContext extends Context {
  arrivals: Arrivals
  window: Window
}

/** For how long a message is asked to stay away for which there is no room. */
const putOffSeconds = 300

interface Refused {
  code: EbmsErrorCode
  /** For the journal only. */
  detail: string
  refToMessageId: string | undefined
  claimed?: { conversation?: string; sender?: string; type?: string }
}

/**
 * Takes the body of a POST from a partner and answers with what goes back. The receipt is made before the message is stored and
 * leaves after the commit. What is refused leaves one line in the journal and nothing else. Never rejects for what a partner sends.
 */
export async function receive(context: ReceiveContext, wire: Wire, options: ReceiveOptions = {}): Promise<Reception> {
  const began = context.clock().getTime()
  const reception = await receptionOf(context, wire, options)
  const { outcome, party } = reception
  context.meter({ what: 'reception', outcome, party, seconds: (context.clock().getTime() - began) / 1000 })
  return reception
}

async function receptionOf(
  context: ReceiveContext,
  wire: Wire,
  { tlsCertificate }: ReceiveOptions,
): Promise<Reception> {
  try {
    const opened = context.sealing.open(wire, {
      identity: context.identity,
      findPMode: (header) =>
        [...context.partners.values()].find(({ receiving }) => matchesPMode(receiving, header))?.receiving,
      findPullPMode: context.window.findPMode,
      now: context.clock(),
    })
    if (opened.kind === 'pull') return await handOut(context, wire, opened, tlsCertificate)
    if (opened.kind === 'receipt' || opened.kind === 'error')
      return await noteSignal(context, wire, opened, tlsCertificate)
    if (opened.kind === 'refused') {
      const { error, detail, refToMessageId, header } = opened
      const claimed = { conversation: header?.conversationId, sender: header?.from.id, type: header?.action }
      return await refuse(context, wire, { code: error.code as EbmsErrorCode, detail, refToMessageId, claimed })
    }
    return await takeOn(context, wire, opened, tlsCertificate)
  } catch (error) {
    context.log('error', 'a message could not be stored', { error })
    return unavailable(context)
  }
}

async function takeOn(
  context: ReceiveContext,
  raw: Wire,
  opened: OpenedMessage,
  tlsCertificate: X509Certificate | undefined,
): Promise<Reception> {
  const { message, pmode } = opened
  const claimed = { conversation: message.conversationId, sender: message.from.id, type: message.action }
  const refuseWith = (code: EbmsErrorCode, detail: string) =>
    refuse(context, raw, { code, detail, refToMessageId: message.messageId, claimed })
  const partner = [...context.partners.values()].find(({ receiving }) => receiving === pmode)
  if (partner === undefined || pmode.initiator.id !== partner.party)
    return refuseWith('EBMS:0010', 'the agreement is of no partner')
  if (tlsCertificate !== undefined && !isOf(partner, tlsCertificate))
    return refuseWith(
      'EBMS:0101',
      `signed by ${partner.party}, but the TLS client is another: ${tlsCertificate.fingerprint256}`,
    )
  if (Buffer.byteLength(message.conversationId) > longestConversation)
    return refuseWith('EBMS:0009', `a conversation id of more than ${longestConversation} bytes`)
  const [part, ...more] = message.parts
  if (part === undefined || more.length > 0)
    return refuseWith('EBMS:0003', `${message.parts.length} documents in one message`)

  const later = await context.admit({ sender: partner.party, documentType: message.action, payload: part.bytes })
  if (later !== undefined) return putOff(context, partner, message.messageId, later)

  const receipt = context.sealing.sealReceipt(opened, {
    messageId: context.newId(),
    timestamp: context.clock(),
    identity: context.identity,
  })
  const incoming = {
    sender: partner.party,
    messageId: message.messageId,
    link: 'as4' as const,
    recipient: message.to.id,
    conversation: message.conversationId,
    documentType: message.action,
    refTo: message.refToMessageId,
    madeAt: message.timestamp,
    payload: part.bytes,
  }
  const accepted = await context.arrivals.add({ incoming, at: context.clock(), evidence: { raw, receipt } })
  const { party } = partner
  if (accepted.outcome === 'taken') return { status: 200, wire: receipt, outcome: 'taken', party }
  if (accepted.outcome === 'repeated') {
    if (accepted.receipt !== undefined && serves(context, accepted.receipt, opened))
      return { status: 200, wire: accepted.receipt, outcome: 'repeated', party }
    const entry = { kind: 'receipt.renewed', conversation: incoming.conversation, messageId: incoming.messageId }
    await writeJournal(context.db, context.clock(), [{ ...entry, actor: party }])
    return { status: 200, wire: receipt, outcome: 'repeated', party }
  }
  return {
    status: 200,
    outcome: 'conflicting',
    party,
    wire: errorWire(context, 'EBMS:0004', context.newId(), message.messageId),
  }
}

/**
 * Whether the partner can verify the stored receipt for the message as it has come now. It cannot when the certificate of either side has
 * changed since then: it has signed other bytes (same id, same document), or does not take our former signature any more.
 */
function serves({ identity, sealing }: Context, stored: Wire, { message, references, pmode }: OpenedMessage): boolean {
  const { certificate } = identity
  const { trust: _, nextPartnerCertificate: __, ...agreed } = pmode
  const sent = { messageId: message.messageId, references }
  // Whether our certificate is still valid is for the partner to say.
  const now = certificate.validFromDate
  const seen = sealing.readResponse(stored, { sent, pmode: { ...agreed, partnerCertificate: certificate }, now })
  return seen.kind === 'receipt'
}

/** Whether a TLS certificate is pinned to the partner. */
export function isOf(partner: Partner, certificate: X509Certificate): boolean {
  return partner.tlsCertificates.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)
}

async function refuse(
  context: Context,
  wire: Wire,
  { code, detail, refToMessageId, claimed }: Refused,
): Promise<Reception> {
  const messageId = context.newId()
  const answer = errorWire(context, code, messageId, refToMessageId)
  const digest = createHash('sha256').update(wire.body).digest('hex')
  // What the message says of itself was not verified: it is told as a claim, and not filed under the conversation it names.
  const entry = { kind: 'message.refused', messageId, detail: { code, detail, refToMessageId, digest, claimed } }
  await writeJournal(context.db, context.clock(), [entry])
  return { status: 200, wire: answer, outcome: 'refused' }
}

/** Hands the next message to a partner that fetches; nothing else can be asked for, and by nobody else. */
async function handOut(
  context: ReceiveContext,
  wire: Wire,
  { request, pmode }: OpenedPullRequest,
  tlsCertificate: X509Certificate | undefined,
): Promise<Reception> {
  const { messageId } = request
  const partner = [...context.partners.values()].find(({ sending }) => sending === pmode)
  if (partner === undefined || (tlsCertificate !== undefined && !isOf(partner, tlsCertificate)))
    return refuse(context, wire, {
      code: 'EBMS:0101',
      detail: `a pull request of ${partner?.party ?? 'nobody'}, but the TLS client is another`,
      refToMessageId: messageId,
    })
  const next = await context.window.next(partner)
  const answer = next ?? errorWire(context, 'EBMS:0006', context.newId(), messageId)
  return { status: 200, wire: answer, outcome: 'signal' }
}

/**
 * Receipts and errors belong in the answer to a POST of ours, but those for what a partner has fetched: they settle it. Any other that
 * comes by itself is noted. None gets an answer, so that two nodes never argue.
 */
async function noteSignal(
  context: ReceiveContext,
  wire: Wire,
  signal: { kind: 'receipt' | 'error'; messageId: string; refToMessageId: string | undefined },
  tlsCertificate: X509Certificate | undefined,
): Promise<Reception> {
  const { kind, messageId, refToMessageId } = signal
  const from = [...context.partners.values()].find(
    (partner) => partner.pulls === 'they' && tlsCertificate !== undefined && isOf(partner, tlsCertificate),
  )
  if (from !== undefined && refToMessageId !== undefined && (await context.window.settle(from, refToMessageId, wire)))
    return { status: 202, outcome: 'signal' }
  const detail = { signal: kind, messageId, refToMessageId, tlsClient: tlsCertificate?.fingerprint256 }
  await writeJournal(context.db, context.clock(), [{ kind: 'signal.unexpected', detail }])
  return { status: 202, outcome: 'signal' }
}

/** The partner keeps it and tries again: this message, while its others go on. */
function putOff(context: Context, { party }: Partner, refToMessageId: string, reason: string): Reception {
  const error = { ...ebmsError('EBMS:0202'), description: reason }
  const { clock: now, identity, sealing } = context
  const wire = sealing.sealError(error, { messageId: context.newId(), timestamp: now(), identity, refToMessageId })
  return { status: 200, wire, retryAfterSeconds: putOffSeconds, outcome: 'unavailable', party }
}

function unavailable(context: Context): Reception {
  const wire = errorWire(context, 'EBMS:0202', context.newId(), undefined)
  return { status: 503, wire, retryAfterSeconds: pauseSeconds, outcome: 'unavailable' }
}

function errorWire(
  { identity, clock, sealing }: Context,
  code: EbmsErrorCode,
  messageId: string,
  refToMessageId: string | undefined,
): Wire {
  return sealing.sealError(ebmsError(code), { messageId, timestamp: clock(), identity, refToMessageId })
}
