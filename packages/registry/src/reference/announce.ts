/** Who works from a copy of a list hears when another version of it is in use. */
import type { Database, Tx } from '@corridor/database'
import { sql } from './statements.ts'

/** Tells every process of the node, with the commit, that a list has another version in use. */
export async function announceChange(tx: Tx, list: string): Promise<void> {
  await tx.run(sql.announce, [list])
}

/**
 * Hears of each list that has another version in use, from any process of the node and from the command line.
 * @param hear gets the id of the list; '' when the connection was away and any list may have changed
 * @returns how to stop
 */
export function onReferenceChange(db: Database, hear: (list: string) => void): Promise<() => Promise<void>> {
  return db.listen('reference', hear)
}
