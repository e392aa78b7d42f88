import type { Database } from '@corridor/database'
import type { Exchange } from '@corridor/exchange'
import type { Meanings } from './board/meanings.ts'
import type { CopyTable } from './copies/table.ts'
import type { HubLimits } from './limits.ts'

/** What a hub needs from outside. */
export interface HubPorts {
  db: Database
  exchange: Exchange
  /** Party id of the hub. */
  party: string
  /** What stands after `@` in its message ids. */
  domain: string
  /** Parties that are linked with it. */
  members: ReadonlySet<string>
  /** Country of each member by its party. */
  countries: ReadonlyMap<string, string>
  /** What the members agreed to copy; null for a hub that only forwards. */
  copies: CopyTable | null
  meanings: Meanings
  limits: HubLimits
  clock: () => Date
  /** A new message id. */
  newId: () => string
}
