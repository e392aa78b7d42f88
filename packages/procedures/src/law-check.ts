import { isDuration } from '@corridor/customs'
import { ProcedureFault } from './faults.ts'
import { timerStarts } from './timers.ts'
import { systems } from './systems.ts'
import type { GuaranteeType } from './account/types.ts'
import type { Law, Role } from './types.ts'

/** Where each machine is written. */
export const machineFiles: Record<Role, string> = {
  departure: 'transit/departure.machine.tsv',
  transit: 'transit/transit.machine.tsv',
  exit: 'transit/exit.machine.tsv',
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
    for (const { role } of route.targets)
      need(roles.includes(role), 'routes.tsv', `${route.document}: there is no role ${role}`)
    const isSystem = systems.some((system) => system === route.senderOffice)
    need(
      route.sender !== 'system' || isSystem,
      'routes.tsv',
      `${route.document}: there is no system ${route.senderOffice}`,
    )
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
  checkTimers(law)
  checkExports(law)
  checkGuarantees(law)
  for (const [id, { code }] of law.refusals)
    need(/^\d\d$/.test(code), 'refusals.tsv', `${id}: ${code} is no functional error code (CL180)`)
}

function checkMachine(law: Law, role: Role): void {
  const file = machineFiles[role]
  const machine = law.machines[role]
  for (const event of machine.events) {
    const [known, table] = whereFrom(law, role, event)
    need(known, file, `${event} is not in ${table} for this role`)
  }
  for (const effect of machine.rows.flatMap((row) => row.does)) {
    const [name, id = ''] = effect.split(':')
    need(name !== 'refuse' || law.refusals.has(id), file, `refusals.tsv has no ${id}`)
    const isRejection = name === 'refuse-record' || name === 'refuse-query'
    need(
      !isRejection || (law.choices.get('record-rejection') ?? []).some(({ code }) => code === id),
      file,
      `results.tsv has no ${id} in record-rejection`,
    )
    const isTimer = name === 'start' || name === 'stop'
    need(!isTimer || law.timers.has(`${role} ${id}`), file, `timers.tsv has no ${id} for this role`)
  }
}

/** Whether the table that an event has to be in has it, and which that is. */
function whereFrom(law: Law, role: Role, event: string): [known: boolean, table: string] {
  const [kind, name = ''] = event.split(':')
  if (kind === 'act')
    return [law.acts.some((candidate) => candidate.role === role && candidate.act === name), 'acts.tsv']
  if (kind === 'timer') return [law.timers.has(`${role} ${name}`), 'timers.tsv']
  return [isFor(law, event, role), 'routes.tsv']
}

/** Whether a document goes to records of a role. */
export function isFor(law: Law, document: string, role: Role): boolean {
  return law.routes.get(document)?.targets.some((target) => target.role === role) ?? false
}

/** The types of guarantee and the reasons against them are those of the code lists, all of them and no other. */
function checkGuarantees({ codeLists, guaranteeTypes, guaranteeReasons, missing, routes, states }: Law): void {
  for (const [state, document] of missing) {
    need(states.has(`departure ${state}`), 'guarantee/missing.tsv', `departure has no state ${state}`)
    need(routes.has(document), 'guarantee/missing.tsv', `${document} is not in routes.tsv`)
  }
  const latest = '9999-12-31'
  const same = (list: string, codes: string[], file: string): void => {
    const listed = codeLists.codes(list, latest).map(({ code }) => code)
    for (const code of codes) need(listed.includes(code), file, `${code} is not in ${list}`)
    for (const code of listed) need(codes.includes(code), file, `there is no row for ${code} of ${list}`)
  }
  const types = [...guaranteeTypes]
  const named = (holds: (type: GuaranteeType) => boolean) =>
    types.filter(([, type]) => holds(type)).map(([code]) => code)
  same('CL251', [...guaranteeTypes.keys()], 'guarantee/types.tsv')
  same(
    'CL076',
    named(({ reference }) => reference),
    'guarantee/types.tsv',
  )
  same(
    'CL286',
    named(({ grn }) => grn !== '-'),
    'guarantee/types.tsv',
  )
  same('CL252', [...guaranteeReasons.keys()], 'guarantee/reasons.tsv')
  for (const [code, { grn, uses, percent, used }] of types) {
    need(['17', '24', '-'].includes(grn), 'guarantee/types.tsv', `${code}: a GRN has 17 or 24 characters, or is “-”`)
    need(['one', 'many'].includes(uses), 'guarantee/types.tsv', `${code}: uses are “one” or “many”`)
    need(percent.every(Number.isInteger), 'guarantee/types.tsv', `${code}: percent are whole numbers`)
    const single = uses === 'one' && grn !== '-'
    need(
      single === (used !== undefined),
      'guarantee/types.tsv',
      `${code}: what is used once has a reason for the second`,
    )
    need(used === undefined || guaranteeReasons.has(used), 'guarantee/types.tsv', `${code}: there is no reason ${used}`)
  }
}

/** Every kind of declaration may follow an export, and what the effects ask for has a code. */
function checkExports({ codeLists, exportCodes }: Law): void {
  const types = codeLists.codes('CL231', '9999-12-31').map(({ code }) => `CL166 ${code}`)
  for (const use of ['CL158 presentation', 'CL243 considered-satisfactory', ...types])
    need(exportCodes.has(use), 'transit/export.tsv', `there is no code of ${use.replace(' ', ' for ')}`)
}

/** A timer that nothing starts never falls due; one that nothing answers says nothing when it does. */
function checkTimers(law: Law): void {
  for (const { role, timer, after, from } of law.timers.values()) {
    const machine = law.machines[role]
    need(machine !== undefined, 'timers.tsv', `${timer}: there is no role ${role}`)
    need(isDuration(after), 'timers.tsv', `${timer}: ${after} is not a duration such as P7D`)
    need(Object.hasOwn(timerStarts, from), 'timers.tsv', `${timer}: there is no start ${from}`)
    const started = machine.rows.some((row) => row.does.includes(`start:${timer}`))
    need(started, 'timers.tsv', `no row of the machine ${role} starts ${timer}`)
    need(machine.events.includes(`timer:${timer}`), 'timers.tsv', `no row of the machine ${role} answers ${timer}`)
  }
}

function checkStates(law: Law, role: Role): void {
  const states = law.machines[role].states
  for (const state of states) {
    const meaning = law.states.get(`${role} ${state}`)
    need(meaning !== undefined, 'states.tsv', `${role} has no row ${state}`)
    // An office of guarantee is not asked for the state of a movement.
    const isCommon = role === 'guarantee' || /^[A-Z0-9]{3}$/.test(meaning?.common ?? '')
    need(isCommon, 'states.tsv', `${role} ${state} has no common code of three characters`)
  }
  for (const key of law.states.keys()) {
    const [owner, state = ''] = key.split(' ')
    need(owner !== role || states.includes(state), 'states.tsv', `${key} is no state of ${machineFiles[role]}`)
  }
}

function need(holds: boolean, file: string, detail: string): void {
  if (!holds) throw new ProcedureFault('TABLE', `${file}: ${detail}`)
}
