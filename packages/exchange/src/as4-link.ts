import type { PMode, Reference, SealedMessage, SentMessage, Wire } from '@corridor/as4'
import { retryAfterMs } from './back-off.ts'
import type { Context } from './context.ts'
import { writeJournal } from './journal.ts'
import type { Partner, TransportAnswer } from './model.ts'
import type { Sealing } from './sealing.ts'
import type { LeasedRow } from './sender.ts'
import { tellError } from './telling.ts'
import { OutsideTunnel } from './tunnel/tunnel.ts'
import type { SealedBytes, Sent, Way } from './way.ts'

/** What a partner's answer means for a message: delivered, given up, or to be tried again. */
export type Answer =
  | { kind: 'receipt'; madeAt: Date }
  | { kind: 'final'; code: string; text: string }
  | { kind: 'again'; reason: string }

/** Errors that speak of the partner's moment and not of the message (ebMS 3.0 Core 6.7; AS4 profile 1.15, 1.4.3.2 for 0202). */
const passing = new Set(['EBMS:0005', 'EBMS:0201', 'EBMS:0202'])

/** Of a document for which nothing else is told. */
const usualMediaType = 'application/xml'

/** Pushes to a partner, whose answer is the receipt. */
export function as4Way(context: Context, partner: Partner): Way {
  const { identity } = context
  const outside = outsideTeller(context, partner)
  return {
    sealedBy: [identity.certificate, partner.sending.partnerCertificate]
      .map((certificate) => certificate?.fingerprint256 ?? '')
      .join(' '),
    seal: async (row, document) => seal(context, row, document, partner.sending),
    isUsable: () => true,
    send: (row, sealed) => post(context, partner, { row, sealed, outside }),
  }
}

async function post(
  context: Context,
  partner: Partner,
  { row, sealed, outside }: { row: LeasedRow; sealed: SealedBytes; outside: (error: unknown) => void },
): Promise<Sent> {
  let answer: TransportAnswer
  try {
    answer = await context.transport(partner.url, { contentType: sealed.contentType, body: sealed.body }, partner)
    outside(undefined)
  } catch (error) {
    outside(error)
    return { retry: `no answer: ${tellError(error)}`, wholePartner: true }
  }
  const pauseMs = retryAfterMs(answer.headers['retry-after'], context.clock())
  if (answer.status === 503 || answer.status === 429)
    return { retry: `the partner asks for patience (${answer.status})`, pauseMs, wholePartner: true }
  // What this way has sealed are parts of an AS4 message.
  const sent = { messageId: row.message_id, references: [...(sealed.references as readonly Reference[])] }
  const judged: Answer = answerOf(context.sealing, answer.wire, sent, partner.sending, context.clock())
  if (judged.kind === 'receipt') return { receipt: answer.wire, madeAt: judged.madeAt }
  if (judged.kind === 'final') return { park: `${judged.code}: ${judged.text}` }
  const text = answer.status === 200 ? judged.reason : `status ${answer.status}: ${judged.reason}`
  return { retry: text, pauseMs, wholePartner: answer.status !== 200 }
}

/** Writes down that nothing was sent because it would have left outside of the tunnel: once, until that changes. */
function outsideTeller({ db, clock, log }: Context, { party }: Partner): (error: unknown) => void {
  let told: string | undefined
  return (error) => {
    const reason = error instanceof OutsideTunnel ? error.message : undefined
    if (error instanceof OutsideTunnel && reason !== told) {
      const detail = { reason, address: error.peer, at: error.local }
      writeJournal(db, clock(), [{ kind: 'connection.withheld', actor: party, detail }]).catch((failed: unknown) =>
        log('warn', 'a connection that was withheld could not be written down', { reason, error: failed }),
      )
    }
    told = reason
  }
}

/** Seals a message of the outbox. Its timestamp is that of the decision, so it says the same however often it is sealed. */
export function seal(
  { sealing, identity, mediaTypes }: Pick<Context, 'sealing' | 'identity' | 'mediaTypes'>,
  row: LeasedRow,
  document: Uint8Array,
  pmode: PMode,
): SealedMessage {
  const mimeType = mediaTypes[row.document_type] ?? usualMediaType
  const message = {
    messageId: row.message_id,
    timestamp: row.created_at,
    refToMessageId: row.ref_to ?? undefined,
    conversationId: row.conversation,
    from: pmode.initiator,
    to: pmode.responder,
    service: pmode.service,
    action: row.document_type,
    agreement: pmode.agreement,
    ...(pmode.mpc !== undefined && { mpc: pmode.mpc }),
    properties: [],
    parts: [{ contentId: 'document@corridor', mimeType, properties: [], bytes: document }],
  }
  return sealing.sealUserMessage(message, pmode, identity)
}

/**
 * Judges an answer. Only a receipt that the partner signed for just what we sent delivers the message, and only a failure that it
 * signed ends it: anything else may be somebody else's doing, or a bad moment.
 */
export function answerOf(sealing: Sealing, wire: Wire, sent: SentMessage, pmode: PMode, now: Date): Answer {
  const response = sealing.readResponse(wire, { sent, pmode, now })
  if (response.kind === 'receipt') return { kind: 'receipt', madeAt: response.receipt.timestamp }
  if (response.kind === 'unusable') return { kind: 'again', reason: response.reason }
  const failure = response.errors.find(({ code, severity }) => severity === 'failure' && !passing.has(code))
  const shown = failure ?? response.errors[0]
  const text = [shown?.shortDescription, shown?.description, shown?.errorDetail]
    .filter(Boolean)
    .join(': ')
    .slice(0, 500)
  if (failure !== undefined && response.signed) return { kind: 'final', code: failure.code, text }
  return {
    kind: 'again',
    reason: `${shown?.code ?? 'an empty error'}${response.signed ? '' : ' (not signed)'} ${text}`,
  }
}
