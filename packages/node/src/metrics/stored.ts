import type { Database } from '@corridor/database'
import { backlogOf, journalState, type Lag, lagsOf, lastComparisons, partnerStates } from '@corridor/exchange'
import { webhooksState } from '@corridor/webhooks'
import { Gauge, type Registry } from 'prom-client'

/** Receipts older than this say nothing of how it is now. */
const lagWindowMs = 3_600_000

/** What the database says of queues and seals: the same to every process of the node. */
async function readStored(db: Database, parties: readonly string[], now: Date) {
  const [backlog, partners, lags, journal, told, comparisons] = await Promise.all([
    backlogOf(db),
    partnerStates(db, parties),
    lagsOf(db, parties, new Date(now.getTime() - lagWindowMs)),
    journalState(db),
    webhooksState(db, now),
    lastComparisons(db, parties),
  ])
  return { backlog, partners, lags, journal, told, comparisons }
}

/**
 * Gauges of what is stored. The answer sets them anew, by a few counting statements; without the database they have no values, and
 * `corridor_database_up` is 0.
 */
export function storedGauges(
  register: Registry,
  db: Database,
  parties: () => readonly string[],
  clock: () => Date,
): () => Promise<void> {
  const registers = [register]
  const gauge = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `corridor_${name}`, help, registers, labelNames })
  const up = gauge('database_up', 'Whether the database answered')
  const gauges = {
    depth: gauge('outbox_messages', 'Messages to a partner that have no receipt yet', 'party'),
    oldest: gauge('outbox_oldest_age_seconds', 'Age of the oldest message to a partner without a receipt', 'party'),
    parked: gauge('outbox_parked_messages', 'Messages to a partner that a person must look at', 'party'),
    lag: gauge(
      'outbox_lag_seconds',
      'From decision to verified receipt; last 1,000 receipts within an hour',
      'party',
      'quantile',
    ),
    undecided: gauge('inbox_messages', 'Messages that are taken on and not decided yet'),
    undecidedAge: gauge('inbox_oldest_age_seconds', 'Age of the oldest message that is not decided yet'),
    parkedIn: gauge('inbox_parked_messages', 'Taken-on messages that a person must look at'),
    seals: gauge('journal_seals', 'Seals over the journal, in all'),
    unsealedAge: gauge('journal_oldest_unsealed_age_seconds', 'Age of the oldest journal line without a seal'),
    endpoints: gauge('webhook_endpoints', 'Endpoints of traders’ software', 'state'),
    untold: gauge('webhook_waiting_deliveries', 'Deliveries to enabled endpoints that are still to be made'),
    differing: gauge(
      'reconciliation_open_messages',
      'Messages that differ since the last comparison with a partner',
      'party',
    ),
    compared: gauge(
      'reconciliation_age_seconds',
      'Since the last comparison with a partner that came to a result',
      'party',
    ),
    untoldAge: gauge('webhook_overdue_seconds', 'For how long a delivery to an endpoint that is well has been due'),
  }
  return async () => {
    const now = clock()
    const age = (at: Date | null): number => (at === null ? 0 : Math.max(0, now.getTime() - at.getTime()) / 1000)
    for (const each of Object.values(gauges)) each.reset()
    let stored: Awaited<ReturnType<typeof readStored>>
    try {
      stored = await readStored(db, parties(), now)
    } catch {
      for (const each of Object.values(gauges)) each.remove({})
      up.set(0)
      return
    }
    up.set(1)
    for (const { party, queued, oldestUnsentAt, parked } of stored.partners) {
      gauges.depth.set({ party }, queued)
      gauges.oldest.set({ party }, age(oldestUnsentAt))
      gauges.parked.set({ party }, parked)
    }
    for (const lag of stored.lags)
      for (const [quantile, of] of quantiles) gauges.lag.set({ party: lag.party, quantile }, of(lag))
    for (const { party, open, comparedAt } of stored.comparisons) {
      gauges.differing.set({ party }, open)
      gauges.compared.set({ party }, age(comparedAt))
    }
    gauges.undecided.set(stored.backlog.inbox)
    gauges.undecidedAge.set(age(stored.backlog.oldestUndecidedAt))
    gauges.parkedIn.set(stored.backlog.parkedIn)
    gauges.seals.set(stored.journal.seal ?? 0)
    gauges.unsealedAge.set(age(stored.journal.oldestUnsealedAt))
    gauges.endpoints.set({ state: 'enabled' }, stored.told.enabled)
    gauges.endpoints.set({ state: 'failing' }, stored.told.failing)
    gauges.endpoints.set({ state: 'disabled' }, stored.told.disabled)
    gauges.untold.set(stored.told.waiting)
    gauges.untoldAge.set(age(stored.told.overdueSince))
  }
}

const quantiles: [string, (lag: Lag) => number][] = [
  ['0.5', ({ p50 }) => p50],
  ['0.9', ({ p90 }) => p90],
  ['0.99', ({ p99 }) => p99],
]
