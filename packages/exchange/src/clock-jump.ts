import { longestPutAgainMs, longestRetryAfterMs } from './back-off.ts'
import { queueSettings, sql, type Context } from './context.ts'
import { longestPatientMs } from './worker.ts'

/** How often a process looks for times that cannot be right. */
const everyMs = 10_000

/** A pause that was just given is no sign of a wrong clock: it began a moment later, or in a process whose clock differs by so much. */
const apartMs = 60_000

/** Smaller steps back are a clock's usual corrections. */
const jumpMs = 1_000

/**
 * A clock that is ahead writes times into rows: when a message is to be tried again, until when one waits. When it is set right, an hour or a
 * year later, those rows would lie still for just as long. The function that comes back sees that they do not: it is called before each piece
 * of work, notices when the clock went back, and looks every ten seconds for what is due later than the longest pause there is.
 */
export function makeMender({ db, clock, partners, carried, patience, log }: Context): () => Promise<void> {
  const longestIn = Math.max(...patience.failurePausesMs, ...patience.waitPausesMs, longestPatientMs)
  const backOffs = [...partners.values(), ...carried.values()].map(({ retry }) => retry?.backOffMostMs ?? 0)
  const longestOut = Math.max(patience.backOffMostMs, longestPutAgainMs(patience), longestRetryAfterMs, ...backOffs)
  let last = -Infinity
  let mended = -Infinity
  let wentBack = false
  return async () => {
    const now = clock().getTime()
    wentBack ||= now < last - jumpMs
    last = now
    if (!wentBack && now - mended < everyMs) return
    const [jumped, before] = [wentBack, mended]
    wentBack = false
    mended = now
    const late = (longest: number) => new Date(now + (jumped ? 0 : longest + apartMs))
    const [found] = await db
      .transaction(
        (tx) =>
          tx.run<{ inbox: number; outbox: number }>(sql.mendTimes, [new Date(now), late(longestIn), late(longestOut)]),
        { settings: queueSettings },
      )
      .catch((error: unknown) => {
        // The clock does not go back again for the next look to notice it.
        wentBack ||= jumped
        mended = before
        throw error
      })
    const { inbox = 0, outbox = 0 } = found ?? {}
    if (inbox + outbox > 0) log('warn', 'a clock was ahead: messages that it put off are due now', { inbox, outbox })
  }
}
