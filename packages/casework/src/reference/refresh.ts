/** Work that is done again when something it was made of has changed: one at a time, none lost, again after a while when it failed. */
export class Refresh {
  readonly #takeUp: (changed: readonly string[]) => Promise<void>
  readonly #failed: (changed: readonly string[], error: unknown) => void
  readonly #later: (again: () => void) => void
  #changed = new Set<string>()
  #working: Promise<void> | undefined
  #stopped = false

  /**
   * @param takeUp does the work for what changed since it was done last
   * @param failed hears of work that could not be done
   * @param later calls again after a while
   */
  constructor(
    takeUp: (changed: readonly string[]) => Promise<void>,
    failed: (changed: readonly string[], error: unknown) => void,
    later: (again: () => void) => void,
  ) {
    this.#takeUp = takeUp
    this.#failed = failed
    this.#later = later
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** Does the work for the first time; what is announced meanwhile comes after it. Rejects when it cannot be done. */
  async start(all: readonly string[]): Promise<void> {
    await this.settled()
    const first = this.#takeUp(all)
    this.#working = first
      .catch(() => undefined)
      .finally(() => {
        this.#working = undefined
        this.#work()
      })
    return first
  }

  hear(changed: Iterable<string>): void {
    for (const each of changed) this.#changed.add(each)
    this.#work()
  }

  /** When all that was heard so far is done. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#changed.clear()
    await this.settled()
  }

  #work(): void {
    if (this.#working || this.#stopped || this.#changed.size === 0) return
    const changed = [...this.#changed]
    this.#changed.clear()
    let again = (): void => this.#work()
    this.#working = this.#takeUp(changed)
      .catch((error: unknown) => {
        if (this.#stopped) return
        for (const each of changed) this.#changed.add(each)
        this.#failed(changed, error)
        again = () => this.#later(() => this.#work())
      })
      .finally(() => {
        this.#working = undefined
        again()
      })
  }
}
