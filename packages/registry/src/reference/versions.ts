import type { Tx } from '@corridor/database'
import type { ReferenceEntry } from '@corridor/customs'
import { announceChange } from './announce.ts'
import { dayOf, entryOf, type EntryColumns } from './entry-columns.ts'
import { RegistryReferenceFault } from './faults.ts'
import { listSummary, lockLists } from './list.ts'
import { sql } from './statements.ts'

/** A numbered version of a list. */
export interface ListVersion {
  readonly list: string
  readonly number: number
  readonly state: 'draft' | 'reviewed' | 'published'
  readonly author: string
  readonly reviewer?: string
  /** day from which its changes are meant, `yyyy-mm-dd` */
  readonly effective: string
  readonly createdAt: Date
  readonly publishedAt?: Date
  readonly note: string
  /** of everything in it: equal on both sides of a corridor when they have the same */
  readonly digest: string
}

interface VersionRow {
  list: string
  number: number
  state: ListVersion['state']
  author: string
  reviewer: string | null
  effective: string
  created_at: Date
  published_at: Date | null
  note: string
  digest: string
}

/** The versions of a list, newest first. */
export async function versionsOf(db: Tx, list: string): Promise<ListVersion[]> {
  const rows = await db.run<VersionRow>(sql.versions, [list])
  return rows.map(({ reviewer, created_at: createdAt, published_at: publishedAt, ...row }) => ({
    ...row,
    createdAt,
    ...(reviewer !== null && { reviewer }),
    ...(publishedAt && { publishedAt }),
  }))
}

/** A draft was reviewed by a second person. @throws RegistryReferenceFault same-person, wrong-state, list-busy, unknown-list */
export async function reviewVersion(tx: Tx, list: string, number: number, reviewer: string): Promise<void> {
  await lockLists(tx, [list])
  const version = (await versionsOf(tx, list)).find((each) => each.number === number)
  if (version === undefined) throw new RegistryReferenceFault('reference.unknown-version', `${list} ${number}`)
  if (version.state !== 'draft') throw new RegistryReferenceFault('reference.wrong-state', `${list} ${number}`)
  if (version.author === reviewer) throw new RegistryReferenceFault('reference.same-person', `${list} ${number}`)
  await tx.run(sql.reviewVersion, [list, number, reviewer])
}

/** Puts a reviewed version into use. @throws RegistryReferenceFault wrong-state, list-busy, unknown-list */
export async function publishVersion(tx: Tx, list: string, number: number, at: Date): Promise<void> {
  await lockLists(tx, [list])
  const rows = await tx.run(sql.publishVersion, [list, number, at])
  if (rows.length === 0) throw new RegistryReferenceFault('reference.wrong-state', `${list} ${number}`)
  await announceChange(tx, list)
}

/** Takes back a version that was not published, as if it had never been. @throws RegistryReferenceFault wrong-state, list-busy */
export async function discardVersion(tx: Tx, list: string, number: number): Promise<void> {
  await lockLists(tx, [list])
  const rows = await tx.run(sql.discardVersion, [list, number])
  if (rows.length === 0) throw new RegistryReferenceFault('reference.wrong-state', `${list} ${number}`)
  // One after the other: what the version took away comes back in the places of what it brought.
  await tx.run(sql.discardAdded, [list, number])
  await tx.run(sql.discardRemoved, [list, number])
}

/** What is otherwise in a version than in an earlier one. */
export interface ListChanges {
  readonly list: string
  readonly since: number
  readonly version: number
  /** entries that the later version has and the earlier one did not */
  readonly added: readonly ReferenceEntry[]
  /** entries that it has no more; a code that changed is in both */
  readonly removed: readonly { readonly code: string; readonly validFrom: string; readonly validTo: string }[]
}

/**
 * The changes of a list since a version (0: everything), up to the version in use or another.
 * @throws RegistryReferenceFault unknown-list, unknown-version
 */
export async function changesSince(db: Tx, list: string, since: number, version?: number): Promise<ListChanges> {
  const summary = await listSummary(db, list)
  if (summary === undefined) throw new RegistryReferenceFault('reference.unknown-list', list)
  const upTo = version ?? summary.published
  if (!(Number.isInteger(since) && since >= 0 && since <= upTo && upTo <= summary.latest))
    throw new RegistryReferenceFault('reference.unknown-version', `${list} ${since} to ${upTo}`)
  const rows = await db.run<EntryColumns & { is_added: boolean }>(sql.changes, [list, since, upTo])
  return {
    list,
    since,
    version: upTo,
    added: rows.filter((row) => row.is_added).map(entryOf),
    removed: rows
      .filter((row) => !row.is_added)
      .map((row) => ({ code: row.code, validFrom: dayOf(row.valid_from), validTo: dayOf(row.valid_to) })),
  }
}

const page = 2000

/** Every entry of a version (the one in use unless told), in the order of the codes, in bounded memory. */
export async function* exportList(db: Tx, list: string, version?: number): AsyncGenerator<ReferenceEntry> {
  // Decided once: a version that is published meanwhile does not mix in.
  const summary = version === undefined ? await listSummary(db, list) : undefined
  const number = version ?? summary?.published ?? 0
  let after: [code: string, from: string] = ['', '-infinity']
  for (;;) {
    const rows = await db.run<EntryColumns>(sql.exportPage, [list, number, ...after, page])
    for (const row of rows) yield entryOf(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return
    after = [last.code, last.valid_from]
  }
}
