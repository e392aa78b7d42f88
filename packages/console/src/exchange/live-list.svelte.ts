import { untrack } from 'svelte'
import type { ExchangeMessageCount, ExchangeMessages } from '../api/exchange-types.ts'
import { ask } from '../api/client.ts'
import { live } from '../lib/live.svelte.ts'
import { Resource } from '../lib/resource.svelte.ts'
import { inPlace, type MessageFilter, withFilter } from './queries.ts'

const AGAIN_MS = 15_000
const LATER_MS = 500

/** A page of messages that keeps itself up to date without moving a row: what is new is counted, and waits for a press. */
export class LiveList {
  readonly page = new Resource<ExchangeMessages>()
  count = $state.raw<ExchangeMessageCount>()
  added = $state(0)
  #waiting: ExchangeMessages | undefined
  #filter: MessageFilter = {}

  /** Shows the page of this filter and cursor. */
  async load(filter: MessageFilter, cursor: string): Promise<void> {
    this.#forget()
    this.#filter = filter
    this.count = undefined
    await Promise.all([this.page.load(withFilter('/exchange/messages', filter, { cursor })), this.#recount()])
  }

  /** Keeps up with the node until the returned function is called. */
  follow(): () => void {
    const again = () => {
      if (!document.hidden) void this.refresh()
    }
    const timer = setInterval(again, AGAIN_MS)
    const stop = live.listenLater(again, LATER_MS)
    return () => {
      clearInterval(timer)
      stop()
    }
  }

  async refresh(): Promise<void> {
    const shown = untrack(() => this.page.data)
    const fresh = await this.page.fetch()
    if (fresh === undefined) return
    void this.#recount()
    if (shown === undefined || shown.messages.length === 0) return this.page.show(fresh)
    const { rows, added } = inPlace(shown.messages, fresh.messages)
    this.#waiting = fresh
    this.added = added
    this.page.show({ ...shown, messages: rows })
  }

  /** Shows what is new. */
  showAdded(): void {
    if (this.#waiting) this.page.show(this.#waiting)
    this.#forget()
  }

  #forget(): void {
    this.#waiting = undefined
    this.added = 0
  }

  /** The number is a comfort: when it cannot be had, the list is shown without it. */
  async #recount(): Promise<void> {
    const filter = this.#filter
    const counted = await ask<ExchangeMessageCount>(withFilter('/exchange/messages/count', filter)).catch(
      () => undefined,
    )
    if (filter === this.#filter) this.count = counted
  }
}
