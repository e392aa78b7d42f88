import { addDays, afterDuration } from '@corridor/customs'
import type { Change, Context } from './context.ts'
import { ProcedureFault } from './faults.ts'
import type { Law, TimerStart } from './types.ts'

/** The moments from which durations count (timers.tsv, FROM). */
export const timerStarts: Record<TimerStart, (context: Context) => string> = {
  now: ({ facts }) => facts.now,
  // The goods may be presented until the end of this day; UTC, as the documents are.
  'limit-date': ({ movement, facts }) => `${addDays(movement.data.limitDate ?? facts.now.slice(0, 10), 1)}T00:00:00`,
}

/** Effects that start and end timers. */
export const timerEffects: Record<string, (context: Context, timer: string) => Change> = {
  start: (context, timer) => {
    const found = context.law.timers.get(`${context.movement.role} ${timer}`)
    if (found === undefined) throw new ProcedureFault('UNKNOWN_DOES', `start:${timer}`)
    return { timers: [{ timer, due: afterDuration(timerStarts[found.from](context), found.after) }] }
  },
  // Something did not come in time: a person has to look, and the enquiry begins.
  'note-overdue': ({ event, facts }) =>
    event.kind === 'timer' ? { data: { overdue: { timer: event.timer, since: facts.now } }, detail: event.timer } : {},
  stop: (_, timer) => ({ timers: [{ timer, due: null }] }),
}

/**
 * A law with other durations than the tables have: those of one administration.
 * @param durations ISO 8601, by `role timer`
 * @throws ProcedureFault TABLE for a timer that there is not
 */
export function withDurations(law: Law, durations: Readonly<Record<string, string>>): Law {
  const timers = new Map(law.timers)
  for (const [name, after] of Object.entries(durations)) {
    const timer = timers.get(name)
    if (timer === undefined) throw new ProcedureFault('TABLE', `timers.tsv: there is no timer ${name}`)
    timers.set(name, { ...timer, after })
  }
  return { ...law, timers }
}
