import type { ServerResponse } from 'node:http'
import { descriptionOf } from '@corridor/map'
import type { ListedCorridor, RunningView, StoryLine } from './views.ts'
import { catalogues, mapWordsIn } from './words.ts'

/** So many lines of a story are kept for a page that is opened later. */
const mostLines = 1_000

/** What pages are told: the whole state when it changes, each line when it is said, as lines of JSON. */
export class Feed {
  readonly #listeners = new Set<ServerResponse>()
  readonly #corridors: () => ListedCorridor[]
  #running: RunningView | null = null
  #lines: StoryLine[] = []

  constructor(corridors: () => ListedCorridor[]) {
    this.#corridors = corridors
  }

  get running(): RunningView | null {
    return this.#running
  }

  /** What runs now; another corridor begins with no lines. */
  show(running: RunningView | null): void {
    if (running?.id !== this.#running?.id || running?.phase === 'starting') this.#lines = []
    this.#running = running
    this.#tell(this.#state())
  }

  say(line: StoryLine): void {
    this.#lines = [...this.#lines.slice(1 - mostLines), line]
    this.#tell({ lines: [line] })
  }

  /** Answers with all there is now, and goes on as long as the page listens. */
  listen(response: ServerResponse): void {
    this.#listeners.add(response)
    response.on('close', () => this.#listeners.delete(response))
    response.write(`${JSON.stringify({ ...this.#state(), lines: this.#lines })}\n`)
  }

  /** An empty line, so that a page that was left without a word is noticed. */
  beat(): void {
    for (const listener of this.#listeners) listener.write('\n')
  }

  close(): void {
    for (const listener of this.#listeners) listener.end()
  }

  #state(): object {
    const corridors = this.#corridors().map(({ chart, ...each }) => ({
      ...each,
      described: Object.fromEntries(
        Object.keys(catalogues).map((language) => [language, descriptionOf(chart, mapWordsIn(language))]),
      ),
    }))
    return { corridors, running: this.#running }
  }

  #tell(news: object): void {
    const isNewRun = 'running' in news && this.#lines.length === 0
    for (const listener of this.#listeners)
      listener.write(`${JSON.stringify({ ...news, ...(isNewRun && { afresh: true }) })}\n`)
  }
}
