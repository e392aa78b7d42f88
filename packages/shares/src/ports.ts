import type { Database } from '@corridor/database'
import type { UtilityBlocks } from '@corridor/declarations'
import type { Exchange, Vault } from '@corridor/exchange'

/** What this room needs from outside. */
export interface SharePorts {
  db: Database
  exchange: Pick<Exchange, 'enqueue' | 'journal' | 'announce' | 'passing' | 'takeBack'>
  /** Party id of this node. */
  party: string
  /** Whom it is linked with. */
  partners: ReadonlySet<string>
  blocks: UtilityBlocks
  /** Seals what was shared, in the reader's database. */
  vault: Vault
  clock: () => Date
  /** A new id, `<unique>@<node>`. */
  newId: () => string
}

/** Something about shares has changed; for screens. */
export const shareTopic = 'share'
