import { Gauge, type Registry } from 'prom-client'
import { lasting } from '../keys/breaks.ts'
import type { KnownCertificate } from '../keys/known.ts'

/**
 * A gauge of how long certificates last. Of several in one place (authorities) the one that ends first.
 * @returns what sets it anew
 */
export function certificateGauge(
  register: Registry,
  certificates: () => readonly KnownCertificate[],
  clock: () => Date,
): () => void {
  const gauge = new Gauge({
    name: 'corridor_certificate_days_left',
    help: 'Days until a certificate ends, below zero when it has',
    registers: [register],
    labelNames: ['party', 'use', 'standing'],
  })
  return () => {
    const now = clock()
    const least = new Map<string, { labels: Record<'party' | 'use' | 'standing', string>; days: number }>()
    for (const { party, use, standing, certificate } of certificates()) {
      const name = `${party} ${use} ${standing}`
      const days = Math.min(lasting(certificate, now).daysLeft, least.get(name)?.days ?? Infinity)
      least.set(name, { labels: { party, use, standing }, days })
    }
    gauge.reset()
    for (const { labels, days } of least.values()) gauge.set(labels, days)
  }
}
