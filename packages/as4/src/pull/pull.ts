import type { As4Error } from '../ebms-errors.ts'
import { As4Fault } from '../faults.ts'
import type { ErrorEvent, ReceivedMessage, ReceiverOptions, SpooledMessage } from '../http/hooks.ts'
import { postWire, type PostOptions } from '../http/post.ts'
import { createReceiver } from '../http/receiver.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Identity, PMode, Wire } from '../model.ts'
import { readResponse } from '../response.ts'
import { sealPullRequest } from '../signal-write.ts'

/** Options of {@link pullMessage}: the hooks are those of a receiver. */
export interface PullMessageOptions
  extends Omit<ReceiverOptions, 'identity' | 'findPMode' | 'pull' | 'onReceipt'>, Omit<PostOptions, 'answerBytes'> {
  identity: Identity
  /** The P-Mode of what comes, where it is not always the one that is pulled under: several services in one channel. */
  findPMode?: ReceiverOptions['findPMode']
}

/** The outcome of {@link pullMessage}. */
export type PullOutcome =
  /**
   * A message was taken on, or was known and is receipted again. `receiptSent` says whether the partner took the
   * receipt; where it did not, it offers the message again and gets the same receipt then.
   */
  | { kind: 'message'; messageId: string; received: ReceivedMessage | SpooledMessage | undefined; receiptSent: boolean }
  /** Nothing waits (EBMS:0006). */
  | { kind: 'empty' }
  /** A message came and was refused; the partner was told so by a POST of its own. */
  | { kind: 'refused'; refusal: ErrorEvent & { kind: 'refused' } }
  /** The partner refuses to answer. Only a `signed` error is surely the partner's. */
  | { kind: 'error'; signed: boolean; errors: As4Error[] }
  /** No answer that can be used. */
  | { kind: 'failed'; reason: string }

/**
 * Asks a partner for the next message of the channel of a P-Mode: sends a signed pull request, takes the message on by
 * `onMessage` and, when that is done, POSTs the receipt to the same address (eDelivery AS4 1.15, 1.5.5). Call it again
 * until it is `empty`. Never throws for what a partner sends; {@link As4Fault} `no-mpc` for a P-Mode without channel.
 */
export async function pullMessage(url: string | URL, pmode: PMode, options: PullMessageOptions): Promise<PullOutcome> {
  if (pmode.mpc === undefined) throw new As4Fault('no-mpc', `The P-Mode ${pmode.id} has no channel to pull from`)
  const { identity, now, newMessageId, limits } = options
  const messageId = newMessageId()
  const request = sealPullRequest(pmode.mpc, { messageId, timestamp: now(), identity, pmode })
  const answerBytes = limits?.bodyBytes ?? DEFAULT_LIMITS.bodyBytes
  const posted = await postWire(url, request, { ...options, answerBytes })
  if (posted.kind === 'failed') return posted
  if (posted.wire.body.length === 0) return { kind: 'failed', reason: `HTTP ${posted.status} without a body` }
  const response = readResponse(posted.wire, { sent: { messageId, references: [] }, pmode, now: now(), limits })
  if (response.kind === 'error') {
    const empty = response.errors.length > 0 && response.errors.every(({ code }) => code === 'EBMS:0006')
    return empty ? { kind: 'empty' } : { kind: 'error', signed: response.signed, errors: response.errors }
  }
  return takePulled(url, posted.wire, pmode, options)
}

async function takePulled(
  url: string | URL,
  wire: Wire,
  pmode: PMode,
  options: PullMessageOptions,
): Promise<PullOutcome> {
  let received: ReceivedMessage | SpooledMessage | undefined
  let refusal: (ErrorEvent & { kind: 'refused' }) | undefined
  let messageId = ''
  const receive = createReceiver({
    ...options,
    findPMode: (header) => {
      messageId = header.messageId
      const found = options.findPMode ? options.findPMode(header) : pmode
      return found?.mpc === pmode.mpc ? found : undefined
    },
    onMessage: (each) => {
      received = each
      return options.onMessage(each)
    },
    onTest: (each) => {
      received = each
      return options.onTest?.(each)
    },
    onError: async (event) => {
      if (event.kind === 'refused') refusal = event
      await options.onError?.(event)
    },
  })
  const { wire: answer } = await receive(wire)
  if (answer === undefined) return { kind: 'failed', reason: 'the answer to the pull request is about something else' }
  // Where what came is no message at all, there is nobody to tell.
  if (refusal && refusal.header === undefined) return { kind: 'failed', reason: refusal.detail }
  const told = await postWire(url, answer, options)
  if (refusal) return { kind: 'refused', refusal }
  return { kind: 'message', messageId, received, receiptSent: told.kind === 'answer' && told.status < 300 }
}
