import { type Law, type Machine, type MachineRow, mermaidOf, type Role } from '@corridor/procedures'
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
  const { law } = loadLaw()
  const [wanted] = words
  if (wanted === undefined) {
    if (flags.has('mermaid') || flags.has('all'))
      throw new UsageError(`Say which machine to draw: ${roles(law).join(', ')}.`)
    await print(flags.has('json') ? json(roles(law).map((role) => inShort(law, role))) : overview(law))
    return 0
  }
  const role = roles(law).find((known) => known === wanted)
  if (role === undefined) throw new UsageError(`There is no machine “${wanted}”. There are: ${roles(law).join(', ')}.`)
  if (flags.has('mermaid'))
    await print(mermaidOf(machineOf(law, role), { ends: endsOf(law, role), all: flags.has('all') }))
  else if (flags.has('json')) await print(json(machineOf(law, role).rows))
  else await print(rowsInColumns(machineOf(law, role).rows))
  return 0
}

/** The machines of the offices, and that of guarantees themselves. */
type Name = Role | 'account'

const roles = (law: Law): Name[] => [...(Object.keys(law.machines) as Role[]), 'account']

const machineOf = (law: Law, name: Name): Machine => (name === 'account' ? law.account : law.machines[name])

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function endsOf(law: Law, role: Name): Set<string> {
  return new Set(machineOf(law, role).states.filter((state) => law.states.get(`${role} ${state}`)?.turn === '-'))
}

function inShort(law: Law, role: Name): { machine: Name; states: number; events: number; pairs: number } {
  const { states, events, rows } = machineOf(law, role)
  return { machine: role, states: states.length, events: events.length, pairs: rows.length }
}

function overview(law: Law): string {
  const rows = roles(law).map((role) => Object.values(inShort(law, role)) as (string | number)[])
  return columns([['machine', 'states', 'events', 'pairs'], ...rows])
}

function rowsInColumns(rows: readonly MachineRow[]): string {
  const cells = rows.map(({ from, on, guard, to, does, cites }) => [from, on, guard, to, does.join(' ') || '–', cites])
  return columns([['from', 'on', 'guard', 'to', 'does', 'cites'], ...cells])
}
