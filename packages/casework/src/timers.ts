import { dateTimeOf, momentOf } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { countriesOnRoute, putOffUntil } from '@corridor/procedures'
import {
  type Account,
  deskOf,
  pauseTimer,
  findMovement,
  putOffTimer,
  rescheduleTimer,
  resumeTimer,
  services,
  startTimer,
  type StoredMovement,
  takeDueTimer,
} from '@corridor/registry'
import { onceFor } from './acts.ts'
import { asMovement, decideAndApply } from './apply.ts'
import type { CaseworkPorts } from './ports.ts'
import type { ActOutcome, FieldError, TimerRequest } from './view.ts'
import { movementView } from './views/movement.ts'

/**
 * Answers one timer that is due, as its machine says, in one transaction with its end: however often a process dies, it has its effect
 * once. One that cannot be answered rests for a while, so that it keeps no other waiting.
 * @returns true when there may be more
 */
export async function nextTimer(
  ports: CaseworkPorts,
  onFault: (error: unknown, about: { mrn: string; timer: string }) => void,
): Promise<boolean> {
  let taken: { movement: StoredMovement; timer: string } | undefined
  try {
    return await ports.db.transaction(async (tx) => {
      taken = await takeDueTimer(tx, ports.clock())
      if (taken !== undefined) await answer(ports, tx, taken)
      return taken !== undefined
    })
  } catch (error) {
    if (taken === undefined) throw error
    const { movement, timer } = taken
    await putOffTimer(ports.db, movement.id, timer, { at: ports.clock(), note: String(error).slice(0, 500) })
    onFault(error, { mrn: movement.mrn, timer })
    return true
  }
}

async function answer(
  ports: CaseworkPorts,
  tx: Tx,
  { movement: stored, timer }: { movement: StoredMovement; timer: string },
): Promise<void> {
  const { role, office, mrn } = stored
  if (await isPutOff(ports, tx, stored, timer)) return
  const movement = asMovement(ports, stored, role, office, mrn)
  const doer = { actor: ports.directory.party, office }
  await decideAndApply(ports, tx, stored, movement, { kind: 'timer', timer }, doer, { conversation: mrn })
}

/**
 * Whether a timer that waits for a partner's documents is put off because the system of one on the route is announced unavailable: what the
 * partner does not send then says nothing about the movement (docs/decisions/0019).
 */
async function isPutOff(ports: CaseworkPorts, tx: Tx, stored: StoredMovement, timer: string): Promise<boolean> {
  const { id, role, office, mrn, state, data } = stored
  if (ports.law.timers.get(`${role} ${timer}`)?.waitsForPartner !== true) return false
  const countries = countriesOnRoute(data).filter((country) => country !== ports.directory.country)
  const putOff = putOffUntil(await services.unavailabilities(tx), countries, dateTimeOf(ports.clock()))
  if (putOff === undefined) return false
  const { due, because } = putOff
  const name = ports.directory.nameOf(ports.directory.administration(because.country) ?? because.country)
  const note = `${name}: ${because.startsAt} – ${because.endsAt ?? '?'}`
  await startTimer(tx, id, timer, momentOf(due))
  await rescheduleTimer(tx, id, timer, { due: momentOf(due), note })
  const detail = { role, at: office, code: 'timer-put-off', state, note: `${timer}: ${note}` }
  await ports.exchange.journal(tx, [
    { kind: 'movement', conversation: mrn, actor: ports.directory.party, office, detail },
  ])
  return true
}

/** Days ahead to which a timer can be moved. */
const mostDaysAhead = 730

/** An officer pauses a timer, lets it go on or gives it another moment: with a reason, which the journal keeps. */
export async function changeTimer(
  ports: CaseworkPorts,
  account: Account,
  mrn: string,
  request: TimerRequest,
): Promise<ActOutcome> {
  const errors = wrongsOf(ports, request)
  if (errors.length > 0) return { kind: 'invalid', errors }
  return onceFor(ports, request.idempotency, async (tx): Promise<ActOutcome> => {
    const desk = deskOf(account)
    if (desk === undefined) return { kind: 'forbidden', detail: 'Only an officer at an office can change a timer.' }
    const { office, role } = desk
    const stored = await findMovement(tx, mrn, role, office)
    if (stored === undefined) return { kind: 'not-found' }
    if (!(await change(ports, tx, stored.id, account, request)))
      return {
        kind: 'conflict',
        detail: `The timer ${request.timer} is not in a state for this: look at the movement again.`,
      }
    await ports.exchange.journal(tx, [
      {
        kind: 'movement',
        conversation: mrn,
        actor: account.id,
        office,
        detail: {
          role,
          at: office,
          code: `timer-${request.change.do}`,
          state: stored.state,
          note: `${request.timer}: ${request.reason}`,
        },
      },
    ])
    const { version } = stored
    await ports.exchange.announce(tx, 'movement', JSON.stringify({ mrn, version, offices: [office] }))
    const view = await movementView(ports, tx, account, mrn)
    return view === undefined ? { kind: 'not-found' } : { kind: 'done', movement: view }
  })
}

async function change(
  ports: CaseworkPorts,
  tx: Tx,
  movement: string,
  { id: by }: Account,
  request: TimerRequest,
): Promise<boolean> {
  const { timer, change: wanted, reason: note } = request
  const at = ports.clock()
  if (wanted.do === 'pause') return pauseTimer(tx, movement, timer, { at, by, note })
  if (wanted.do === 'resume') return (await resumeTimer(tx, movement, timer, at)) !== undefined
  return rescheduleTimer(tx, movement, timer, { due: wanted.due, note })
}

function wrongsOf({ clock }: CaseworkPorts, { change: wanted, reason }: TimerRequest): FieldError[] {
  const errors: FieldError[] = []
  if (reason.trim() === '') errors.push({ field: 'reason', remedy: 'Say why: the journal keeps it.' })
  if (wanted.do === 'reschedule') {
    const ahead = wanted.due.getTime() - clock().getTime()
    if (!(ahead > 0 && ahead <= mostDaysAhead * 86_400_000))
      errors.push({ field: 'due', remedy: `Give a moment to come, in ${mostDaysAhead} days at most.` })
  }
  return errors
}
