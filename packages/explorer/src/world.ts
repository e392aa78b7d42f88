/** All records of one movement, what is on its way between them, and every step that can be taken from there. */
import { actsOf, type Event, type LedgerEntry, type Movement } from '@corridor/procedures'
import type { CompiledLaw } from '@corridor/tables'
import { declarant, factsOf, offices, partyOf, references } from './corridor.ts'
import { type Balances, changedByOthers, entered, unused } from './ledger.ts'
import { type Paper, paperOf, readXml } from './papers.ts'
import type { Move, Path } from './paths.ts'
import { Decisions, type RecordHere, type Refused } from './decisions.ts'
import { canonical } from './interned.ts'
import { type Letter, placesFor } from './post.ts'

/**
 * A state of the whole: small numbers only, each the place of something in the world's lists, so that equal states are equal texts.
 * `records` has one for each office (0: none), `flight` what is on its way, sorted, one entry a copy.
 */
export interface State {
  records: readonly number[]
  flight: readonly number[]
  /** How often each move of the path may still be made. */
  left: readonly number[]
  copies: number
  balances: number
}

/** What can happen next. `copy`: the document is delivered, and stays on its way. `last`: it has waited long enough, and is refused if it must wait still. */
export type Step =
  | { kind: 'deliver'; letter: number; copy: boolean; last?: true }
  | { kind: 'move'; move: number; place: number }

/** What came of a step. `waits`: nothing, the document comes again. */
export interface Taken {
  state: State
  waits: boolean
  refused: Refused[]
  /** What must not be, in words. */
  wrong: string[]
  /** Entries of the ledger that were made. */
  ledger: readonly LedgerEntry[]
}

const quiet = { waits: false, refused: [], wrong: [], ledger: [] }
/** The states of one path. */
export class World {
  readonly #compiled: CompiledLaw
  readonly #path: Path
  readonly #decisions: Decisions
  readonly #acts = new Map<number, ReadonlySet<string>>()
  readonly #papers = new Map<string, Paper>()
  readonly #places = new Map<number, readonly number[]>()
  readonly #departure = offices.findIndex(({ role }) => role === 'departure')

  constructor(compiled: CompiledLaw, path: Path) {
    this.#compiled = compiled
    this.#path = path
    this.#decisions = new Decisions(compiled)
  }

  /** How many different records, documents and decisions there were. */
  get counts(): { records: number; documents: number; decisions: number } {
    return {
      records: this.#decisions.records.size - 1,
      documents: this.#decisions.letters.size,
      decisions: this.#decisions.size,
    }
  }

  /** Nothing has happened yet. @param amounts reference amounts by GRN, where not those of the corridor */
  empty(amounts: Readonly<Record<string, string>> = references): State {
    return {
      records: offices.map(() => 0),
      flight: [],
      left: this.#path.may.map(({ times }) => times),
      copies: this.#path.copies,
      balances: this.#decisions.balances.add(canonical(unused(amounts)), unused(amounts)),
    }
  }

  record(id: number): RecordHere | undefined {
    return this.#decisions.records.get(id)
  }

  /** The state of the record at a place, `-` when there is none. */
  stateAt({ records }: State, place: number): string {
    return this.#decisions.records.get(records[place] ?? 0)?.movement.state ?? '-'
  }

  /** Whether departure has released the goods. */
  wasReleased({ records }: State): boolean {
    return this.#decisions.records.get(records[this.#departure] ?? 0)?.movement.data.releaseDate !== undefined
  }

  balancesIn({ balances }: State): Balances {
    return this.#decisions.balances.get(balances)
  }

  letter(id: number): Letter {
    return this.#decisions.letters.get(id)
  }

  withBalances(state: State, balances: Balances): State {
    return { ...state, balances: this.#decisions.balances.add(canonical(balances), balances) }
  }

  /** A state as a text: the same for the same. */
  keyOf({ records, flight, left, copies, balances }: State): string {
    return `${records.join()}|${flight.join()}|${left.join('')}|${copies}|${balances}`
  }

  /** Every step that can be taken. Some of them come to nothing: a document that waits. */
  steps(state: State): Step[] {
    const found: Step[] = []
    for (const letter of new Set(state.flight)) {
      found.push({ kind: 'deliver', letter, copy: false })
      if (state.copies > 0) found.push({ kind: 'deliver', letter, copy: true })
    }
    this.#path.may.forEach((move, index) => {
      if ((state.left[index] ?? 0) > 0)
        for (const place of this.#placesOf(state, move)) found.push({ kind: 'move', move: index, place })
    })
    return found
  }

  describe(step: Step): string {
    if (step.kind === 'move') {
      const move = this.#path.may[step.move]
      const at = offices[step.place]
      return move?.kind === 'paper' || move?.kind === 'other'
        ? move.label
        : `${move?.label} at ${at?.role} ${at?.reference}`
    }
    const { type, sender, to, copy } = this.#decisions.letters.get(step.letter)
    const how = [
      ...(copy ? ['again'] : []),
      ...(step.copy ? ['and once more'] : []),
      ...(step.last ? ['its last try'] : []),
    ]
    return `${type} ${sender} → ${to}${how.length === 0 ? '' : ` (${how.join(', ')})`}`
  }

  take(state: State, step: Step): Taken {
    if (step.kind === 'move') {
      const move = this.#path.may[step.move]
      if (move === undefined) throw new Error(`the path has no move ${step.move}`)
      const left =
        move.kind === 'timer' ? state.left : state.left.map((each, index) => (index === step.move ? each - 1 : each))
      return this.make({ ...state, left }, move, step.place)
    }
    const letter = this.#decisions.letters.get(step.letter)
    const rest = without(state.flight, step.letter)
    const flight = step.copy ? [...rest, this.#copyOf(letter)].sort((a, b) => a - b) : rest
    const places = this.#placesFor(step.letter, state)
    const before = { ...state, flight, copies: state.copies - (step.copy ? 1 : 0) }
    const isLast = step.last === true
    const taken = this.#handOver(before, places, `${isLast ? 'Z' : 'L'}${step.letter}`, (movement) => ({
      ...this.#decisions.eventOf(letter, 'administration', movement),
      lastTry: isLast,
    }))
    if (taken.waits) return { ...taken, state }
    const wrong = places.length === 0 ? [`${letter.type} is for no office of ${letter.to}`] : []
    if (!letter.copy) return { ...taken, wrong: [...wrong, ...taken.wrong] }
    // What a copy brings forth is a copy as well: its receiver had it before.
    const kept = [...before.flight]
    const flown = taken.state.flight.map((each) => {
      const at = kept.indexOf(each)
      if (at >= 0) return kept.splice(at, 1)[0] ?? each
      return this.#copyOf(this.#decisions.letters.get(each))
    })
    const after = { ...taken.state, flight: flown.sort((a, b) => a - b) }
    return { ...taken, state: after, wrong: [...wrong, ...taken.wrong], refused: [] }
  }

  /** Where a letter goes does not change, unless it names no office but the one that holds the movement. */
  #placesFor(number: number, state: State): readonly number[] {
    const known = this.#places.get(number)
    if (known !== undefined) return known
    const letter = this.#decisions.letters.get(number)
    const found = placesFor(this.#compiled.law, letter, (place) => (state.records[place] ?? 0) !== 0)
    const isFixed = this.#compiled.law.routes.get(letter.type)?.targets.every(({ office }) => office !== 'MRN') ?? true
    if (isFixed) this.#places.set(number, found)
    return found
  }

  /** The same document, as one that was delivered before. */
  #copyOf(letter: Letter): number {
    const copy = { ...letter, copy: true }
    return this.#decisions.letters.add(canonical(copy), copy)
  }

  /** Makes a move, whether or not the path still has it. */
  make(state: State, move: Move, place: number): Taken {
    if (move.kind === 'paper') return this.#write(state, move.paper)
    if (move.kind === 'other') {
      const changed = changedByOthers(this.balancesIn(state), move.grn, move.what)
      return { ...quiet, state: this.withBalances(state, changed) }
    }
    if (move.kind === 'act')
      return this.#handOver(state, [place], `A${move.label}`, ({ office }) => ({
        kind: 'act',
        act: move.act.act,
        fields: move.fields,
        office,
      }))
    return this.#handOver(state, [place], `T${move.timer}`, () => ({ kind: 'timer', timer: move.timer }))
  }

  /** Where a move can be made now. */
  placesFor(state: State, move: Move): number[] {
    return this.#placesOf(state, move)
  }

  #placesOf(state: State, move: Move): number[] {
    const mrn = this.#mrnIn(state)
    if (move.kind === 'paper') {
      const paper = this.#paper(move.paper)
      return paper.needsMrn && mrn === '' ? [] : [this.#departure]
    }
    if (move.kind === 'other') return [this.#departure]
    return offices.flatMap(({ role, reference }, place) => {
      const id = state.records[place] ?? 0
      if (move.kind === 'timer')
        return role === move.role && (this.#decisions.records.get(id)?.timers.includes(move.timer) ?? false)
          ? [place]
          : []
      if (role !== move.act.role || (move.office === undefined ? id === 0 : move.office !== reference)) return []
      if (id === 0 && mrn === '') return []
      return this.#mayAct(id, place, mrn).has(move.act.act) ? [place] : []
    })
  }

  #mayAct(id: number, place: number, mrn: string): ReadonlySet<string> {
    // Without a record the office counts, and not only what it knows.
    const key = id === 0 ? -1 - place : id
    let known = this.#acts.get(key)
    if (known === undefined) {
      const movement = this.#decisions.movement(id, place, mrn)
      const facts = factsOf(partyOf(movement.office), this.#decisions.balances.get(0))
      known = new Set(actsOf(this.#compiled.law, movement, facts).map(({ act }) => act))
      this.#acts.set(key, known)
    }
    return known
  }

  #mrnIn(state: State): string {
    return this.#decisions.records.get(state.records[this.#departure] ?? 0)?.movement.mrn ?? ''
  }

  #paper(name: string): Paper {
    let paper = this.#papers.get(name)
    if (paper === undefined) this.#papers.set(name, (paper = paperOf(name)))
    return paper
  }

  /** A trader writes; its own administration takes the document. */
  #write(state: State, name: string): Taken {
    const { type, trader, make } = this.#paper(name)
    const mrn = this.#mrnIn(state)
    const doc = readXml(this.#compiled.law.messages, type, make(mrn))
    const letter = { type, doc, sender: trader, to: trader === declarant ? 'NTA.AL' : 'NTA.XK', copy: false }
    const places = placesFor(this.#compiled.law, letter, (place) => (state.records[place] ?? 0) !== 0)
    const taken = this.#handOver(state, places, `P${name} ${mrn}`, (movement) =>
      this.#decisions.eventOf(letter, 'trader', movement),
    )
    return taken
  }

  /** Every record that something is for decides on it, in one transaction: when one has to wait, nothing is done. */
  #handOver(state: State, places: readonly number[], what: string, eventFor: (movement: Movement) => Event): Taken {
    const records = [...state.records]
    let { balances } = state
    const letters: number[] = []
    const made: Omit<Taken, 'state' | 'waits'> & { ledger: LedgerEntry[] } = { refused: [], wrong: [], ledger: [] }
    for (const place of places) {
      const id = records[place] ?? 0
      const decided = this.#decisions.decide(id, place, this.#mrnIn(state), what, balances, eventFor)
      if (decided.outcome === 'waits') return { ...quiet, state, waits: true }
      records[place] = decided.record
      letters.push(...decided.letters)
      made.refused.push(...decided.refused)
      made.wrong.push(...decided.wrong)
      for (const entry of decided.ledger) {
        const after = entered(this.#decisions.balances.get(balances), entry)
        if (typeof after === 'string') made.wrong.push(`ledger: ${after}`)
        else balances = this.#decisions.balances.add(canonical(after), after)
        made.ledger.push(entry)
      }
    }
    const flight = letters.length === 0 ? state.flight : [...state.flight, ...letters].sort((a, b) => a - b)
    return { ...made, state: { ...state, records, flight, balances }, waits: false }
  }
}

function without(all: readonly number[], one: number): number[] {
  const at = all.indexOf(one)
  return [...all.slice(0, at), ...all.slice(at + 1)]
}
