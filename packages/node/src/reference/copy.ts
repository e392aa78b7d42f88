import {
  type OfflineEntry,
  offlineChangesOf,
  offlineEntriesOf,
  offlineList,
  type OfflineList,
  withChanges,
} from '@corridor/customs'
import type { Database, Tx } from '@corridor/database'
import { reference } from '@corridor/registry'

/** A copy of a list, and how it came about: whole, with the changes since the one that was kept, or as that was. */
export interface ReferenceCopy {
  copy: OfflineList
  how: 'whole' | 'changes' | 'as it was'
}

/**
 * A copy of the version of a list that is in use, as of a day. A kept copy serves when it is of a version that the node still knows as the
 * same, and of no later day: what ended before its day is not in it.
 * @throws RegistryReferenceFault unknown-list
 */
export async function copyOf(
  db: Database,
  list: string,
  day: string,
  kept: OfflineList | undefined,
): Promise<ReferenceCopy> {
  return db.transaction(async (tx) => {
    const versions = (await reference.versionsOf(tx, list)).filter(({ state }) => state === 'published')
    const [latest] = versions
    // Everything below is of this version: one that is published meanwhile does not mix in.
    const head = { list, day, version: latest?.number ?? 0, versionDigest: latest?.digest ?? '' }
    const isKnown = ({ version, versionDigest }: OfflineList): boolean =>
      versions.some(({ number, digest }) => number === version && digest === versionDigest)
    if (kept === undefined || kept.list !== list || kept.day > day || !isKnown(kept))
      return { copy: offlineList(head, await allOf(tx, list, head.version)), how: 'whole' }
    if (kept.version === head.version && kept.day === day) return { copy: kept, how: 'as it was' }
    const changes = await reference.changesSince(tx, list, kept.version, head.version)
    return { copy: withChanges(kept, offlineChangesOf(changes, head.versionDigest), day), how: 'changes' }
  })
}

async function allOf(tx: Tx, list: string, version: number): Promise<OfflineEntry[]> {
  const entries: OfflineEntry[] = []
  for await (const entry of reference.exportList(tx, list, version)) entries.push(...offlineEntriesOf([entry]))
  return entries
}
