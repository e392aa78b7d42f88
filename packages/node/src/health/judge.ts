import type { Health } from '@corridor/api'

/** What was found out, before it is judged. */
export type HealthFacts = Omit<Health, 'status' | 'reasons' | 'clock'> & {
  clock: Pick<Health['clock'], 'setAheadMs' | 'databaseAheadMs' | 'partners'>
}

/** Rows carry our time and leases compare it with that of other processes: more than this is not jitter any more. */
const databaseWindowMs = 5_000
/** Partners refuse messages from more than a day ahead; evidence should agree far better. */
const partnerWindowMs = 300_000

const minuteMs = 60_000
/** Longest that a message that came early may wait by itself is five minutes. */
const undecidedMs = 10 * minuteMs
const unreceiptedMs = 60 * minuteMs
const unsealedMs = minuteMs
/** Deliveries begin within a second; those that fail are not due while they are put off. */
const undeliveredMs = 10 * minuteMs

/** With less, PostgreSQL may stop at the next segment of its log (16 MB each, several are prepared). */
const fullBytes = 200_000_000
const lowBytes = 2_000_000_000

/**
 * Judges what was found out. `down`: this node cannot take messages on and give receipts for them now · `degraded`: it can, and a
 * person must look · `reasons` names what is the matter, the worst first.
 */
export function judge(facts: HealthFacts, now: Date): Health {
  const { database, disk, clock, certificates, backlog, journal, webhooks, tunnels } = facts
  const beyond = (ms: number | null, window: number): boolean => ms !== null && Math.abs(ms) > window
  const older = (at: string | null | undefined, ms: number): boolean =>
    at != null && now.getTime() - Date.parse(at) > ms
  const some = (own: boolean, ...states: string[]): boolean =>
    // One that is still to take over breaks nothing.
    certificates.some((one) => one.own === own && !one.next && states.includes(one.state))
  const down = reasons({
    'database-cannot-store': database.fault !== null,
    'disk-full': disk !== null && disk.freeBytes < fullBytes,
    'own-certificate-not-valid': some(true, 'ended', 'not-yet-valid'),
  })
  const degraded = reasons({
    'disk-low': disk !== null && disk.freeBytes < lowBytes && disk.freeBytes >= fullBytes,
    'clock-set-ahead': clock.setAheadMs > 0,
    'clock-differs-from-database': beyond(clock.databaseAheadMs, databaseWindowMs),
    'clock-differs-from-partner': clock.partners.some(({ aheadMs }) => beyond(aheadMs, partnerWindowMs)),
    'own-certificate-ends': some(true, 'ending'),
    'partner-certificate-not-valid': some(false, 'ended', 'not-yet-valid'),
    'partner-certificate-ends': some(false, 'ending'),
    'queues-not-readable': database.fault === null && (backlog === null || journal === null),
    'messages-parked': (backlog?.parkedIn ?? 0) + (backlog?.parkedOut ?? 0) > 0,
    'messages-undecided': older(backlog?.oldestUndecidedAt, undecidedMs),
    'messages-without-receipt': older(backlog?.oldestUnreceiptedAt, unreceiptedMs),
    'journal-not-sealed': older(journal?.oldestUnsealedAt, unsealedMs),
    'tunnel-down': tunnels.some(({ up }) => !up),
    'webhooks-not-delivered': older(webhooks?.overdueSince, undeliveredMs),
  })
  return {
    status: down.length > 0 ? 'down' : degraded.length > 0 ? 'degraded' : 'ok',
    reasons: [...down, ...degraded],
    ...facts,
    clock: { ...clock, databaseWindowMs, partnerWindowMs },
  }
}

function reasons<Name extends string>(found: Record<Name, boolean>): Name[] {
  return (Object.keys(found) as Name[]).filter((name) => found[name])
}
