import type { Database } from '@corridor/database'
import type { Meter } from '@corridor/exchange'
import type { Measured as WebhookMeasured } from '@corridor/webhooks'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { cached } from '../cached.ts'
import type { KnownCertificate } from '../keys/known.ts'
import { certificateGauge } from './certificates.ts'
import { countingMeter, webhookMeter } from './counted.ts'
import { storedGauges } from './stored.ts'

/** The metrics of one process of a node. */
export interface NodeMetrics {
  /** Counts what the exchange does. */
  meter: Meter
  /** Counts what becomes of deliveries. */
  webhookMeter: (measured: WebhookMeasured) => void
  /** All of them in the text format of Prometheus; reads the database at most once a second. */
  text(): Promise<string>
}

/** What metrics tell of beside the database: the partners and the certificates that there are now. */
export interface MetricSources {
  parties: () => readonly string[]
  certificates: () => readonly KnownCertificate[]
  clock: () => Date
}

/** Makes the metrics: counts of this process, gauges from the database and of certificates, and those of the process itself (memory, event loop). */
export function nodeMetrics(db: Database, { parties, certificates, clock }: MetricSources): NodeMetrics {
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: 'corridor_' })
  const refresh = storedGauges(register, db, parties, clock)
  const daysLeft = certificateGauge(register, certificates, clock)
  return {
    meter: countingMeter(register),
    webhookMeter: webhookMeter(register),
    text: cached(1_000, clock, async () => {
      await refresh()
      daysLeft()
      return register.metrics()
    }),
  }
}
