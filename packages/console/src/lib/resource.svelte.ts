import { untrack } from 'svelte'
import { ask, Problem } from '../api/client.ts'

const KEPT = 30
const answers = new Map<string, { data: unknown; at: number }>()

/** Keeps an answer, so that going back shows it at once while the node is asked again. */
export function keepAnswer(href: string, data: unknown): void {
  answers.delete(href)
  answers.set(href, { data, at: Date.now() })
  if (answers.size > KEPT) answers.delete(answers.keys().next().value as string)
}

/** Forgets every kept answer: the next person at this machine must not see them. */
export function forgetAnswers(): void {
  answers.clear()
}

const SLOW_MS = 300

/**
 * One thing that the node has, as a page shows it. Old data stays on the screen while new is fetched, and when fetching
 * fails: then `problem` says so and `at` tells how old the data is. Of two answers only the one asked for last counts.
 */
export class Resource<T> {
  data = $state.raw<T | undefined>()
  problem = $state.raw<Problem | undefined>()
  /** When the data on the screen was fetched, in milliseconds. */
  at = $state(0)
  busy = $state(false)
  /** Fetching takes long enough to be worth a word. */
  slow = $state(false)
  href = ''
  #asked = 0

  /** Shows what is kept of this address, then asks the node. Resolves when the answer is on the screen. */
  async load(href: string): Promise<void> {
    if (href !== this.href) {
      const kept = answers.get(href)
      this.data = kept?.data as T | undefined
      this.at = kept?.at ?? 0
      this.problem = undefined
    }
    this.href = href
    const data = await this.fetch()
    if (data !== undefined) this.show(data)
  }

  /** Asks for another view of the same thing: what is on the screen stays until the answer is there, so nothing jumps while one types. */
  async turn(href: string): Promise<void> {
    // An effect that asks for a view is to run again when the view changes, and not when its own answer comes.
    if (untrack(() => this.data) === undefined) return this.load(href)
    this.href = href
    const data = await this.fetch()
    if (data !== undefined) this.show(data)
  }

  /** Asks the node again and hands the answer back without showing it; `undefined` when it is late or failed. */
  async fetch(): Promise<T | undefined> {
    const mine = (this.#asked += 1)
    this.busy = true
    const timer = setTimeout(() => {
      if (mine === this.#asked) this.slow = true
    }, SLOW_MS)
    try {
      const data = await ask<T>(this.href)
      if (mine !== this.#asked) return undefined
      this.problem = undefined
      return data
    } catch (fault) {
      if (mine === this.#asked) this.problem = fault as Problem
      return undefined
    } finally {
      clearTimeout(timer)
      if (mine === this.#asked) {
        this.busy = false
        this.slow = false
      }
    }
  }

  /** Puts data on the screen: an answer of `fetch`, or one that an act brought. */
  show(data: T): void {
    this.data = data
    this.at = Date.now()
    keepAnswer(this.href, data)
  }
}
