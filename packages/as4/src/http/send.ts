import { type As4Error, ebmsError, isFinal } from '../ebms-errors.ts'
import type { As4Limits } from '../limits.ts'
import type { PMode, SealedMessage, Wire } from '../model.ts'
import { readResponse } from '../response.ts'
import type { ReceiptSignal } from '../signal-read.ts'
import type { StreamedMessage } from '../stream/seal-stream.ts'
import { postWire, type PostOptions } from './post.ts'

/** Options of {@link sendMessage}. */
export interface SendOptions extends PostOptions {
  /** The P-Mode under which the message was sealed; its certificate must have signed the answer. */
  pmode: PMode
  now: () => Date
  /** Tries after the first and the pause before each; those of the P-Mode when left out (ReceptionAwareness.Retry). */
  retry?: { count: number; intervalMs: number }
  limits?: Partial<As4Limits>
  /** Seam of the pauses; defaults to a timer. */
  sleep?: (ms: number) => Promise<void>
}

/** The outcome of {@link sendMessage}; `attempts` counts the POSTs. */
export type SendOutcome =
  /** The partner has it: `wire` is the proof, to be kept. */
  | { kind: 'receipt'; receipt: ReceiptSignal; wire: Wire; attempts: number }
  /** The partner refuses it. Only a `signed` refusal is surely the partner's. */
  | { kind: 'error'; signed: boolean; errors: As4Error[]; wire: Wire; attempts: number }
  /**
   * No receipt that holds. `error` is EBMS:0301, raised here and never sent (AS4 Profile 1.0, 3.2); whether the
   * partner has the message is not known, so the same bytes may be sent again at any time.
   */
  | {
      kind: 'missing-receipt'
      error: As4Error
      reason: string
      attempts: number
      status?: number
      retryAfterMs?: number
    }

const LONGEST_PAUSE_MS = 300_000

/**
 * POSTs a sealed user message and judges the answer: a receipt counts only when the pinned partner signed it over just
 * the digests that were sent. Tries again, with the same bytes, until there is a receipt or a refusal that the partner
 * signed and that is not of the moment. Never throws for what a partner or the network does.
 */
export async function sendMessage(
  url: string | URL,
  sealed: SealedMessage | Wire | StreamedMessage,
  options: SendOptions,
): Promise<SendOutcome> {
  const { retry = options.pmode.retry ?? { count: 0, intervalMs: 0 }, sleep = pause } = options
  for (let attempts = 1; ; attempts++) {
    const outcome = await attempt(url, sealed, options, attempts)
    if (isOver(outcome) || attempts > retry.count || options.signal?.aborted) return outcome
    const asked = outcome.kind === 'missing-receipt' ? (outcome.retryAfterMs ?? 0) : 0
    await sleep(Math.max(retry.intervalMs, Math.min(asked, LONGEST_PAUSE_MS)))
  }
}

function isOver(outcome: SendOutcome): boolean {
  if (outcome.kind === 'receipt') return true
  if (outcome.kind === 'missing-receipt' || !outcome.signed) return false
  return isFinal(outcome.errors)
}

async function attempt(
  url: string | URL,
  sealed: SealedMessage | Wire | StreamedMessage,
  options: SendOptions,
  attempts: number,
): Promise<SendOutcome> {
  const posted = await postWire(url, sealed, options)
  const missing = (reason: string) => ({
    kind: 'missing-receipt' as const,
    error: ebmsError('EBMS:0301'),
    reason,
    attempts,
  })
  if (posted.kind === 'failed') return missing(posted.reason)
  const { status, headers, wire } = posted
  const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0]
  const told = { status, ...(seconds === undefined ? {} : { retryAfterMs: Number(seconds) * 1000 }) }
  if (wire.body.length === 0) return { ...missing(`HTTP ${status} without a body`), ...told }
  const { pmode, now, limits } = options
  const response = readResponse(wire, { sent: sealed, pmode, now: now(), limits })
  if (response.kind === 'receipt') return { kind: 'receipt', receipt: response.receipt, wire, attempts }
  if (response.kind === 'unusable') return { ...missing(`HTTP ${status}: ${response.reason}`), ...told }
  return { kind: 'error', signed: response.signed, errors: response.errors, wire, attempts }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
