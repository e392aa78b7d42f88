import {
  departureParts,
  type Law,
  type Machine,
  type MachineRow,
  mermaidOf,
  partOf,
  type Role,
} from '@corridor/procedures'
import { loadLaw } from '@corridor/tables'
import { readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { print } from '../print.ts'

/**
 * `corridor machine [ROLE] [--mermaid [--all]] [--json]`: the machines, or the rows of one, or its diagram. The same rows decide, and give
 * the console the acts that are allowed.
 */
export async function machine(typed: string[]): Promise<number> {
  const { words, flags } = readArguments(typed, { flags: ['mermaid', 'all', 'json'], words: 1 })
  const machines = machinesOf(loadLaw().law)
  const [wanted] = words
  if (wanted === undefined) {
    if (flags.has('mermaid') || flags.has('all'))
      throw new UsageError(`Say which machine to draw: ${names(machines).join(', ')}.`)
    await print(flags.has('json') ? json(machines.map(inShort)) : overview(machines))
    return 0
  }
  const found = machines.find(({ name }) => name === wanted)
  if (found === undefined)
    throw new UsageError(`There is no machine “${wanted}”. There are: ${names(machines).join(', ')}.`)
  const { machine: one, ends } = found
  if (flags.has('mermaid')) await print(mermaidOf(one, { ends, all: flags.has('all') }))
  else if (flags.has('json')) await print(json(one.rows))
  else await print(rowsInColumns(one.rows))
  return 0
}

/** A machine by the name under which it is asked for, with the states that a movement does not leave. */
interface Named {
  name: string
  machine: Machine
  ends: Set<string>
}

const names = (machines: readonly Named[]): string[] => machines.map(({ name }) => name)

/** The machines of the law, after that of the office of departure its parts, and what traders see. */
function machinesOf(law: Law): Named[] {
  const roles = Object.keys(law.machines) as Role[]
  const ofOffices = roles.flatMap((role) => {
    const whole = { name: role as string, machine: law.machines[role], ends: endsOf(law, role) }
    if (role !== 'departure') return [whole]
    return [whole, ...departureParts.map((name) => ({ ...whole, name, machine: partOf(whole.machine, name) }))]
  })
  return [
    ...ofOffices,
    { name: 'account', machine: law.account, ends: new Set() },
    { name: 'fallback', machine: law.fallback.machine, ends: new Set(['closed', 'withdrawn']) },
    { name: 'paper', machine: law.fallback.paper, ends: new Set(['returned']) },
    {
      name: 'trader',
      machine: law.trader,
      ends: new Set(['rejected', 'not-released', 'invalidated', 'written-off', 'goods-released']),
    },
  ]
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function endsOf(law: Law, role: Role): Set<string> {
  return new Set(law.machines[role].states.filter((state) => law.states.get(`${role} ${state}`)?.turn === '-'))
}

function inShort({ name, machine: { states, rows } }: Named): {
  machine: string
  states: number
  events: number
  pairs: number
} {
  const events = new Set(rows.map(({ on }) => on))
  return { machine: name, states: states.length, events: events.size, pairs: rows.length }
}

function overview(machines: readonly Named[]): string {
  const rows = machines.map((one) => Object.values<string | number>(inShort(one)))
  return columns([['machine', 'states', 'events', 'pairs'], ...rows])
}

function rowsInColumns(rows: readonly MachineRow[]): string {
  const cells = rows.map(({ from, on, guard, to, does, cites }) => [from, on, guard, to, does.join(' ') || '–', cites])
  return columns([['from', 'on', 'guard', 'to', 'does', 'cites'], ...cells])
}
