import type { Log } from '@corridor/exchange'
import type { StoreClient } from './client.ts'
import { StoreFault } from './faults.ts'
import type { Listed } from './listing.ts'

const stuckMs = 3_600_000
const mostStuck = 10_000

/** Removes what is no object. What cannot be removed is left for an hour: one sender's key stops the intake of no other. */
export class Rubbish {
  readonly #client: StoreClient
  readonly #log: Log
  /** Keys, with when they are tried again. */
  readonly #stuck = new Map<string, number>()

  constructor(client: StoreClient, log: Log) {
    this.#client = client
    this.#log = log
  }

  isStuck(key: string): boolean {
    return (this.#stuck.get(key) ?? 0) > performance.now()
  }

  async remove({ key, size }: Listed): Promise<void> {
    this.#log('warn', 'store.refused-unread', { key, size })
    try {
      await this.#client.remove(key)
      this.#stuck.delete(key)
    } catch (error) {
      if (this.#stuck.size >= mostStuck) this.#stuck.clear()
      this.#stuck.set(key, performance.now() + stuckMs)
      this.#log('warn', 'store.not-removed', { key, code: error instanceof StoreFault ? error.code : 'unknown' })
    }
  }
}
