import { processTimers } from './context.ts'
import type { Timers } from './model.ts'

export interface LoopOptions {
  /** How many steps may run at the same time. */
  lanes: number
  /** Does one piece of work; true when there may be more. */
  step: () => Promise<boolean>
  /** Looks again after so long without a wake-up. */
  pollMs: number
  /** those of the process unless told */
  timers?: Timers
  /** A step that rejects; the lane then rests until the next wake-up or poll. */
  onFault: (error: unknown) => void
}

/** Runs steps as long as there is work, sleeps when there is none, and wakes on notice or by a slow poll. */
export class Loop {
  readonly #options: Required<LoopOptions>
  readonly #sleepers: (() => void)[] = []
  #lanes: Promise<void>[] = []
  #poll: unknown
  #missed = false
  #stopping = false

  constructor(options: LoopOptions) {
    this.#options = { timers: processTimers, ...options }
  }

  start(): void {
    this.#lanes = Array.from({ length: this.#options.lanes }, () => this.#lane())
    this.#armPoll()
  }

  /** There may be work: one sleeping lane looks; when it finds some, it wakes the next. False when all of them are at work already. */
  wake(): boolean {
    const sleeper = this.#sleepers.shift()
    if (sleeper === undefined) this.#missed = true
    else sleeper()
    return sleeper !== undefined
  }

  /** Lets running steps end and starts no more. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#options.timers.clearTimeout(this.#poll)
    for (const sleeper of this.#sleepers.splice(0)) sleeper()
    await Promise.all(this.#lanes)
  }

  #armPoll(): void {
    this.#poll = this.#options.timers.setTimeout(() => {
      this.wake()
      if (!this.#stopping) this.#armPoll()
    }, this.#options.pollMs)
  }

  async #lane(): Promise<void> {
    while (!this.#stopping) {
      let more = false
      let failed = false
      try {
        more = await this.#options.step()
      } catch (error) {
        failed = true
        this.#options.onFault(error)
      }
      if (more) {
        this.wake()
        continue
      }
      if (this.#missed && !failed) {
        this.#missed = false
        continue
      }
      if (!this.#stopping) await new Promise<void>((resolve) => this.#sleepers.push(resolve))
    }
  }
}
