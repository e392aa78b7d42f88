/** Breadth first: every state of one path up to a depth, each once. */
import type { CompiledLaw } from '@corridor/tables'
import { open } from './ledger.ts'
import type { Pairs } from './pairs.ts'
import type { Path } from './paths.ts'
import { type State, type Step, type Taken, World } from './world.ts'

/** What was found that must not be, with the shortest way to it. */
export interface Found {
  path: string
  what: string[]
  /** The steps from the beginning of the path; those before `after` were made to get there. */
  trace: string[]
  /** States of the records there. */
  records: string[]
}

/** What came of exploring one path. */
export interface Explored {
  path: string
  /** Different states that were reached, the first one included. */
  states: number
  steps: number
  /** Of the states, those with nothing on its way. */
  settled: number
  /** Of the settled states, those in which the office of departure is done. */
  ended: number
  /** Steps of the longest shortest way. */
  depth: number
  /** Nothing was left out: from every state every step was taken. */
  complete: boolean
  decisions: number
  seconds: number
  found: Found | undefined
}

export interface Limits {
  depth?: number | undefined
  states?: number | undefined
  /** Milliseconds, from any moment on. */
  clock: () => number
  /** Called now and then with the states so far. */
  onStates?: (states: number) => void
}

/** Enough for every path at the depth of the table. */
const usualStates = 2_000_000

export function explore(compiled: CompiledLaw, pairs: Pairs, path: Path, limits: Limits): Explored {
  const started = limits.clock()
  const world = new World(compiled, path)
  const search = new Search(world, pairs, path)
  const beginning = search.begin()
  const depth = limits.depth ?? path.depth
  const most = limits.states ?? usualStates
  let frontier = beginning === undefined ? [] : [0]
  let at = 0
  let complete = true
  while (frontier.length > 0 && search.found === undefined) {
    if (at === depth) {
      complete = false
      break
    }
    const next: number[] = []
    for (const number of frontier) {
      if (search.size >= most) complete = false
      if (search.found !== undefined || !complete) break
      next.push(...search.expand(number))
      if (number % 1024 === 0) limits.onStates?.(search.size)
    }
    if (next.length > 0) at += 1
    frontier = next
  }
  return {
    path: path.path,
    states: search.size,
    steps: search.steps,
    settled: search.settled,
    ended: search.ended,
    depth: at,
    complete: complete && search.found === undefined,
    decisions: world.counts.decisions,
    seconds: (limits.clock() - started) / 1000,
    found: search.found,
  }
}

class Search {
  readonly #world: World
  readonly #pairs: Pairs
  readonly #path: Path
  readonly #seen = new Set<string>()
  readonly #states: State[] = []
  /** How each state was reached: from which one, by which step. */
  readonly #from: number[] = []
  readonly #by: (Step | undefined)[] = []
  readonly #prefix: string[] = []
  steps = 0
  settled = 0
  ended = 0
  found: Found | undefined

  constructor(world: World, pairs: Pairs, path: Path) {
    this.#world = world
    this.#pairs = pairs
    this.#path = path
  }

  get size(): number {
    return this.#states.length
  }

  /** Makes what the path begins with, in order, carrying everything each time. */
  begin(): State | undefined {
    let state = this.#world.empty()
    for (const move of this.#path.after) {
      const [place] = this.#world.placesFor(state, move)
      if (place === undefined) throw new Error(`${this.#path.path}: ${move.label} cannot be done there`)
      this.#prefix.push(move.label)
      const taken = this.#world.make(state, move, place)
      if (this.#isWrong(taken, undefined, move.label)) return undefined
      state = this.#carried(taken.state)
      if (this.found !== undefined) return undefined
    }
    this.#add(state, -1, undefined)
    return state
  }

  #carried(state: State): State {
    let now = state
    while (now.flight.length > 0) {
      const [letter = 0] = now.flight
      const step: Step = { kind: 'deliver', letter, copy: false }
      this.#prefix.push(this.#world.describe(step))
      const taken = this.#world.take(now, step)
      if (taken.waits) throw new Error(`${this.#path.path}: ${this.#world.describe(step)} waits`)
      if (this.#isWrong(taken, undefined, '')) return now
      now = taken.state
    }
    return now
  }

  /** Takes every step from a state. @returns the numbers of the states that are new */
  expand(number: number): number[] {
    const state = this.#states[number]
    if (state === undefined) return []
    const fresh: number[] = []
    const moves = this.#takeAll(number, state, this.#world.steps(state), fresh)
    if (moves || state.flight.length === 0 || this.found !== undefined) return fresh
    // Nothing else can happen any more: what waits is tried for the last time.
    const last = this.#world
      .steps(state)
      .map((step): Step => (step.kind === 'deliver' ? { ...step, last: true } : step))
    if (!this.#takeAll(number, state, last, fresh))
      this.#find(['nobody answers what is on its way: it waits for ever'], this.#traceTo(number), state)
    return fresh
  }

  /** @param fresh numbers of new states are added to it @returns whether any step came to something */
  #takeAll(number: number, state: State, steps: readonly Step[], fresh: number[]): boolean {
    let moves = false
    for (const step of steps) {
      const taken = this.#world.take(state, step)
      this.steps += 1
      if (this.#isWrong(taken, number, this.#world.describe(step), step)) return true
      if (taken.waits) continue
      moves = true
      if (this.#seen.has(this.#world.keyOf(taken.state))) continue
      fresh.push(this.#add(taken.state, number, step))
      if (this.#looksWrong(taken.state, this.size - 1)) return true
    }
    return moves
  }

  #add(state: State, from: number, by: Step | undefined): number {
    this.#seen.add(this.#world.keyOf(state))
    this.#states.push(state)
    this.#from.push(from)
    this.#by.push(by)
    if (state.flight.length === 0) {
      this.settled += 1
      if (this.#pairs.isEnd(this.#world.stateAt(state, 0))) this.ended += 1
    }
    return this.#states.length - 1
  }

  #isWrong(taken: Taken, from: number | undefined, last: string, step?: Step): boolean {
    const what = [...taken.wrong, ...this.#pairs.unexplained(taken.refused)]
    if (what.length === 0) return false
    const trace =
      from === undefined ? [...this.#prefix] : [...this.#traceTo(from), ...(step === undefined ? [] : [last])]
    this.#find(what, trace, taken.state)
    return true
  }

  #looksWrong(state: State, number: number): boolean {
    const what = wrongIn(this.#world, this.#pairs, state)
    if (what.length > 0) this.#find(what, this.#traceTo(number), state)
    return what.length > 0
  }

  #find(what: string[], trace: string[], state: State): void {
    this.found = { path: this.#path.path, what, trace, records: recordsIn(this.#world, state) }
  }

  #traceTo(number: number): string[] {
    const steps: string[] = []
    for (let at = number; at > 0; at = this.#from[at] ?? 0) {
      const step = this.#by[at]
      if (step !== undefined) steps.push(this.#world.describe(step))
    }
    return [...this.#prefix, ...steps.toReversed()]
  }
}

/** What must not be in a state: pairs of states, and a guarantee that nobody will ever give back. */
export function wrongIn(world: World, pairs: Pairs, state: State): string[] {
  const departure = world.stateAt(state, 0)
  const lost = state.flight.length === 0 && pairs.isEnd(departure) ? open(world.balancesIn(state)) : []
  return [
    ...pairs.illegalIn(world, state),
    ...lost.map((grn) => `departure ${departure}, nothing on its way, and ${grn} is still used: nobody gives it back`),
  ]
}

/** The records of a state in words, and what is on its way. */
export function recordsIn(world: World, state: State): string[] {
  const there = state.records.flatMap((id) => {
    const movement = world.record(id)?.movement
    return movement === undefined ? [] : [`${movement.role} ${movement.office}: ${movement.state}`]
  })
  const waiting = state.flight.map((letter) => {
    const { type, sender, to } = world.letter(letter)
    return `on its way: ${type} ${sender} → ${to}`
  })
  return [...there, ...waiting]
}
