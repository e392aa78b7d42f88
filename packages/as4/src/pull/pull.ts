import type { IncomingMessage } from 'node:http'
import type { As4Error } from '../ebms-errors.ts'
import { As4Fault } from '../faults.ts'
import type { ErrorEvent, ReceivedMessage, ReceiverOptions, SpooledMessage } from '../http/hooks.ts'
import { answerOf, postFor, postWire, type PostOptions, type PostOutcome, readAnswer } from '../http/post.ts'
import { type Answer, createReceiver, memoryBytesOf, type Receiver } from '../http/receiver.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Identity, PMode } from '../model.ts'
import { readResponse } from '../response.ts'
import { sealPullRequest } from '../signal-write.ts'
import { gather } from '../stream/pieces.ts'

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
   * receipt; where it did not, it offers the message again and gets the same receipt then. Of a message that went through
   * the spool the payloads are gone by now.
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
  const pulled = receiverFor(pmode, options)
  const posted = await postFor(url, request, options, (response) => readPulled(response, options, pulled.receive))
  if (posted.kind === 'failed') return posted
  if (posted.kind === 'taken') return settle(url, posted.answer, pulled, options)
  if (posted.wire.body.length === 0) return { kind: 'failed', reason: `HTTP ${posted.status} without a body` }
  const response = readResponse(posted.wire, { sent: { messageId, references: [] }, pmode, now: now(), limits })
  if (response.kind === 'error') {
    const empty = response.errors.length > 0 && response.errors.every(({ code }) => code === 'EBMS:0006')
    return empty ? { kind: 'empty' } : { kind: 'error', signed: response.signed, errors: response.errors }
  }
  return settle(url, await pulled.receive(posted.wire), pulled, options)
}

/** An answer in memory; or what is to be said to a message that is too large for it, which was taken on from the connection. */
async function readPulled(
  response: IncomingMessage,
  options: PullMessageOptions,
  receive: Receiver,
): Promise<PostOutcome | { kind: 'taken'; answer: Answer }> {
  if (!options.spool) return readAnswer(response, options.limits?.bodyBytes ?? DEFAULT_LIMITS.bodyBytes)
  const body = await gather(response, memoryBytesOf(options))
  if (Buffer.isBuffer(body)) return answerOf(response, body)
  const contentType = response.headers['content-type'] ?? ''
  return { kind: 'taken', answer: await receive({ contentType, body }) }
}

/** A receiver of what is pulled, and what became of the message that it was given. */
interface Pulled {
  receive: Receiver
  messageId: string
  received?: ReceivedMessage | SpooledMessage
  refusal?: ErrorEvent & { kind: 'refused' }
}

function receiverFor(pmode: PMode, options: PullMessageOptions): Pulled {
  const { spool } = options
  const note = <T extends ReceivedMessage | SpooledMessage, R>(hook: ((each: T) => R) | undefined) => {
    return (each: T): R | undefined => {
      pulled.received = each
      return hook?.(each)
    }
  }
  const receive = createReceiver({
    ...options,
    findPMode: (header) => {
      pulled.messageId = header.messageId
      const found = options.findPMode ? options.findPMode(header) : pmode
      return found?.mpc === pmode.mpc ? found : undefined
    },
    onMessage: note(options.onMessage),
    onTest: note(options.onTest),
    ...(spool && { spool: { ...spool, onMessage: note(spool.onMessage) } }),
    onError: async (event) => {
      if (event.kind === 'refused') pulled.refusal = event
      await options.onError?.(event)
    },
  })
  const pulled: Pulled = { receive, messageId: '' }
  return pulled
}

/** Tells the partner what became of a message. */
async function settle(
  url: string | URL,
  { wire: answer }: Answer,
  { messageId, received, refusal }: Pulled,
  options: PullMessageOptions,
): Promise<PullOutcome> {
  if (answer === undefined) return { kind: 'failed', reason: 'the answer to the pull request is about something else' }
  // Where what came is no message at all, there is nobody to tell.
  if (refusal && refusal.header === undefined) return { kind: 'failed', reason: refusal.detail }
  const told = await postWire(url, answer, options)
  if (refusal) return { kind: 'refused', refusal }
  return { kind: 'message', messageId, received, receiptSent: told.kind === 'answer' && told.status < 300 }
}
