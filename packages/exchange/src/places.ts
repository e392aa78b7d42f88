/** Messages under way from one process to one partner at the same time, at most. */
export const mostSending = 64

/** Messages under way to a partner of which nothing is known yet. */
const fewPlaces = 8
/** An answer within this time says that more could be under way. */
const promptMs = 1_000
/** One that takes longer says that they stand in one another's way: at the partner, or on a thin line to it. */
const slowMs = 5_000
/** Larger messages say nothing about small ones, and would be many bytes in memory at a time. */
const largeBytes = 1_000_000

/**
 * How many messages may be under way to one partner at the same time. Few at first; one more with each prompt answer, until the partner
 * fails once; half as many after each failure, and from then on slower (as congestion avoidance does in RFC 5681, 3.1).
 */
export class Places {
  readonly #most: number
  #size: number
  /** Up to here it grows with each answer, beyond it with each round of them. */
  #proven: number

  /** @param most however well the partner answers */
  constructor(most: number) {
    this.#most = most
    this.#size = Math.min(fewPlaces, most)
    this.#proven = most
  }

  get number(): number {
    return Math.floor(this.#size)
  }

  /** @param underWay messages to this partner, with the one that was answered */
  answered({ afterMs, bytes, underWay }: { afterMs: number; bytes: number; underWay: number }): void {
    if (bytes > largeBytes) this.#size = Math.min(this.#size, fewPlaces)
    else if (afterMs > slowMs) this.#size = Math.max(1, this.#size - 1)
    // A clock that was set back in between says nothing.
    else if (afterMs >= 0 && afterMs <= promptMs && underWay * 2 >= this.number)
      this.#size = Math.min(this.#most, this.#size + (this.#size < this.#proven ? 1 : 1 / this.#size))
  }

  /** To be told once for all that failed together. */
  failed(): void {
    this.#proven = Math.max(1, this.#size / 2)
    this.#size = this.#proven
  }
}
