import { Loop } from '../loop.ts'
import type { ReceiveContext } from '../receive.ts'
import type { CarriedObject, Carrier } from './carrier.ts'
import { takeObject, type Taken } from './take.ts'

/** How many objects are asked for at once. */
const atOnce = 64
/** An object that a clock is at odds with is looked at again after so long. */
const earlyAgainMs = 30_000
/** How many may be passed over. */
const mostResting = 1_000
/** One that could not be answered is tried again at once, then after pauses that double up to this one. */
const longestRestMs = 60_000

/** Brings what lies at the third places of this node, and puts receipts there. */
export class Courier {
  readonly #loops: readonly { carrier: Carrier; loop: Loop }[]
  #deaf: (() => Promise<void>)[] = []

  /** @param wake a queue of this node that may have something new */
  constructor(context: ReceiveContext, wake: (box: 'inbox' | 'outbox') => void) {
    this.#loops = carriersOf(context).map(([place, carrier]) => {
      const fetcher = new Fetcher(context, place, carrier, wake)
      const loop = new Loop({
        lanes: 1,
        step: () => fetcher.fetch(),
        pollMs: context.patience.pollMs,
        timers: context.timers,
        onFault: (error) => context.log('warn', 'nothing could be brought from a third place', { place, error }),
      })
      return { carrier, loop }
    })
  }

  async start(): Promise<void> {
    for (const { loop } of this.#loops) loop.start()
    this.#deaf = await Promise.all(this.#loops.map(({ carrier, loop }) => carrier.onNew(() => void loop.wake())))
  }

  /** Takes up no more, and waits for what is under way. */
  async stop(): Promise<void> {
    await Promise.all(this.#deaf.map((stop) => stop()))
    await Promise.all(this.#loops.map(({ loop }) => loop.stop()))
  }
}

/** Those of the context's places that do not bring by themselves. */
export function carriersOf({ places }: Pick<ReceiveContext, 'places'>): [string, Carrier][] {
  return [...places].flatMap(([place, known]) => ('carrier' in known ? [[place, known.carrier]] : []))
}

/** An object that is passed over for now. */
interface Resting {
  /** When it is looked at again, in milliseconds. */
  until: number
  failures: number
  /** What was made of it, where only the answer could not be put: it is not taken a second time for that. */
  taken?: Taken
}

/**
 * Takes what lies at one place, side by side: of one conversation there is never more than one object, since its sender waits for the
 * receipt. An object is marked when its receipt lies there: a kill in between has the same receipt put again.
 */
export class Fetcher {
  readonly #context: ReceiveContext
  readonly #place: string
  readonly #carrier: Carrier
  readonly #wake: (box: 'inbox' | 'outbox') => void
  /** Objects that are for later, and those that could not be answered: they stay, and one looks behind them. */
  #resting = new Map<string, Resting>()

  constructor(context: ReceiveContext, place: string, carrier: Carrier, wake: (box: 'inbox' | 'outbox') => void) {
    this.#context = context
    this.#place = place
    this.#carrier = carrier
    this.#wake = wake
  }

  /** Rejects, when all that was brought is done with, if something of it could not be. @returns whether there may be more */
  async fetch(): Promise<boolean> {
    const now = this.#context.clock().getTime()
    const asked = atOnce + Math.min(this.#resting.size, mostResting)
    const objects = await this.#carrier.waiting(asked)
    const due = objects.filter((object) => !((this.#resting.get(keyOf(object))?.until ?? 0) > now))
    // Only what still lies there is remembered.
    const lying = new Set(objects.map(keyOf))
    this.#resting = new Map([...this.#resting].filter(([key]) => lying.has(key)))
    const done = await Promise.allSettled(due.map((object) => this.#take(object, now)))
    const failed = done.find((each) => each.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return due.length > 0
  }

  async #take(object: CarriedObject, now: number): Promise<void> {
    const key = keyOf(object)
    const before = this.#resting.get(key)
    let taken = before?.taken
    try {
      if (taken === undefined) {
        const { shownAt, expiresAt } = object
        const lasts = shownAt !== undefined && shownAt < expiresAt
        taken = await takeObject(this.#context, this.#place, object, { again: before !== undefined, lasts })
        if (taken.wakes !== undefined) this.#wake(taken.wakes)
      }
      if (taken.as === 'later') {
        this.#resting.set(key, { until: now + earlyAgainMs, failures: 0 })
        return
      }
      if (taken.answer !== undefined) await this.#carrier.put(taken.answer)
      await this.#carrier.mark(object, taken.as)
      this.#resting.delete(key)
    } catch (error) {
      const failures = (before?.failures ?? 0) + 1
      const until = now + (failures === 1 ? 0 : Math.min(1_000 * 2 ** (failures - 2), longestRestMs))
      this.#resting.set(key, { until, failures, ...(taken !== undefined && { taken }) })
      throw error
    }
  }
}

const keyOf = ({ sender, id }: CarriedObject): string => `${sender}\n${id}`
