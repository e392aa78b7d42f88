/** What falls due by itself: timers of movements, in the database of the movements, so that none is lost with a process. */
import { statements, type Tx } from '@corridor/database'
import { type MovementRow, type StoredMovement, storedMovement } from '../movements/stored.ts'

const sql = statements<'start' | 'stop' | 'takeDue' | 'putOff' | 'ofMovement' | 'pause' | 'resume' | 'reschedule'>(
  new URL('../../sql/timers/', import.meta.url),
)

/** A timer that runs. */
export interface RunningTimer {
  timer: string
  due: Date
  /** Since when it stands still, and who stopped it; null while it runs. */
  pausedAt: Date | null
  pausedBy: string | null
  /** Why it was paused or moved, or why the last try failed; '' otherwise. */
  note: string
}

/** Starts a timer; one that runs already begins anew. @param movement id of the record */
export async function startTimer(tx: Tx, movement: string, timer: string, due: Date): Promise<void> {
  await tx.run(sql.start, [movement, timer, due])
}

/** Ends a timer; nothing happens when it does not run. */
export async function stopTimer(tx: Tx, movement: string, timer: string): Promise<void> {
  await tx.run(sql.stop, [movement, timer])
}

/** A timer that fell due, with the record, which is locked until the transaction ends. */
export interface DueTimer {
  movement: StoredMovement
  timer: string
}

/** Takes one timer that is due; it runs no more when the transaction commits. Undefined when none is due that nobody else has. */
export async function takeDueTimer(tx: Tx, now: Date): Promise<DueTimer | undefined> {
  const [row] = await tx.run<MovementRow & { timer: string }>(sql.takeDue, [now])
  if (row === undefined) return undefined
  const { timer, ...movement } = row
  return { timer, movement: storedMovement(movement) }
}

/**
 * A timer could not be answered: it is looked at again a minute later, then after twice as long each time, an hour at most; others are not
 * kept waiting. @param note why
 */
export async function putOffTimer(
  tx: Tx,
  movement: string,
  timer: string,
  { at, note }: { at: Date; note: string },
): Promise<void> {
  await tx.run(sql.putOff, [movement, timer, at, note])
}

/** The timers of a record, those that are due first before the others. */
export async function timersOf(db: Tx, movement: string): Promise<RunningTimer[]> {
  const rows = await db.run<{
    timer: string
    due: Date
    paused_at: Date | null
    paused_by: string | null
    note: string
  }>(sql.ofMovement, [movement])
  return rows.map(({ paused_at: pausedAt, paused_by: pausedBy, ...row }) => ({ ...row, pausedAt, pausedBy }))
}

/** Stops the clock of a timer. @returns false when it does not run, or stands still already */
export async function pauseTimer(
  tx: Tx,
  movement: string,
  timer: string,
  { at, by, note }: { at: Date; by: string; note: string },
): Promise<boolean> {
  return (await tx.run(sql.pause, [movement, timer, at, by, note])).length > 0
}

/** Lets a paused timer go on: it is due later by as long as it was paused. @returns when, undefined when it is not paused */
export async function resumeTimer(tx: Tx, movement: string, timer: string, at: Date): Promise<Date | undefined> {
  return (await tx.run<{ due: Date }>(sql.resume, [movement, timer, at]))[0]?.due
}

/** Gives a timer another moment. @returns false when it does not run, or is paused */
export async function rescheduleTimer(
  tx: Tx,
  movement: string,
  timer: string,
  { due, note }: { due: Date; note: string },
): Promise<boolean> {
  return (await tx.run(sql.reschedule, [movement, timer, due, note])).length > 0
}
