import { ProcedureFault } from './faults.ts'
import type { Law, Role } from './types.ts'

/** Where each machine is written. */
export const machineFiles: Record<Role, string> = {
  departure: 'transit/departure.machine.tsv',
  transit: 'transit/transit.machine.tsv',
  destination: 'transit/destination.machine.tsv',
  guarantee: 'guarantee/guarantee.machine.tsv',
}

/**
 * Tables that are right each by itself must also fit together: what one names, another has to have.
 * @throws ProcedureFault TABLE with the first thing that does not fit, and the file it stands in
 */
export function checkLaw(law: Law): void {
  const roles = Object.keys(machineFiles) as Role[]
  for (const route of law.routes.values()) {
    need(roles.includes(route.role), 'routes.tsv', `${route.document}: there is no role ${route.role}`)
    for (const type of [route.document, route.negative])
      need(law.messages.get(type) !== undefined, 'routes.tsv', `${type} has no message table`)
  }
  for (const role of roles) {
    checkMachine(law, role)
    checkStates(law, role)
  }
  for (const act of law.acts) {
    const rows = law.machines[act.role]?.events ?? []
    need(rows.includes(`act:${act.act}`), 'acts.tsv', `no row of the machine ${act.role} answers ${act.act}`)
    for (const field of act.fields)
      need(field.kind !== 'code' || law.choices.has(field.list), 'acts.tsv', `results.tsv has no list ${field.list}`)
  }
  for (const [id, { code }] of law.refusals)
    need(/^\d\d$/.test(code), 'refusals.tsv', `${id}: ${code} is no functional error code (CL180)`)
}

function checkMachine(law: Law, role: Role): void {
  const file = machineFiles[role]
  const machine = law.machines[role]
  for (const event of machine.events) {
    const act = event.startsWith('act:') ? event.slice(4) : undefined
    const known =
      act === undefined
        ? law.routes.get(event)?.role === role
        : law.acts.some((candidate) => candidate.role === role && candidate.act === act)
    need(known, file, `${event} is not in ${act === undefined ? 'routes.tsv' : 'acts.tsv'} for this role`)
  }
  for (const effect of machine.rows.flatMap((row) => row.does)) {
    const [name, id = ''] = effect.split(':')
    need(name !== 'refuse' || law.refusals.has(id), file, `refusals.tsv has no ${id}`)
  }
}

function checkStates(law: Law, role: Role): void {
  const states = law.machines[role].states
  for (const state of states) need(law.states.has(`${role} ${state}`), 'states.tsv', `${role} has no row ${state}`)
  for (const key of law.states.keys()) {
    const [owner, state = ''] = key.split(' ')
    need(owner !== role || states.includes(state), 'states.tsv', `${key} is no state of ${machineFiles[role]}`)
  }
}

function need(holds: boolean, file: string, detail: string): void {
  if (!holds) throw new ProcedureFault('TABLE', `${file}: ${detail}`)
}
