import { namesOf, type ReferenceEntry } from './entry.ts'
import type { OfflineChanges, OfflineEntry } from './offline.ts'

/** An entry as the store has it, or as the API tells it. */
export type EntryToKeep = Omit<ReferenceEntry, 'list' | 'parent'> & { readonly parent?: string | null }

/** What a copy keeps of entries. A row that only says when a code ended is none. */
export function offlineEntriesOf(entries: Iterable<EntryToKeep>): OfflineEntry[] {
  const own = [...entries].filter(({ state }) => state === 'valid')
  return own.map((entry) => [entry.code, entry.validFrom, entry.validTo, namesOf(entry), entry.parent ?? ''])
}

/** Changes for a copy, from those that the store or `GET /reference/{list}/changes?since=` tells. */
export function offlineChangesOf(
  {
    version,
    added,
    removed,
  }: {
    readonly version: number
    readonly added: readonly EntryToKeep[]
    readonly removed: OfflineChanges['removed']
  },
  versionDigest: string,
): OfflineChanges {
  return { version, versionDigest, added: offlineEntriesOf(added), removed }
}
