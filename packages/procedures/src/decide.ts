import { type Change, type Context, merge } from './context.ts'
import { effects } from './effects.ts'
import { ProcedureFault } from './faults.ts'
import { guards } from './guards.ts'
import { type MachineRow, NO_RECORD } from './machine.ts'
import { reason, refusalOf } from './refusals.ts'
import type { Act, Decision, Event, Facts, Law, Movement } from './types.ts'

/** The name of an event in the ON column. */
export const eventName = (event: Event): string => {
  if (event.kind === 'document') return event.type
  return event.kind === 'act' ? `act:${event.act}` : `timer:${event.timer}`
}

/**
 * Decides what a document or an act does to one record of a movement. Pure: the same arguments give the same decision.
 *
 * A document that no row answers is refused with functional error 92; an act that no row answers is a conflict;
 * a timer that no row answers has nothing to say any more.
 * @throws ProcedureFault when the law itself is wrong
 */
export function decide(law: Law, movement: Movement, event: Event, facts: Facts): Decision {
  const context: Context = { law, movement, event, facts }
  const row = law.machines[movement.role]
    .find(movement.state, eventName(event))
    .find((candidate) => holds(candidate, context))
  if (row === undefined) {
    if (event.kind === 'act') return { outcome: 'conflict', state: movement.state }
    if (event.kind === 'timer') return { outcome: 'kept', send: [] }
    const why = [reason(law, movement.state === NO_RECORD ? '90' : '92', event.doc)]
    return refused(refusalOf(context, why))
  }
  const change = run(row, context)
  if (change.waits !== undefined) return { outcome: 'waits', reason: change.waits }
  if (change.refused === true) return refused(change)
  if (row.to === '=' && row.does.length === 0) return { outcome: 'kept', send: [] }
  const detail = change.detail === undefined ? {} : { detail: change.detail }
  const note = {
    ...(row.event === '' ? {} : { event: row.event }),
    ...(change.paper === undefined ? {} : { paper: change.paper }),
  }
  if (row.to === NO_RECORD) return { outcome: 'kept', send: change.send ?? [], ...note, ...detail }
  return {
    outcome: 'moved',
    movement: { ...applied(movement, change), state: row.to === '=' ? movement.state : row.to },
    send: change.send ?? [],
    ledger: change.ledger ?? [],
    timers: change.timers ?? [],
    ...note,
    ...detail,
  }
}

/** The acts that this record allows now, as the rows of its machine say; the first is the next one. */
export function actsOf(law: Law, movement: Movement, facts: Facts): Act[] {
  const machine = law.machines[movement.role]
  return law.acts
    .filter((act) => act.role === movement.role)
    .filter((act) => {
      const event: Event = { kind: 'act', act: act.act, fields: {}, office: movement.office }
      return machine.find(movement.state, `act:${act.act}`).some((row) => holds(row, { law, movement, event, facts }))
    })
}

function holds(row: MachineRow, context: Context): boolean {
  const guard = guards[row.guard]
  if (guard === undefined) throw new ProcedureFault('UNKNOWN_GUARD', row.guard)
  return guard(context)
}

function refused({ send = [], detail = '' }: Change): Decision {
  return { outcome: 'kept', send, event: 'refused-document', detail }
}

function run(row: MachineRow, context: Context): Change {
  let change: Change = {}
  let movement = context.movement
  for (const name of row.does) {
    const [effectName = '', argument = ''] = name.split(':')
    const effect = effects[effectName]
    if (effect === undefined) throw new ProcedureFault('UNKNOWN_DOES', name)
    const made = effect({ ...context, movement }, argument)
    movement = applied(movement, made)
    change = merge(change, made)
  }
  return change
}

function applied(movement: Movement, change: Change): Movement {
  return { ...movement, ...change.movement, data: { ...movement.data, ...change.data } }
}
