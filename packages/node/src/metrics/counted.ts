import type { Measured, Meter } from '@corridor/exchange'
import type { Measured as WebhookMeasured } from '@corridor/webhooks'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** From a statement on a quiet machine to what a partner gives up on. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Counts what this process does; each process of a node counts for itself. Labels are parties of the configuration only, so a stranger
 * cannot make them many.
 */
export function countingMeter(register: Registry): Meter {
  const registers = [register]
  const counter = (name: string, help: string) => new Counter({ name: `corridor_${name}`, help, registers })
  const byParty = (name: string, help: string) =>
    new Counter({ name: `corridor_${name}`, help, registers, labelNames: ['party'] })
  const histogram = (name: string, help: string) =>
    new Histogram({ name: `corridor_${name}`, help, registers, buckets })
  const receptions = {
    taken: byParty('messages_received_total', 'Messages of a partner that were taken on and receipted'),
    repeated: byParty('messages_repeated_total', 'Repeated messages of a partner that got their receipt again'),
    conflicting: byParty('messages_conflicting_total', 'Message ids that a partner used for two documents'),
    refused: counter('messages_refused_total', 'Messages that were refused: tampered, not agreed, not readable'),
    signal: counter('signals_unexpected_total', 'Receipts and errors that came by themselves'),
    unavailable: counter(
      'messages_not_stored_total',
      'Messages that could not be stored, whose sender was asked to come again',
    ),
  }
  const accepting = histogram(
    'accept_duration_seconds',
    'From the whole body of a message to the commit with its receipt',
  )
  const decisions = {
    done: counter('messages_decided_total', 'Messages that were decided'),
    waiting: counter('messages_early_total', 'Times that a message was too early to be decided'),
    failed: counter('decisions_failed_total', 'Times that a decision failed and was rolled back'),
  }
  const deciding = histogram(
    'decision_duration_seconds',
    'One decision, from the claim of its message to before the commit',
  )
  const tries = byParty('send_tries_total', 'Messages that left for a partner, repeats too')
  const retries = byParty('send_retries_total', 'Messages that left for a partner once more')
  const sendings = {
    receipted: byParty('receipts_total', 'Verified receipts of a partner'),
    unanswered: byParty('send_failures_total', 'Messages to a partner that got no receipt this time'),
    parked: byParty('messages_given_up_total', 'Messages to a partner that were parked'),
  }
  const connections = new Gauge({
    name: 'corridor_as4_connections',
    help: 'Open connections to the AS4 port',
    registers,
  })
  return (measured: Measured) => {
    switch (measured.what) {
      case 'reception': {
        const { outcome, party, seconds } = measured
        receptions[outcome].inc(party === undefined ? {} : { party })
        if (outcome === 'taken') accepting.observe(seconds)
        return
      }
      case 'decision':
        decisions[measured.outcome].inc()
        deciding.observe(measured.seconds)
        return
      case 'sending': {
        const { outcome, party, again } = measured
        sendings[outcome].inc({ party })
        tries.inc({ party })
        if (again) retries.inc({ party })
        return
      }
      case 'connections':
        connections.set(measured.open)
        return
      case 'partner-clock':
    }
  }
}

/** Counts what becomes of deliveries to traders' software. Whose they are is no label: there may be many. */
export function webhookMeter(register: Registry): (measured: WebhookMeasured) => void {
  const deliveries = new Counter({
    name: 'corridor_webhook_deliveries_total',
    help: 'Deliveries of events to endpoints by what became of them, and endpoints that were disabled',
    registers: [register],
    labelNames: ['outcome'],
  })
  return ({ outcome }) => deliveries.inc({ outcome })
}
