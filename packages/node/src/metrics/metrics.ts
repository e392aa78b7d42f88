import type { Database } from '@corridor/database'
import type { Meter } from '@corridor/exchange'
import type { Measured as WebhookMeasured } from '@corridor/webhooks'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { cached } from '../cached.ts'
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

/**
 * Makes the metrics: counts of this process, gauges from the database, and those of the process itself (memory, event loop).
 * @param parties the partners that there are now
 */
export function nodeMetrics(db: Database, parties: () => readonly string[], clock: () => Date): NodeMetrics {
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: 'corridor_' })
  const refresh = storedGauges(register, db, parties, clock)
  return {
    meter: countingMeter(register),
    webhookMeter: webhookMeter(register),
    text: cached(1_000, clock, async () => {
      await refresh()
      return register.metrics()
    }),
  }
}
