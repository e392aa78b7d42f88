/** Which states of two offices go together (tables/pairs.tsv), and which refusals between offices are as they should be (tables/refused.tsv). */
import { readFileSync } from 'node:fs'
import { readTable } from '@corridor/customs'
import type { Law } from '@corridor/procedures'
import { offices } from './corridor.ts'
import type { Refused } from './decisions.ts'
import type { State, World } from './world.ts'

/** Reads a table of this room. */
const own = (name: string): string => readFileSync(new URL(`../tables/${name}`, import.meta.url), 'utf8')

/** What may stand beside a state of the office of departure. */
interface Beside {
  settled: ReadonlySet<string>
  travelling: ReadonlySet<string>
}

const withoutResults = ' without results'

/** The state of the office of departure as the table names it. */
function departureIn(world: World, { records }: State): string {
  const { state = '-', data } = world.record(records[0] ?? 0)?.movement ?? {}
  return state === 'written-off' && data?.results === undefined ? `${state}${withoutResults}` : state
}

export class Pairs {
  /** By `departure-state role`. */
  readonly #beside = new Map<string, Beside>()
  readonly #refused: Refused[]
  readonly #ends: ReadonlySet<string>

  /** @throws Error when a table names a state or a role that there is not, or leaves a pair out */
  constructor(law: Law, pairs = own('pairs.tsv'), refused = own('refused.tsv')) {
    const words = (cell: string) => cell.split('|').filter(Boolean)
    for (const row of readTable(pairs, ['departure', 'beside', 'settled', 'travelling', 'reason'], 'pairs.tsv').rows) {
      const role = row.cell('beside')
      const machine = Object.entries(law.machines).find(([name]) => name === role)?.[1]
      if (machine === undefined) throw new Error(`pairs.tsv line ${row.line}: there is no role ${role}`)
      const settled = new Set(words(row.cell('settled')))
      const travelling = new Set([...settled, ...words(row.cell('travelling'))])
      for (const state of travelling)
        if (state !== '-' && !machine.states.includes(state))
          throw new Error(`pairs.tsv line ${row.line}: ${role} has no state ${state}`)
      for (const departure of words(row.cell('departure'))) {
        if (departure !== '-' && !law.machines.departure.states.includes(departure.replace(withoutResults, '')))
          throw new Error(`pairs.tsv line ${row.line}: departure has no state ${departure}`)
        if (this.#beside.has(`${departure} ${role}`))
          throw new Error(`pairs.tsv line ${row.line}: ${departure} and ${role} have a row already`)
        this.#beside.set(`${departure} ${role}`, { settled, travelling })
      }
    }
    for (const departure of [...law.machines.departure.states, `written-off${withoutResults}`])
      for (const role of new Set(offices.map((office) => office.role)))
        if (role !== 'departure' && !this.#beside.has(`${departure} ${role}`))
          throw new Error(`pairs.tsv has no row for ${departure} and ${role}`)
    this.#refused = readTable(refused, ['document', 'role', 'state', 'reasons', 'why'], 'refused.tsv').rows.flatMap(
      (row) =>
        words(row.cell('state')).map((state) => ({
          type: row.cell('document'),
          role: row.cell('role'),
          state,
          reasons: words(row.cell('reasons')),
        })),
    )
    const states = law.machines.departure.states
    this.#ends = new Set(states.filter((state) => law.states.get(`departure ${state}`)?.turn === '-'))
  }

  /** How many pairs of states are legal, when nothing is on its way and at all. */
  get size(): { settled: number; travelling: number } {
    const count = (which: keyof Beside) => this.#beside.values().reduce((sum, each) => sum + each[which].size, 0)
    return { settled: count('settled'), travelling: count('travelling') }
  }

  /** Whether the movement is over for the office of departure. */
  isEnd(departure: string): boolean {
    return this.#ends.has(departure)
  }

  /** The pairs of this state that must not be, in words. */
  illegalIn(world: World, state: State): string[] {
    const settled = state.flight.length === 0
    const departure = departureIn(world, state)
    return offices.flatMap(({ role, reference }, place) => {
      const beside = this.#beside.get(`${departure} ${role}`)
      if (beside === undefined) return []
      const there = world.stateAt(state, place)
      if ((settled ? beside.settled : beside.travelling).has(there)) return []
      const when = settled ? 'nothing on its way' : 'documents on their way'
      return [`departure ${departure}, ${role} ${reference} ${there}, ${when}`]
    })
  }

  /** The refusals that no row explains, in words. */
  unexplained(refused: readonly Refused[]): string[] {
    return refused
      .filter(
        (one) =>
          !this.#refused.some(
            (row) =>
              row.type === one.type &&
              row.role === one.role &&
              row.state === one.state &&
              one.reasons.every((reason) => row.reasons.includes(reason)),
          ),
      )
      .map(({ type, role, state, reasons }) => `${type} is refused by ${role} in state ${state}: ${reasons.join(', ')}`)
  }
}
