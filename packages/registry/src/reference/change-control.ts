/** What a person sees before a version is published, and how an earlier one is restored. */
import type { ReferenceEntry } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { RegistryReferenceFault } from './faults.ts'
import { checkLocked, lockLists } from './list.ts'
import { sql } from './statements.ts'
import { changesSince, versionsOf } from './versions.ts'

/** What a version does to the codes of its list. */
export interface Differences {
  /** codes that were not there */
  readonly added: readonly ReferenceEntry[]
  /** entries, as they are to be, of codes that were there */
  readonly changed: readonly ReferenceEntry[]
  /** codes that had no last day and get one, or are there no more: `validTo` is '' of these */
  readonly ended: readonly { readonly code: string; readonly validTo: string }[]
}

/** The differences of a version to an earlier one. @throws RegistryReferenceFault unknown-list, unknown-version */
export async function differencesOf(db: Tx, list: string, since: number, version: number): Promise<Differences> {
  const { added, removed } = await changesSince(db, list, since, version)
  const before = new Set(removed.map(({ code }) => code))
  const wasOpen = new Set(removed.filter(({ validTo }) => validTo === '').map(({ code }) => code))
  const after = Map.groupBy(added, ({ code }) => code)
  const ended = [...wasOpen].flatMap((code) => {
    const entries = after.get(code) ?? []
    if (entries.some(({ validTo }) => validTo === '')) return []
    const last =
      entries
        .map(({ validTo }) => validTo)
        .sort()
        .at(-1) ?? ''
    return [{ code, validTo: last }]
  })
  const endedCodes = new Set(ended.map(({ code }) => code))
  return {
    added: added.filter(({ code }) => !before.has(code)),
    changed: added.filter(({ code }) => before.has(code) && !endedCodes.has(code)),
    ended,
  }
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
 * @throws RegistryReferenceFault unknown-list, unknown-version, version-open, not-owner, list-busy
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
  if (earlier?.state !== 'published' || number >= locked.published)
    throw new RegistryReferenceFault('reference.unknown-version', `${list} ${number}`)
  await tx.run(sql.takeAwayLater, [list, number])
  await tx.run(sql.bringBack, [list, number])
  await tx.run(sql.openVersion, [list, by.author, by.effective, by.at, by.note, 'draft'])
  await tx.run(sql.moveList, [list, false, ''])
  return locked.latest + 1
}
