import type { X509Certificate } from 'node:crypto'
import type { Health } from '@corridor/api'
import type { Database } from '@corridor/database'
import type { Meter, Partner } from '@corridor/exchange'
import type { Measured as WebhookMeasured } from '@corridor/webhooks'
import { cached } from '../cached.ts'
import type { NodeClock } from '../clock.ts'
import type { CorridorNode } from '../config/corridor.ts'
import { nodeMetrics } from '../metrics/metrics.ts'
import type { Partners } from '../partners.ts'
import type { NodeSettings } from '../settings.ts'
import type { KnownCertificate } from './certificates.ts'
import { healthOf } from './facts.ts'
import { PartnerClocks } from './partner-clocks.ts'
import { type Reach, tunnelStates } from './tunnels.ts'

const tunnelsEveryMs = 10_000

/** What watches over a node: health and metrics for who asks, and the meter that the exchange tells what it does. */
export interface Watch {
  health: () => Promise<Health>
  metrics: () => Promise<string>
  meter: Meter
  /** Hears what becomes of deliveries. */
  webhookMeter: (measured: WebhookMeasured) => void
}

/** Puts health and metrics of a node together. Each looks at most once a second, however often it is asked. */
export function watchOf(parts: {
  own: CorridorNode
  settings: NodeSettings
  certificates: { signing: X509Certificate; tls: X509Certificate }
  db: Database
  time: NodeClock
  partners: Partners
  reach: Reach
}): Watch {
  const { own, settings, certificates, db, time, partners, reach } = parts
  const clock = () => time.now()
  const metrics = nodeMetrics(
    db,
    [...partners.direct, ...partners.carried].map(({ party }) => party),
    clock,
  )
  const partnerClocks = new PartnerClocks(clock)
  const known: KnownCertificate[] = [
    { party: own.party, own: true, use: 'signing', certificate: certificates.signing },
    { party: own.party, own: true, use: 'tls', certificate: certificates.tls },
    ...partners.direct.flatMap(certificatesOf),
    ...partners.carried.flatMap(({ party, certificates: theirs }) =>
      theirs.map((certificate) => ({ party, own: false, use: 'signing' as const, certificate })),
    ),
  ]
  // A connection of its own each time: not as often as somebody asks.
  const tunnels = cached(tunnelsEveryMs, clock, () => tunnelStates(partners.direct, reach))
  const sources = { db, time, certificates: known, partnerClocks, dataFolder: settings.dataFolder, tunnels }
  return {
    health: cached(1_000, clock, () => healthOf(sources)),
    metrics: metrics.text,
    webhookMeter: metrics.webhookMeter,
    meter(measured) {
      metrics.meter(measured)
      partnerClocks.hear(measured)
    },
  }
}

function certificatesOf({ party, sending, tlsCertificates }: Partner): KnownCertificate[] {
  const signing = sending.partnerCertificate === undefined ? [] : [sending.partnerCertificate]
  return [
    ...signing.map((certificate) => ({ party, own: false, use: 'signing' as const, certificate })),
    ...tlsCertificates.map((certificate) => ({ party, own: false, use: 'tls' as const, certificate })),
  ]
}
