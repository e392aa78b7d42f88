import { tick } from 'svelte'
import { ask, nextKey, type Problem } from '../api/client.ts'

/** One act by the API: sent once however often it is pressed, with what was refused kept for the page to show. */
export class Asking {
  busy = $state(false)
  problem = $state.raw<Problem>()
  #key: string = crypto.randomUUID()

  /** @returns the answer, or undefined when it was refused or did not come */
  async send<T>(path: string, body?: unknown): Promise<T | undefined> {
    if (this.busy) return undefined
    this.busy = true
    this.problem = undefined
    try {
      const headers = { 'idempotency-key': this.#key }
      const answer = await ask<T>(path, { method: 'POST', headers, ...(body !== undefined && { body }) })
      this.#key = crypto.randomUUID()
      return answer
    } catch (fault) {
      const problem = fault as Problem
      this.#key = nextKey(problem, this.#key)
      this.problem = problem
      void tick().then(() => document.getElementById('refused')?.focus())
      return undefined
    } finally {
      this.busy = false
    }
  }

  /** What is said about a field. */
  wrong(field: string): string | undefined {
    return this.problem?.errors.find((error) => error.field === field)?.remedy
  }
}
