import { createHash } from 'node:crypto'

const kept = 30

/** What has happened, step by step: the last steps as text for who looks into a failure, all of them in one digest. */
export class Trace {
  readonly #digest = createHash('sha256')
  readonly #last: string[] = []
  readonly #listener: ((line: string) => void) | undefined
  /** Number of the step under way. */
  step = 0

  constructor(listener?: (line: string) => void) {
    this.#listener = listener
  }

  /** Notes one line under the current step. */
  say(text: string): void {
    const line = `${String(this.step).padStart(5)} ${text}`
    this.#digest.update(`${line}\n`)
    this.#last.push(line)
    if (this.#last.length > kept) this.#last.shift()
    this.#listener?.(line)
  }

  last(): string[] {
    return [...this.#last]
  }

  /** SHA-256 of all lines and of what is given; ends the trace. */
  end(state: string): string {
    return this.#digest.update(state).digest('hex')
  }
}
