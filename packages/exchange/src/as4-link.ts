import type { PMode, SealedMessage, SentMessage, Wire } from '@corridor/as4'
import type { Context } from './context.ts'
import type { Sealing } from './sealing.ts'
import type { LeasedRow } from './sender.ts'

/** What a partner's answer means for a message: delivered, given up, or to be tried again. */
export type Answer =
  | { kind: 'receipt'; madeAt: Date }
  | { kind: 'final'; code: string; text: string }
  | { kind: 'again'; reason: string }

/** Errors that speak of the partner's moment and not of the message (ebMS 3.0 Core 6.7; AS4 profile 1.15, 1.4.3.2 for 0202). */
const passing = new Set(['EBMS:0005', 'EBMS:0201', 'EBMS:0202'])

/** Of a document for which nothing else is told. */
const usualMediaType = 'application/xml'

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
