import { createHash } from 'node:crypto'
import { type As4Error, ebmsError, isFinal } from '../ebms-errors.ts'
import type { Identity, Part, PMode, UserMessageHeader, Wire } from '../model.ts'
import { open, type OpenedMessage, type OpenedPullRequest } from '../open.ts'
import { readResponse } from '../response.ts'
import type { ErrorSignal, ReceiptSignal } from '../signal-read.ts'
import { sealError, sealReceipt } from '../signal-write.ts'
import { keyText, type MessageKey } from './duplicates.ts'
import type { Peer, ReceiverOptions, Verdict } from './hooks.ts'

/** What goes back: nothing for a signal. */
export interface Answer {
  wire: Wire | undefined
}

/** Answers one HTTP body after another; `dispatch` is the only entry. */
export type Receiver = (wire: Wire, peer?: Peer) => Promise<Answer>

/**
 * The receiving side of an endpoint, without network and storage: verifies, asks the hooks, answers with a signed receipt,
 * a signed error or, to a pull request, a message. The same message at the same time waits for the first.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const underWay = new Map<string, Promise<Answer>>()
  const { now, findPMode, findRequest, limits, pull } = options
  const identity = (pmode: PMode): Identity => identityFor(options, pmode)
  const common = () => ({
    identity,
    findPMode,
    now: now(),
    ...(findRequest && { findRequest }),
    ...(limits && { limits }),
  })
  return async (wire, peer = {}) => {
    const opened = pull ? open(wire, { ...common(), findPullPMode: pull.findPMode }) : open(wire, common())
    switch (opened.kind) {
      case 'refused':
        return refuse(options, wire, peer, { ...opened, pmode: opened.header && findPMode(opened.header) })
      case 'pull':
        return offer(options, opened, wire, peer)
      case 'user':
        return inTurn(underWay, keyOf(opened), () => take(options, opened, wire, peer))
      default:
        await note(options, opened, wire, peer)
        return { wire: undefined }
    }
  }
}

function keyOf({ message, pmode: { initiator } }: OpenedMessage): MessageKey {
  return { sender: JSON.stringify([initiator.type ?? '', initiator.id]), messageId: message.messageId }
}

/** SHA-256 over names and octets of the payloads, in hex: equal for a message that is sealed anew. */
export function digestOf(parts: readonly Part[]): string {
  const hash = createHash('sha256')
  for (const { contentId, bytes } of parts) hash.update(`${contentId}\n${bytes.length}\n`).update(bytes)
  return hash.digest('hex')
}

async function inTurn(
  underWay: Map<string, Promise<Answer>>,
  key: MessageKey,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const name = keyText(key)
  const before = underWay.get(name)
  const mine = before ? before.then(work, work) : work()
  underWay.set(name, mine)
  try {
    return await mine
  } finally {
    if (underWay.get(name) === mine) underWay.delete(name)
  }
}

async function take(options: ReceiverOptions, opened: OpenedMessage, wire: Wire, peer: Peer): Promise<Answer> {
  const { message, pmode, references } = opened
  const about = { refToMessageId: message.messageId, header: message, pmode }
  const key = keyOf(opened)
  const digest = digestOf(message.parts)
  try {
    const kept = await options.duplicates?.find(key)
    if (kept?.digest === digest) return { wire: kept.receipt }
    if (kept) {
      const detail = 'another message came under this id before'
      return await refuse(options, wire, peer, { ...about, error: ebmsError('EBMS:0004'), detail })
    }
    const identity = identityFor(options, pmode)
    const receipt = sealReceipt(opened, { messageId: options.newMessageId(), timestamp: options.now(), identity })
    const { signer, remarks } = opened
    const received = { message, pmode, references, signer, remarks, digest, wire, receipt, peer }
    const taken = opened.test ? await options.onTest?.(received) : await options.onMessage(received)
    if (taken && 'refuse' in taken) {
      return await refuse(options, wire, peer, { ...about, error: ebmsError(taken.refuse), detail: taken.detail })
    }
    const answer = taken?.receipt ?? receipt
    await options.duplicates?.keep?.(key, { digest, receipt: answer })
    return { wire: answer }
  } catch (cause) {
    const detail = 'the message could not be stored'
    return refuse(options, wire, peer, { ...about, error: ebmsError('EBMS:0202'), detail, cause })
  }
}

function identityFor({ identity }: ReceiverOptions, pmode: PMode | undefined): Identity {
  return typeof identity === 'function' ? identity(pmode) : identity
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

interface Reason {
  error: As4Error
  detail: string
  refToMessageId: string | undefined
  header: UserMessageHeader | undefined
  /** How the error is signed; as our key can when there is none. */
  pmode: PMode | undefined
  cause?: unknown
}

async function refuse(options: ReceiverOptions, wire: Wire, peer: Peer, reason: Reason): Promise<Answer> {
  const { error, detail, refToMessageId, header, cause } = reason
  const errorMessageId = options.newMessageId()
  const answer = errorWire(options, error, errorMessageId, reason)
  const told = { errorMessageId, error, detail, refToMessageId, header, wire, peer }
  await options.onError?.({ kind: 'refused', ...told, ...(cause === undefined ? {} : { cause }) })
  return { wire: answer }
}

function errorWire(
  options: ReceiverOptions,
  error: As4Error,
  messageId: string,
  { refToMessageId, pmode }: Pick<Reason, 'refToMessageId' | 'pmode'>,
): Wire {
  const identity = identityFor(options, pmode)
  return sealError(error, { messageId, timestamp: options.now(), identity, refToMessageId, pmode })
}
