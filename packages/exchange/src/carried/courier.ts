import { Loop } from '../loop.ts'
import type { ReceiveContext } from '../receive.ts'
import type { CarriedObject, Carrier } from './carrier.ts'
import { takeObject } from './take.ts'

/** How many objects are asked for at once. */
const atOnce = 64
/** An object of a clock that is ahead is looked at again after so long. */
const earlyAgainMs = 30_000
/** How many may be passed over because they are too early. */
const mostEarly = 1_000

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

/**
 * Takes what lies at one place, side by side: of one conversation there is never more than one object, since its sender waits for the
 * receipt. An object is marked when its receipt lies there: a kill in between has the same receipt put again.
 */
export class Fetcher {
  readonly #context: ReceiveContext
  readonly #place: string
  readonly #carrier: Carrier
  readonly #wake: (box: 'inbox' | 'outbox') => void
  /** Objects of a clock that is ahead, and when they are looked at again: they stay, and one looks behind them. */
  #early = new Map<string, number>()

  constructor(context: ReceiveContext, place: string, carrier: Carrier, wake: (box: 'inbox' | 'outbox') => void) {
    this.#context = context
    this.#place = place
    this.#carrier = carrier
    this.#wake = wake
  }

  /** @returns whether there may be more */
  async fetch(): Promise<boolean> {
    const now = this.#context.clock().getTime()
    const asked = atOnce + Math.min(this.#early.size, mostEarly)
    const objects = await this.#carrier.waiting(asked)
    const due = objects.filter((object) => !((this.#early.get(keyOf(object)) ?? 0) > now))
    // Only what still lies there is remembered.
    const lying = new Set(objects.map(keyOf))
    this.#early = new Map([...this.#early].filter(([key]) => lying.has(key)))
    await Promise.all(due.map((object) => this.#take(object, now)))
    return due.length > 0
  }

  async #take(object: CarriedObject, now: number): Promise<void> {
    const { as, answer, wakes } = await takeObject(this.#context, this.#place, object)
    if (wakes !== undefined) this.#wake(wakes)
    if (as === 'later') {
      this.#early.set(keyOf(object), now + earlyAgainMs)
      return
    }
    this.#early.delete(keyOf(object))
    if (answer !== undefined) await this.#carrier.put(answer)
    await this.#carrier.mark(object, as)
  }
}

const keyOf = ({ sender, id }: CarriedObject): string => `${sender}\n${id}`
