/** How much of one process a partner may have at the same time. */
export interface Share {
  /** Requests that are being read, wait for their turn, or are worked on. */
  requests: number
  /** Bytes of their bodies, as announced. */
  bytes: number
}

/** A request that was let in. */
export interface Guest {
  /** Resolves when it is this request's turn to be worked on. */
  turn(): Promise<void>
  /** To be called once, whatever became of it: makes room for the next. */
  leave(): void
}

interface Queue {
  readonly waiting: (() => void)[]
  requests: number
  bytes: number
}

/**
 * Shares a process among partners. Each partner has a bounded share of memory, and the work goes round: whoever sends a thousand
 * messages a second waits behind itself, not before the others.
 */
export class FairTurns {
  readonly #atOnce: number
  readonly #share: Share
  /** In the order in which partners get their turn next. */
  readonly #queues = new Map<string, Queue>()
  #working = 0

  /** @param atOnce requests that are worked on at the same time, those of all partners together */
  constructor(atOnce: number, share: Share) {
    this.#atOnce = atOnce
    this.#share = share
  }

  /** Lets a request in, or answers undefined when the partner's share is used up: it should come again later. */
  enter(party: string, bytes: number): Guest | undefined {
    const queue = this.#queues.get(party) ?? { waiting: [], requests: 0, bytes: 0 }
    // One request is always let in, however large: the limit of a body is for others to set.
    if (queue.requests > 0 && (queue.requests >= this.#share.requests || queue.bytes + bytes > this.#share.bytes))
      return undefined
    this.#queues.set(party, queue)
    queue.requests++
    queue.bytes += bytes
    let working = false
    return {
      turn: () =>
        new Promise((resolve) => {
          queue.waiting.push(() => {
            working = true
            resolve()
          })
          this.#next()
        }),
      leave: () => {
        queue.requests--
        queue.bytes -= bytes
        if (working) this.#working--
        if (queue.requests === 0) this.#queues.delete(party)
        this.#next()
      },
    }
  }

  #next(): void {
    while (this.#working < this.#atOnce) {
      const found = [...this.#queues].find(([, { waiting }]) => waiting.length > 0)
      if (found === undefined) return
      const [party, queue] = found
      // To the end of the round.
      this.#queues.delete(party)
      this.#queues.set(party, queue)
      this.#working++
      queue.waiting.shift()?.()
    }
  }
}
