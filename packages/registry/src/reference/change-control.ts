/** What a person sees before a version is published, and how an earlier one is restored. */
import type { ReferenceEntry } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { type EntryColumns, entryOf } from './entry-columns.ts'
import { RegistryReferenceFault } from './faults.ts'
import { checkLocked, lockLists } from './list.ts'
import { sql } from './statements.ts'
import { versionsOf } from './versions.ts'

/** What a version does to a code of its list. */
export interface CodeDifference {
  readonly code: string
  /** `ended`: it had no last day and gets one, or is there no more */
  readonly what: 'added' | 'changed' | 'ended'
  /** its entries in the version before, by first day; empty of an added code */
  readonly before: readonly ReferenceEntry[]
  /** its entries in the version, by first day; empty of a code that is there no more */
  readonly after: readonly ReferenceEntry[]
}

/** How many codes a version adds, changes and ends. */
export interface DifferenceCounts {
  readonly added: number
  readonly changed: number
  readonly ended: number
}

/** What each version of a list, or one, did to the codes; a version that changed none is missing. */
export async function differenceCounts(db: Tx, list: string, number?: number): Promise<Map<number, DifferenceCounts>> {
  const rows = await db.run<DifferenceCounts & { number: number }>(sql.versionCounts, [list, number ?? null])
  return new Map(rows.map(({ number: of, ...counts }) => [of, counts]))
}

/**
 * What a version does to the codes, each beside what it was in the version before; so many codes at a time, in their order.
 * @param page `after`: the last code of the page before
 */
export async function differencesOf(
  db: Tx,
  list: string,
  number: number,
  { after = '', limit }: { after?: string; limit: number },
): Promise<CodeDifference[]> {
  type Row = EntryColumns & { was: boolean; is_there: boolean }
  const rows = await db.run<Row>(sql.differences, [list, number, after, limit])
  return [...Map.groupBy(rows, ({ code }) => code)].map(([code, entries]) => {
    const was = entries.filter((row) => row.was).map(entryOf)
    const is = entries.filter((row) => row.is_there).map(entryOf)
    return { code, what: whatOf(was, is), before: was, after: is }
  })
}

function whatOf(before: readonly ReferenceEntry[], after: readonly ReferenceEntry[]): CodeDifference['what'] {
  const isOpen = ({ validTo }: ReferenceEntry) => validTo === ''
  if (before.length === 0) return 'added'
  return before.some(isOpen) && !after.some(isOpen) ? 'ended' : 'changed'
}

/** The codes that a version ends or changes, which documents under way may have. */
export async function codesChangedBy(
  db: Tx,
  list: string,
  number: number,
): Promise<{ readonly code: string; readonly ended: boolean }[]> {
  return db.run(sql.codesChanged, [list, number])
}

/** Adds to the note of a version: why it was published all the same. */
export async function addToNote(tx: Tx, list: string, number: number, words: string): Promise<void> {
  await tx.run(sql.addToNote, [list, number, words])
}

/** A movement whose document has a code. */
export interface MovementUsing {
  readonly mrn: string
  readonly role: string
  readonly office: string
  readonly state: string
  readonly code: string
}

/**
 * Movements under way that use one of the codes, so that an office sees whom an end concerns before it is published.
 * @param paths jsonpath of the fields that have the list, from the document element: `$.Consignment.HouseConsignment.ConsignmentItem…`
 * @param endStates states in which a movement has ended
 */
export async function movementsUsing(
  db: Tx,
  query: { paths: readonly string[]; codes: readonly string[]; endStates: readonly string[]; limit?: number },
): Promise<MovementUsing[]> {
  const { paths, codes, endStates, limit = 1000 } = query
  return db.run<MovementUsing>(sql.movementsUsing, [paths, codes, endStates, limit])
}

/**
 * Makes a draft that has what an earlier published version had: history stays, and the draft is reviewed and published like any other.
 * @returns the number of the draft
 * @throws RegistryReferenceFault unknown-list, unknown-version, wrong-state (it is the one in use), version-open, not-owner, list-busy
 */
export async function rollBackTo(
  tx: Tx,
  list: string,
  number: number,
  by: { author: string; party: string; effective: string; at: Date; note: string },
): Promise<number> {
  const locked = (await lockLists(tx, [list]))[0]!
  checkLocked(locked, by.party)
  const earlier = (await versionsOf(tx, list)).find((version) => version.number === number)
  if (earlier === undefined) throw new RegistryReferenceFault('reference.unknown-version', `${list} ${number}`)
  if (number >= locked.published) throw new RegistryReferenceFault('reference.wrong-state', `${list} ${number}`)
  await tx.run(sql.takeAwayLater, [list, number])
  await tx.run(sql.bringBack, [list, number])
  await tx.run(sql.openVersion, [list, by.author, by.effective, by.at, by.note, 'draft'])
  await tx.run(sql.moveList, [list, false, ''])
  return locked.latest + 1
}
