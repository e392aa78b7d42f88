import { Loop } from '../loop.ts'
import type { ReceiveContext } from '../receive.ts'
import type { CarriedObject, Carrier } from './carrier.ts'
import { takeObject, type Taken } from './take.ts'

/** How many objects are asked for at once. */
const atOnce = 64
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
  /** How many of the oldest objects are too early: they stay, and one looks behind them. */
  #early = 0

  constructor(context: ReceiveContext, place: string, carrier: Carrier, wake: (box: 'inbox' | 'outbox') => void) {
    this.#context = context
    this.#place = place
    this.#carrier = carrier
    this.#wake = wake
  }

  /** @returns whether there may be more */
  async fetch(): Promise<boolean> {
    const objects = await this.#carrier.waiting(atOnce + Math.min(this.#early, mostEarly))
    const done = await Promise.all(objects.map((object) => this.#take(object)))
    const early = done.filter((each) => each === 'later').length
    const isNews = early > this.#early
    this.#early = early
    return done.length > early || isNews
  }

  async #take(object: CarriedObject): Promise<Taken['as']> {
    const { as, answer, wakes } = await takeObject(this.#context, this.#place, object)
    if (wakes !== undefined) this.#wake(wakes)
    if (as === 'later') return as
    if (answer !== undefined) await this.#carrier.put(answer)
    await this.#carrier.mark(object, as)
    return as
  }
}
