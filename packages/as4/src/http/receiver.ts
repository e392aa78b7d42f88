import { ebmsError, isFinal } from '../ebms-errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Identity, PMode, Wire } from '../model.ts'
import { open, type OpenedPullRequest, type RefusedMessage } from '../open.ts'
import { readResponse } from '../response.ts'
import type { ErrorSignal, ReceiptSignal } from '../signal-read.ts'
import { type IncomingWire, openStream } from '../stream/open-stream.ts'
import { gather } from '../stream/pieces.ts'
import { prepareSpool } from '../stream/spool.ts'
import type { Peer, ReceiverOptions, Verdict } from './hooks.ts'
import type { StreamedWire } from './post.ts'
import { errorWire, refuse } from './refuse.ts'
import { Taker } from './take.ts'

/** What goes back: nothing for a signal. */
export interface Answer {
  wire: Wire | StreamedWire | undefined
}

/** Answers one HTTP body after another, whole or as it comes. Rejects with what a body or a hook rejects with. */
export type Receiver = (wire: Wire | IncomingWire, peer?: Peer) => Promise<Answer>

/** Bodies of more bytes go through the spool, where there is one and it does not say otherwise. */
const SPOOL_ABOVE = 1024 * 1024

/** How large a body may be that is read into memory, in bytes. */
export function memoryBytesOf({ limits, spool }: Pick<ReceiverOptions, 'limits' | 'spool'>): number {
  const { bodyBytes, envelopeBytes } = { ...DEFAULT_LIMITS, ...limits }
  return spool ? Math.max(spool.above ?? SPOOL_ABOVE, envelopeBytes) : bodyBytes
}

/**
 * The receiving side of an endpoint, without network and storage: verifies, asks the hooks, answers with a signed receipt,
 * a signed error or, to a pull request, a message. The same message at the same time waits for the first. Faults:
 * `spool-failed` when the directory of the spool cannot be used.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const taker = new Taker(options)
  const inMemory = memoryBytesOf(options)
  const isLong = ({ length }: { length?: number }): boolean => length !== undefined && length > inMemory
  if (options.spool) prepareSpool(options.spool.directory)
  return async ({ contentType, body, ...known }, peer = {}) => {
    const whole = body instanceof Uint8Array || isLong(known) ? body : await gather(body, inMemory)
    return whole instanceof Uint8Array
      ? receiveWhole(options, taker, { contentType, body: whole }, peer)
      : receiveStream(options, taker, { contentType, body: whole }, peer)
  }
}

async function receiveWhole(options: ReceiverOptions, taker: Taker, wire: Wire, peer: Peer): Promise<Answer> {
  const { pull } = options
  const common = openOptionsOf(options)
  const opened = pull ? open(wire, { ...common, findPullPMode: pull.findPMode }) : open(wire, common)
  switch (opened.kind) {
    case 'refused':
      return refuseOpened(options, opened, wire, peer)
    case 'pull':
      return offer(options, opened, wire, peer)
    case 'user':
      return taker.take({ opened, wire }, peer)
    default:
      await note(options, opened, wire, peer)
      return { wire: undefined }
  }
}

async function receiveStream(
  options: ReceiverOptions,
  taker: Taker,
  incoming: IncomingWire,
  peer: Peer,
): Promise<Answer> {
  const { spool } = options
  const tooLarge = (detail: string) =>
    refuse(options, undefined, peer, {
      error: ebmsError('EBMS:0007'),
      detail,
      refToMessageId: undefined,
      header: undefined,
      pmode: undefined,
    })
  if (!spool) return tooLarge(`the body has more than ${memoryBytesOf(options)} bytes`)
  const opened = await openStream(incoming, { ...openOptionsOf(options), directory: spool.directory })
  if (opened.kind === 'refused') return refuseOpened(options, opened, undefined, peer)
  if (opened.kind !== 'user') return tooLarge('what is no message is larger than an envelope may be')
  try {
    return await taker.take({ opened }, peer)
  } finally {
    await opened.discard()
  }
}

function openOptionsOf({ identity, findPMode, now, findRequest, limits }: ReceiverOptions) {
  return {
    identity: typeof identity === 'function' ? (pmode: PMode): Identity => identity(pmode) : identity,
    findPMode,
    now: now(),
    ...(findRequest && { findRequest }),
    ...(limits && { limits }),
  }
}

function refuseOpened(
  options: ReceiverOptions,
  refused: RefusedMessage,
  wire: Wire | undefined,
  peer: Peer,
): Promise<Answer> {
  const pmode = refused.header && options.findPMode(refused.header)
  return refuse(options, wire, peer, { ...refused, pmode })
}

async function offer(
  options: ReceiverOptions,
  { request, pmode }: OpenedPullRequest,
  wire: Wire,
  peer: Peer,
): Promise<Answer> {
  const about = { refToMessageId: request.messageId, header: undefined, pmode }
  try {
    const next = await options.pull?.queue.next(pmode.mpc!, options.now())
    if (next) return { wire: next }
  } catch (cause) {
    const detail = 'the queue could not be asked'
    return refuse(options, wire, peer, { ...about, error: ebmsError('EBMS:0202'), detail, cause })
  }
  // Nothing is wrong when nothing waits, so nobody is told of it but the partner.
  return { wire: errorWire(options, ebmsError('EBMS:0006'), options.newMessageId(), about) }
}

/** Signals about messages that were pulled come by a POST of their own (eDelivery AS4 1.15, 1.5.5); they get no answer. */
async function note(
  options: ReceiverOptions,
  signal: ReceiptSignal | ErrorSignal,
  wire: Wire,
  peer: Peer,
): Promise<void> {
  const messageId = signal.refToMessageId
  const queue = options.pull?.queue
  const offered = messageId === undefined ? undefined : await queue?.offered(messageId)
  const verdict: Verdict = offered
    ? readResponse(wire, { sent: offered.sent, pmode: offered.pmode, now: options.now() })
    : { kind: 'unknown' }
  if (verdict.kind === 'receipt') await queue?.settle(messageId!, { kind: 'receipt', wire })
  if (verdict.kind === 'error' && verdict.signed && isFinal(verdict.errors)) {
    await queue?.settle(messageId!, { kind: 'error', errors: verdict.errors, wire })
  }
  if (signal.kind === 'receipt') await options.onReceipt?.({ receipt: signal, verdict, wire, peer })
  else await options.onError?.({ kind: 'reported', signal, verdict, wire, peer })
}
