import type { Health } from '@corridor/api'
import type { Database } from '@corridor/database'
import type { Meter } from '@corridor/exchange'
import type { Measured as WebhookMeasured } from '@corridor/webhooks'
import { cached } from '../cached.ts'
import type { NodeClock } from '../clock.ts'
import type { CorridorNode } from '../config/corridor.ts'
import type { KnownCertificate } from '../keys/known.ts'
import { nodeMetrics } from '../metrics/metrics.ts'
import type { Partners } from '../partners.ts'
import type { NodeSettings } from '../settings.ts'
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
  /** Watches this from now on; counts go on. */
  follow: (watched: Watched) => void
}

/** What of a node follows from its configuration. */
export interface Watched {
  own: CorridorNode
  certificates: readonly KnownCertificate[]
  partners: Partners
  reach: Reach
}

/** Puts health and metrics of a node together. Each looks at most once a second, however often it is asked. */
export function watchOf(parts: { settings: NodeSettings; db: Database; time: NodeClock }): Watch {
  const { settings, db, time } = parts
  const clock = () => time.now()
  let known: readonly KnownCertificate[] = []
  let parties: string[] = []
  let tunnels: () => Promise<Health['tunnels']> = async () => []
  const metrics = nodeMetrics(db, { parties: () => parties, certificates: () => known, clock })
  const partnerClocks = new PartnerClocks(clock)
  const sources = {
    db,
    time,
    certificates: () => known,
    partnerClocks,
    dataFolder: settings.dataFolder,
    tunnels: () => tunnels(),
  }
  return {
    health: cached(1_000, clock, () => healthOf(sources)),
    metrics: metrics.text,
    webhookMeter: metrics.webhookMeter,
    meter(measured) {
      metrics.meter(measured)
      partnerClocks.hear(measured)
    },
    follow(watched) {
      const { partners, reach } = watched
      known = watched.certificates
      parties = [...partners.direct, ...partners.carried].map(({ party }) => party)
      partnerClocks.keep(parties)
      // A connection of its own each time: not as often as somebody asks.
      tunnels = cached(tunnelsEveryMs, clock, () => tunnelStates(partners.direct, reach))
    },
  }
}
