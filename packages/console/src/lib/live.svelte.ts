import { account, recallSession } from './account.svelte.ts'

export interface Change {
  mrn: string
  version: number
}

type Listener = (change: Change | undefined) => void

const AGAIN_MS = 5000
const LATER_MS = 500
// The node sends a ping every 15 s; twice that without a word means the line is dead even if the browser has not noticed.
const SILENT_MS = 35_000

/**
 * The stream of changes of the node. Listeners hear each change, and `undefined` after a break: then anything may have
 * changed.
 */
class Live {
  /** Since when no word came, in milliseconds; 0 while the line is up. */
  lostAt = $state(0)
  #listeners = new Set<Listener>()
  #systems = new Set<() => void>()
  #region = new Set<() => void>()
  #declarations = new Set<() => void>()
  #shares = new Set<() => void>()
  #source: EventSource | undefined
  #watch: ReturnType<typeof setTimeout> | undefined
  #again: ReturnType<typeof setTimeout> | undefined

  start(): void {
    this.stop()
    const source = new EventSource('/events')
    this.#source = source
    source.addEventListener('open', () => {
      const wasLost = this.lostAt !== 0
      this.#heard()
      // What changed after the first answers and before the stream was open, nobody has told.
      if (!wasLost) this.#tell(undefined)
    })
    source.addEventListener('ping', () => this.#heard())
    source.addEventListener('movement', (event) => {
      this.#heard()
      this.#tell(JSON.parse(event.data as string) as Change)
    })
    source.addEventListener('availability', () => {
      this.#heard()
      for (const listener of this.#systems) listener()
    })
    source.addEventListener('declarations', () => {
      this.#heard()
      for (const listener of this.#declarations) listener()
    })
    source.addEventListener('shares', () => {
      this.#heard()
      for (const listener of this.#shares) listener()
    })
    source.addEventListener('regional', () => {
      this.#heard()
      for (const listener of this.#region) listener()
    })
    source.addEventListener('error', () => {
      this.#lost()
      if (source.readyState === EventSource.CLOSED) void this.#restart()
    })
  }

  stop(): void {
    clearTimeout(this.#watch)
    clearTimeout(this.#again)
    this.#source?.close()
    this.#source = undefined
    this.lostAt = 0
  }

  /** Listens until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The same for what may be looked at a little later: many changes at once are told once, so long after the last. */
  listenLater(listener: () => void, waitMs = LATER_MS): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = this.listen(() => {
      clearTimeout(timer)
      timer = setTimeout(listener, waitMs)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }

  /** Listens to what is known of systems: announced, asked, answered; also after a break. */
  listenForSystems(listener: () => void): () => void {
    this.#systems.add(listener)
    return () => this.#systems.delete(listener)
  }

  /** Listens to the board of a hub, a little later: many copies come at once. Also after a break. */
  listenForRegion(listener: () => void): () => void {
    return this.#later(this.#region, listener)
  }

  /** Listens to declarations of both sides, a little later. Also after a break. */
  listenForDeclarations(listener: () => void): () => void {
    return this.#later(this.#declarations, listener)
  }

  /** Listens to shares: proposed, answered, read, over; a little later. Also after a break. */
  listenForShares(listener: () => void): () => void {
    return this.#later(this.#shares, listener)
  }

  #later(listeners: Set<() => void>, listener: () => void, waitMs = LATER_MS): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        listener()
      }, waitMs)
    }
    listeners.add(later)
    return () => {
      clearTimeout(timer)
      listeners.delete(later)
    }
  }

  #tell(change: Change | undefined): void {
    for (const listener of this.#listeners) listener(change)
    if (change === undefined)
      for (const listener of [...this.#systems, ...this.#region, ...this.#declarations, ...this.#shares]) listener()
  }

  #heard(): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => {
      this.#lost()
      void this.#restart()
    }, SILENT_MS)
    if (this.lostAt === 0) return
    this.lostAt = 0
    this.#tell(undefined)
  }

  #lost(): void {
    clearTimeout(this.#watch)
    if (this.lostAt === 0) this.lostAt = Date.now()
  }

  async #restart(): Promise<void> {
    const since = this.lostAt
    this.#source?.close()
    clearTimeout(this.#again)
    // A refused stream is most often an ended session, which is to be said and not to be retried for ever.
    await recallSession()
    if (account.session === null) return this.stop()
    this.#again = setTimeout(() => {
      this.start()
      this.lostAt = since
    }, AGAIN_MS)
  }
}

export const live = new Live()
