/** Random ways through the states of many movements that share guarantees, each to its end. */
import { addAmounts, subtractAmounts } from '@corridor/customs'
import type { LedgerEntry } from '@corridor/procedures'
import type { CompiledLaw } from '@corridor/tables'
import { Chance } from './chance.ts'
import { references } from './corridor.ts'
import { recordsIn, wrongIn } from './explore.ts'
import { open } from './ledger.ts'
import type { Pairs } from './pairs.ts'
import { type Path, randomPath } from './paths.ts'
import { type Settling, settlingStep } from './settling.ts'
import { type State, type Step, type Taken, World } from './world.ts'

/** An entry of the ledger with the movement (a number within its group) that it is about. */
export interface Entered {
  movement: number
  entry: LedgerEntry
}

/** What came of one group of movements that share two guarantees. */
export interface Walked {
  seed: number
  movements: number
  steps: number
  /** States of the office of departure in the end, and how many movements came there. */
  ends: Record<string, number>
  entries: Entered[]
  /** What is available of each guarantee in the end. */
  available: Record<string, string>
  wrong: Wrong | undefined
}

export interface Wrong {
  what: string[]
  /** The steps of the movement that went wrong. */
  trace: string[]
  records: string[]
  /** What the movement might have, by the labels of the path. */
  may: ReadonlySet<string>
}

/** Steps of one movement before people bring it to its end. */
const mostSteps = 60
/** Steps to its end, when nothing else happens. */
const mostSettling = 400

/** One movement of a group. */
interface Walking {
  state: State
  /** Declared, arrived where: what this movement may have, by the labels of the path. */
  may: ReadonlySet<string>
  trace: string[]
  left: number
  done: boolean
}

/** Walks with the decisions of one law: what was decided once is remembered for all walks. */
export class Walks {
  readonly #world: World
  readonly #path: Path
  readonly #pairs: Pairs
  readonly #settling: Omit<Settling, 'may'>

  constructor(compiled: CompiledLaw, pairs: Pairs) {
    this.#path = randomPath(compiled.law)
    this.#world = new World(compiled, this.#path)
    this.#pairs = pairs
    this.#settling = { world: this.#world, path: this.#path, pairs }
  }

  /**
   * So many movements at the same time, which share what is available of two guarantees. The seed decides everything.
   * @param amounts reference amounts by GRN
   */
  group(seed: number, movements: number, amounts: Readonly<Record<string, string>> = references): Walked {
    const chance = new Chance(seed)
    const all = Array.from({ length: movements }, () => this.#begin(chance, amounts))
    const walked: Walked = {
      seed,
      movements,
      steps: 0,
      ends: {},
      entries: [],
      available: { ...amounts },
      wrong: undefined,
    }
    let going = all.map((_, index) => index)
    while (going.length > 0 && walked.wrong === undefined) {
      const number = chance.pick(going)
      const walking = all[number]
      if (walking === undefined) break
      this.#step(walking, number, chance, walked)
      if (walking.done) going = going.filter((each) => each !== number)
    }
    for (const { state } of all) {
      const end = this.#world.stateAt(state, 0)
      walked.ends[end] = (walked.ends[end] ?? 0) + 1
    }
    return walked
  }

  /**
   * The steps of a movement that went wrong, without those that it also goes wrong without. Nothing is shared: undefined when it takes
   * other movements for it to go wrong.
   */
  shrunk({ trace, may }: Wrong): Wrong | undefined {
    let kept = trace
    let found = this.#again(kept, may)
    if (found === undefined) return undefined
    for (let size = Math.ceil(kept.length / 2); size >= 1; size = Math.floor(size / 2))
      for (let at = 0; at < kept.length;) {
        const fewer = [...kept.slice(0, at), ...kept.slice(at + size)]
        const still = this.#again(fewer, may)
        if (still === undefined) at += size
        else [kept, found] = [fewer, still]
      }
    return found
  }

  #begin(chance: Chance, amounts: Readonly<Record<string, string>>): Walking {
    const labels = this.#path.may.map(({ label }) => label)
    const oneOf = (start: string) => chance.pick(labels.filter((label) => label.startsWith(start)))
    const [declaration, arrival] = [oneOf('paper:declaration'), oneOf('paper:arrival')]
    const isChosen = (label: string) => {
      if (label.startsWith('paper:declaration')) return label === declaration
      if (label.startsWith('paper:arrival')) return label === arrival
      if (label.startsWith('paper:remarks')) return label.endsWith('elsewhere') === arrival.endsWith('elsewhere')
      return chance.hit(/refuse$|:invalid|:invalidate$/.test(label) ? 0.1 : 0.6)
    }
    return {
      state: this.#world.empty(amounts),
      may: new Set(labels.filter(isChosen)),
      trace: [],
      left: Math.floor(chance.next() * mostSteps),
      done: false,
    }
  }

  #step(walking: Walking, number: number, chance: Chance, walked: Walked): void {
    // What is available is what all movements of the group have left.
    const before = this.#shared(walking.state, walked.available)
    const isSettling = walking.left <= 0
    const step = isSettling
      ? settlingStep({ ...this.#settling, may: walking.may }, before)
      : this.#drawn(walking, before, chance)
    walking.left -= 1
    if (step === undefined) {
      if (!isSettling) return
      walking.done = true
      const what = this.#wrongAtTheEnd(before)
      if (what.length > 0) walked.wrong = this.#found(what, walking.trace, before, walking.may)
      return
    }
    const taken = this.#taken(before, step)
    walked.steps += 1
    walking.trace.push(this.#described(before, step))
    walking.state = taken.state
    for (const entry of taken.ledger) {
      walked.entries.push({ movement: number, entry })
      walked.available[entry.grn] = this.#world.balancesIn(taken.state)[entry.grn]?.available ?? '0'
    }
    const what = this.#wrongAfter(taken)
    if (walking.left < -mostSettling) what.push(`no end after ${mostSettling} steps`)
    if (what.length > 0) walked.wrong = this.#found(what, walking.trace, taken.state, walking.may)
  }

  #shared(state: State, available: Readonly<Record<string, string>>): State {
    const balances = this.#world.balancesIn(state)
    if (Object.entries(balances).every(([grn, balance]) => balance.available === available[grn])) return state
    const shared = Object.entries(balances).map(([grn, balance]) => {
      const now = available[grn] ?? '0'
      const others = addAmounts(balance.others, subtractAmounts(balance.available, now))
      return [grn, { ...balance, available: now, others }] as const
    })
    return this.#world.withBalances(state, Object.fromEntries(shared))
  }

  #drawn(walking: Walking, state: State, chance: Chance): Step | undefined {
    const all = this.#world.steps(state).filter((step) => this.#mayBe(step, state, walking.may))
    const deliveries = all.filter(({ kind }) => kind === 'deliver')
    const moves = all.filter(({ kind }) => kind === 'move')
    if (deliveries.length > 0 && (moves.length === 0 || chance.hit(0.7))) return chance.pick(deliveries)
    return moves.length === 0 ? undefined : chance.pick(moves)
  }

  #mayBe(step: Step, state: State, may?: ReadonlySet<string>): boolean {
    if (step.kind === 'deliver') return !step.copy || !uncopied.has(this.#world.letter(step.letter).type)
    const label = this.#path.may[step.move]?.label ?? ''
    // A claim is about goods that are under way.
    if (label === 'guarantee:claim' && !this.#world.wasReleased(state)) return false
    return may?.has(label) ?? true
  }

  #found(what: string[], trace: string[], state: State, may: ReadonlySet<string>): Wrong {
    return { what, trace, records: recordsIn(this.#world, state), may }
  }

  #taken(state: State, step: Step): Taken {
    return step.kind === 'move' && (state.left[step.move] ?? 0) === 0
      ? this.#world.make(state, this.#path.may[step.move] ?? fail(), step.place)
      : this.#world.take(state, step)
  }

  #described(state: State, step: Step): string {
    const text = this.#world.describe(step)
    return step.kind === 'move' && (state.left[step.move] ?? 0) === 0 ? `${text} (to the end)` : text
  }

  #wrongAfter(taken: Taken): string[] {
    return [
      ...taken.wrong,
      ...this.#pairs.unexplained(taken.refused),
      ...wrongIn(this.#world, this.#pairs, taken.state),
    ]
  }

  #wrongAtTheEnd(state: State): string[] {
    const departure = this.#world.stateAt(state, 0)
    const balances = this.#world.balancesIn(state)
    return [
      ...(departure === '-' || this.#pairs.isEnd(departure) ? [] : [`departure is ${departure} in the end`]),
      ...open(balances).map((grn) => `${grn} is still used in the end`),
      ...(state.flight.length === 0 ? [] : ['something is on its way in the end']),
    ]
  }

  /** A movement alone goes through these steps, those that it can make, and then to its end. */
  #again(trace: readonly string[], may: ReadonlySet<string>): Wrong | undefined {
    let state = this.#world.empty()
    const made: string[] = []
    const go = (step: Step): Wrong | undefined => {
      made.push(this.#described(state, step))
      const taken = this.#taken(state, step)
      state = taken.state
      const what = this.#wrongAfter(taken)
      return what.length === 0 ? undefined : this.#found(what, [...made], state, may)
    }
    for (const wanted of trace) {
      const step = this.#world
        .steps(state)
        .find((each) => this.#described(state, each) === wanted && this.#mayBe(each, state))
      const wrong = step === undefined ? undefined : go(step)
      if (wrong !== undefined) return wrong
    }
    for (let count = 0; count < mostSettling; count += 1) {
      const step = settlingStep({ ...this.#settling, may }, state)
      if (step === undefined) break
      const wrong = go(step)
      if (wrong !== undefined) return wrong
    }
    const what = this.#wrongAtTheEnd(state)
    return what.length === 0 ? undefined : this.#found(what, made, state, may)
  }
}

/**
 * Documents of which no second copy comes: P5 gives a request for use or a cancellation nothing that tells it from one after an amendment, and
 * an officer who is asked twice may answer twice. The exchange drops copies by their id.
 */
const uncopied = new Set(['CD200C', 'CD203C', 'CD204C', 'CD150C'])

function fail(): never {
  throw new Error('the path has no such move')
}
