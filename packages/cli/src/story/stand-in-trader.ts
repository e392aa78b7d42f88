import { setTimeout as pause } from 'node:timers/promises'
import type { StoryDriver } from './driver.ts'

/**
 * A stand-in for the consignee's software, for a person who acts in the consoles by hand: when a movement has crossed the frontier it
 * notifies the arrival, and when the unloading permission comes it sends the unloading remarks. It uses the API as that software would, and
 * says what it does.
 */
export class StandInTrader {
  readonly #driver: StoryDriver
  readonly #write: (text: string) => void
  readonly #done = new Set<string>()
  readonly #ending = new AbortController()
  #working: Promise<void> = Promise.resolve()

  constructor(driver: StoryDriver, write: (text: string) => void) {
    this.#driver = driver
    this.#write = write
  }

  start(): void {
    this.#working = this.#work()
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#working
  }

  async #work(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      try {
        await this.#look()
      } catch (error) {
        if (!signal.aborted) this.#write(`Stand-in for the consignee’s software: ${(error as Error).message}`)
      }
      await pause(2_000, undefined, { signal }).catch(() => undefined)
    }
  }

  async #look(): Promise<void> {
    for (const step of this.#driver.story.steps) {
      if (step.kind !== 'submit' || step.step === 'declare') continue
      // The step before says in which state the movement must be, and at whose office.
      const before = this.#driver.story.steps[this.#driver.story.steps.indexOf(step) - 1]
      if (before === undefined || !('account' in before)) continue
      const [account = '', state = ''] = Object.entries(before.expect.states)[0] ?? []
      const officer = await this.#driver.client(before.node, account)
      for (const item of (await officer.movements()).items) {
        const key = `${item.mrn} ${step.step}`
        if (item.status.code !== state || this.#done.has(key)) continue
        this.#done.add(key)
        this.#write(`Stand-in for the consignee’s software: ${step.document} for ${item.mrn}`)
        await this.#driver.submit(step, { lrn: item.mrn, mrn: item.mrn })
      }
    }
  }
}
