import { DatabaseFault } from '@corridor/database'

export interface BatchOptions<Item, Result> {
  /** Does all of them together; answers one result for each, in their order. All or nothing: when it rejects, none of them was done. */
  together: (items: readonly Item[]) => Promise<readonly Result[]>
  /** Two items of the same key never go together: the second must see what became of the first. */
  keyOf: (item: Item) => string
  bytesOf: (item: Item) => number
}

/** Most items of one batch, and bytes. */
const most = 64
const mostBytes = 4_000_000

/** What is larger goes by itself and at once: nothing small is to wait behind it. */
const largeBytes = 1_000_000

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Commits together what arrives at the same time. Nothing waits for company: an item goes at once when nothing is under way, with what
 * was added in the same turn, else with all that has come by the end of what is. (With two batches under way at a time each was half
 * as large, and all together took more of the processor.) The fault of one item does not become that of its neighbours: after a
 * failure each is done by itself.
 */
export class Batch<Item, Result> {
  readonly #options: BatchOptions<Item, Result>
  #waiting: Waiting<Item, Result>[] = []
  #underWay = false

  constructor(options: BatchOptions<Item, Result>) {
    this.#options = options
  }

  /** Resolves when the item is done, and rejects with what was wrong with it. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject }
      if (this.#options.bytesOf(item) > largeBytes) {
        void this.#do([waiting])
        return
      }
      this.#waiting.push(waiting)
      if (this.#waiting.length === 1) queueMicrotask(() => this.#next())
    })
  }

  #next(): void {
    if (this.#underWay || this.#waiting.length === 0) return
    this.#underWay = true
    void this.#do(this.#take()).finally(() => {
      this.#underWay = false
      this.#next()
    })
  }

  #take(): Waiting<Item, Result>[] {
    const { keyOf, bytesOf } = this.#options
    const keys = new Set<string>()
    const batch: Waiting<Item, Result>[] = []
    const left: Waiting<Item, Result>[] = []
    let bytes = 0
    for (const each of this.#waiting) {
      const key = keyOf(each.item)
      bytes += bytesOf(each.item)
      if (batch.length < most && bytes <= mostBytes && !keys.has(key)) batch.push(each)
      else left.push(each)
      keys.add(key)
    }
    this.#waiting = left
    return batch
  }

  /** Never rejects. */
  async #do(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.together(batch.map(({ item }) => item))
      for (const [n, each] of batch.entries()) each.resolve(results[n] as Result)
    } catch (error) {
      // When the database itself is in trouble, each by itself would only meet the same.
      if (batch.length > 1 && !(error instanceof DatabaseFault)) for (const each of batch) await this.#do([each])
      else for (const each of batch) each.reject(error)
    }
  }
}
