import { ProcedureFault } from './faults.ts'
import { rowsOf } from './tsv.ts'

/** One row of a machine, one (state, event) pair. */
export interface MachineRow {
  /** Which row of the table it comes from, counted from 1: one row may stand for several pairs. */
  number: number
  from: string
  on: string
  guard: string
  to: string
  does: string[]
  event: string
  cites: string
}

/** A machine: its rows in the order of the table, found by state and event. */
export interface Machine {
  name: string
  rows: MachineRow[]
  states: string[]
  events: string[]
  find(state: string, event: string): MachineRow[]
}

/** State of a movement that is not known here. */
export const NO_RECORD = '-'

/** In FROM: every state of a movement that is known. */
const EVERY_STATE = '*'

/**
 * Compiles the table of a machine, read from the file `name`. `a|b` in FROM or ON stands for one row each, `*` in FROM for one row for
 * each state that the other rows name.
 * @throws ProcedureFault TABLE, UNKNOWN_GUARD, UNKNOWN_DOES
 */
export function compileMachine(
  name: string,
  text: string,
  known: { guards: ReadonlySet<string>; does: ReadonlySet<string> },
): Machine {
  const written = rowsOf(text, name).flatMap((cells, index) => expand(cells, index + 1))
  const states = new Set(
    written.flatMap(({ from, to }) => [from, to]).filter((state) => ![NO_RECORD, EVERY_STATE, '='].includes(state)),
  )
  const rows = written.flatMap((row) =>
    row.from === EVERY_STATE ? [...states].map((from) => ({ ...row, from })) : [row],
  )
  const index = new Map<string, MachineRow[]>()
  for (const row of rows) {
    if (!known.guards.has(row.guard)) throw new ProcedureFault('UNKNOWN_GUARD', `${name}: ${row.guard}`)
    for (const effect of row.does) {
      const effectName = effect.split(':')[0] ?? ''
      if (!known.does.has(effectName)) throw new ProcedureFault('UNKNOWN_DOES', `${name}: ${effect}`)
    }
    const key = `${row.from} ${row.on}`
    const same = index.get(key)
    if (same === undefined) index.set(key, [row])
    else same.push(row)
  }
  return {
    name,
    rows,
    states: [...states],
    events: [...new Set(rows.map((row) => row.on))],
    find: (state, event) => index.get(`${state} ${event}`) ?? [],
  }
}

function expand(cells: Record<string, string>, number: number): MachineRow[] {
  const cell = (column: string) => cells[column] ?? ''
  return cell('from')
    .split('|')
    .flatMap((from) =>
      cell('on')
        .split('|')
        .map((on) => ({
          number,
          from,
          on,
          guard: cell('guard'),
          to: cell('to'),
          does: cell('does') === 'none' ? [] : cell('does').split(' '),
          event: cell('event'),
          cites: cell('cites'),
        })),
    )
}
