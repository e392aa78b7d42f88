import type { SentMessage, Wire } from '@corridor/as4'
import type { Partner, TransportAnswer } from '@corridor/exchange'
import type { NodeId } from './corridor.ts'

/** A message on its way. */
export interface Parcel {
  number: number
  from: NodeId
  to: NodeId
  wire: Wire
  partner: Partner
  sent: SentMessage
  /** The process that waits for the answer; undefined when it has died or given up, and the bytes are still on their way. */
  waiting: { process: string; resolve(answer: TransportAnswer): void; reject(error: Error): void } | undefined
  /** An answer that is on its way back. */
  answer: TransportAnswer | undefined
}

/** How many messages without a sender that still waits may be about; the oldest are lost then. */
const mostStrays = 12

/** Everything between the nodes. Nothing moves here by itself: the schedule takes a parcel and decides what becomes of it. */
export class Network {
  readonly #peek: (wire: Wire) => SentMessage
  #count = 0
  #onPost: ((parcel: Parcel) => void) | undefined
  parcels: Parcel[] = []
  /** Cut lines, as `from>to`: what is sent there does not arrive. */
  readonly cut = new Set<string>()

  /** @param peek what a sealed body is about, read by somebody who sees it pass */
  constructor(peek: (wire: Wire) => SentMessage) {
    this.#peek = peek
  }

  /** Calls once when the next body is posted; undefined to hear no more. */
  onNextPost(hear: ((parcel: Parcel) => void) | undefined): void {
    this.#onPost = hear
  }

  /** The transport of every node. */
  post(process: string, from: NodeId, to: NodeId, wire: Wire, partner: Partner): Promise<TransportAnswer> {
    return new Promise((resolve, reject) => {
      const parcel: Parcel = {
        number: ++this.#count,
        from,
        to,
        wire: { contentType: wire.contentType, body: Uint8Array.from(wire.body) },
        partner,
        sent: this.#peek(wire),
        waiting: { process, resolve, reject },
        answer: undefined,
      }
      this.parcels.push(parcel)
      const hear = this.#onPost
      this.#onPost = undefined
      hear?.(parcel)
    })
  }

  isCut(from: NodeId, to: NodeId): boolean {
    return this.cut.has(`${from}>${to}`)
  }

  /** The process is dead: nobody waits for its answers. What it has sent is still on its way. */
  forget(process: string): void {
    for (const parcel of this.parcels) if (parcel.waiting?.process === process) parcel.waiting = undefined
  }

  remove(parcel: Parcel): void {
    this.parcels = this.parcels.filter((other) => other !== parcel)
  }

  /** Leaves the bytes on their way although nobody waits for an answer. */
  stray(parcel: Parcel): void {
    const copy: Parcel = { ...parcel, number: ++this.#count, waiting: undefined, answer: undefined }
    this.parcels.push(copy)
    const strays = this.parcels.filter(({ waiting }) => waiting === undefined)
    if (strays.length > mostStrays && strays[0] !== undefined) this.remove(strays[0])
  }
}
