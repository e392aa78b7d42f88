/** How soon one looks again where something has just happened, and for how long after it. */
const pauseMs = 150
const looks = 20

/** Tells those who hear to look again, a few times after something has happened: what follows it is on its way. */
export class QuickLooks {
  readonly #hearers = new Set<() => void>()
  #left = 0
  #timer: NodeJS.Timeout | undefined

  /** Answers how to stop. */
  hear(hear: () => void): () => Promise<void> {
    this.#hearers.add(hear)
    return async () => {
      this.#hearers.delete(hear)
      if (this.#hearers.size === 0) this.end()
    }
  }

  /** Something has happened. */
  begin(): void {
    if (this.#hearers.size === 0) return
    this.#left = looks
    this.#arm()
  }

  end(): void {
    this.#left = 0
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#left === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#left -= 1
      for (const hear of this.#hearers) hear()
      this.#arm()
    }, pauseMs).unref()
  }
}
