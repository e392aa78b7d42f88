import { createHash } from 'node:crypto'
import { ebmsError } from '../ebms-errors.ts'
import type { Part, Wire } from '../model.ts'
import type { OpenedMessage } from '../open.ts'
import { sealReceipt } from '../signal-write.ts'
import type { OpenedStream, SpooledPart } from '../stream/open-stream.ts'
import { keyText, type MessageKey } from './duplicates.ts'
import type { Arrival, Peer, ReceiverOptions, Taken } from './hooks.ts'
import { identityFor, refuse } from './refuse.ts'

/** A verified message: in memory with its bytes as they came, or in the spool. */
export type Came = { opened: OpenedMessage; wire: Wire } | { opened: OpenedStream; wire?: undefined }

/** Takes verified messages on, one after another where they are the same. */
export class Taker {
  readonly #underWay = new Map<string, Promise<{ wire: Wire }>>()
  readonly #options: ReceiverOptions

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  /** Has the application store a message, and returns the receipt or the error for it. The same message waits for the first. */
  async take(came: Came, peer: Peer): Promise<{ wire: Wire }> {
    const key = keyOf(came)
    const name = keyText(key)
    const before = this.#underWay.get(name)
    const work = () => take(this.#options, came, key, peer)
    const mine = before ? before.then(work, work) : work()
    this.#underWay.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#underWay.get(name) === mine) this.#underWay.delete(name)
    }
  }
}

function keyOf({ opened: { message, pmode } }: Came): MessageKey {
  const { type = '', id } = pmode.initiator
  return { sender: JSON.stringify([type, id]), messageId: message.messageId }
}

/** SHA-256 over names and digests of the payloads, in hex: equal for a message that is sealed anew, whatever its way. */
export function digestOf(parts: readonly (Part | SpooledPart)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const [length, sha256] =
      'bytes' in part
        ? [part.bytes.length, createHash('sha256').update(part.bytes).digest('hex')]
        : [part.length, part.sha256]
    hash.update(`${part.contentId}\n${length}\n${sha256}\n`)
  }
  return hash.digest('hex')
}

async function take(options: ReceiverOptions, came: Came, key: MessageKey, peer: Peer): Promise<{ wire: Wire }> {
  const { opened, wire } = came
  const { message, pmode, references, signer, remarks } = opened
  const about = { refToMessageId: message.messageId, header: message, pmode }
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
    const taken = await handOn(options, came, { pmode, references, signer, remarks, digest, receipt, peer })
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

function handOn(
  { onTest, onMessage, spool }: ReceiverOptions,
  { opened, wire }: Came,
  arrival: Arrival,
): Promise<Taken> | Taken {
  if (wire === undefined) {
    const received = { ...arrival, message: opened.message }
    return opened.test ? onTest?.(received) : spool!.onMessage(received)
  }
  const received = { ...arrival, message: opened.message, wire }
  return opened.test ? onTest?.(received) : onMessage(received)
}
