import { As4Fault } from '../faults.ts'
import { type As4Error, ebmsError } from '../ebms-errors.ts'
import type { StreamedWire } from '../http/post.ts'
import type { PMode, SealedMessage, SentMessage, Wire } from '../model.ts'
import type { StreamedMessage } from '../stream/seal-stream.ts'

/** How a pulled message ended. */
export type PullResult =
  | { kind: 'receipt'; wire: Wire }
  /** The partner signed a refusal. */
  | { kind: 'error'; errors: As4Error[]; wire: Wire }

/** An offered message, as far as its receipt is checked against it. */
export interface OfferedMessage {
  sent: SentMessage
  pmode: PMode
}

/**
 * The port behind a channel from which a partner pulls. Sealed bytes are kept and offered again as they are.
 * An implementation must mark a message as offered in the same step in which it finds it, so that two requests at the
 * same time get two different messages (eDelivery AS4 1.15, 1.5.5).
 */
export interface PullQueue {
  /**
   * The oldest message of a channel that has no receipt and is not on offer; it is then on offer until the retry
   * interval is over. Undefined when there is none.
   */
  next(mpc: string, now: Date): Promise<Wire | StreamedWire | undefined> | Wire | StreamedWire | undefined
  /** A message that was offered and is not settled; undefined for any other id. */
  offered(messageId: string): Promise<OfferedMessage | undefined> | OfferedMessage | undefined
  /** Ends a message. Called again with the same result when a partner repeats itself. */
  settle(messageId: string, result: PullResult): Promise<void> | void
}

/** Options of {@link memoryPullQueue}. */
export interface MemoryPullQueueOptions {
  /** How long a message is on offer before another request gets it again. */
  retryIntervalMs: number
  /** After so many offers without a receipt it is given up; never when left out. */
  mostOffers?: number
  /** Hears of each end, and of EBMS:0301 for a message that is given up. */
  onSettled?: (messageId: string, result: PullResult | { kind: 'missing-receipt'; error: As4Error }) => void
}

/** A {@link PullQueue} that lives as long as the process. */
export interface MemoryPullQueue extends PullQueue {
  /**
   * Puts a message at the end of the channel of its P-Mode. One that was sealed as a stream is discarded when it is
   * settled or given up. Faults `no-mpc`, `mpc-taken`.
   */
  add(sealed: SealedMessage | StreamedMessage, pmode: PMode): void
  /** Messages of a channel that wait or are on offer. */
  waiting(mpc: string): number
}

interface Entry {
  sealed: SealedMessage | StreamedMessage
  pmode: PMode
  offers: number
  offeredUntil: number
}

/** A queue in memory, for tools, tests and as an example of the port. */
export function memoryPullQueue(options: MemoryPullQueueOptions): MemoryPullQueue {
  const channels = new Map<string, Set<Entry>>()
  const byId = new Map<string, Entry>()
  const remove = async (entry: Entry): Promise<void> => {
    const { sealed, pmode } = entry
    byId.delete(sealed.messageId)
    channels.get(pmode.mpc!)?.delete(entry)
    if ('discard' in sealed) await sealed.discard()
  }
  return {
    add(sealed, pmode) {
      const { mpc } = pmode
      if (mpc === undefined) throw new As4Fault('no-mpc', `The P-Mode ${pmode.id} has no channel to pull from`)
      const channel = channels.get(mpc) ?? new Set<Entry>()
      const [other] = channel
      if (other && !sameReceiver(other.pmode, pmode)) {
        throw new As4Fault('mpc-taken', `The channel of the P-Mode ${pmode.id} belongs to ${other.pmode.responder.id}`)
      }
      channels.set(mpc, channel)
      const entry = { sealed, pmode, offers: 0, offeredUntil: 0 }
      channel.add(entry)
      byId.set(sealed.messageId, entry)
    },
    async next(mpc, now) {
      for (const entry of channels.get(mpc) ?? []) {
        if (entry.offeredUntil > now.getTime()) continue
        if (entry.offers >= (options.mostOffers ?? Infinity)) {
          await remove(entry)
          options.onSettled?.(entry.sealed.messageId, { kind: 'missing-receipt', error: ebmsError('EBMS:0301') })
          continue
        }
        entry.offers += 1
        entry.offeredUntil = now.getTime() + options.retryIntervalMs
        return entry.sealed
      }
      return undefined
    },
    offered(messageId) {
      const entry = byId.get(messageId)
      return entry && entry.offers > 0 ? { sent: entry.sealed, pmode: entry.pmode } : undefined
    },
    async settle(messageId, result) {
      const entry = byId.get(messageId)
      if (!entry) return
      await remove(entry)
      options.onSettled?.(messageId, result)
    },
    waiting: (mpc) => channels.get(mpc)?.size ?? 0,
  }
}

function sameReceiver(a: PMode, b: PMode): boolean {
  return a.responder.id === b.responder.id && a.responder.type === b.responder.type
}
