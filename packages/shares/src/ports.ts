import type { Database, Tx } from '@corridor/database'
import type { UtilityBlocks } from '@corridor/declarations'
import type { Exchange, InboxMessage, Vault } from '@corridor/exchange'
import type { Revision } from './documents.ts'

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
  /** What the sweep could not do, and tries again the next time. */
  onFault: (error: unknown) => void
  /** A new id, `<unique>@<node>`. */
  newId: () => string
  /** What follows, in the same transaction; nothing unless told. */
  follows?: ShareEffects
}

/** What else a node does when something happens under a contract. */
export interface ShareEffects {
  /** A version of a declaration was taken by its reader, in this message. */
  onTaken(tx: Tx, message: InboxMessage, taken: { owner: string; item: string; revision: Revision }): Promise<void>
  /** These objects are over, at either side. `kept`: the contract goes on, they were to be kept no longer. */
  onOver(tx: Tx, contract: { owner: string; reader: string }, items: readonly string[], kept: boolean): Promise<void>
  /** Its reader did not take an object of ours, under this contract. */
  onRefused(tx: Tx, reader: string, item: string, under: string): Promise<void>
}

/** Something about shares has changed; for screens. */
export const shareTopic = 'share'
