import { sqlState, type Tx } from '@corridor/database'
import type { ReferenceList } from '@corridor/customs'
import { RegistryReferenceFault } from './faults.ts'
import { sql } from './statements.ts'

/** A list with how far it is. */
export interface ListSummary extends ReferenceList {
  /** number of the version in use; 0 before the first */
  readonly published: number
  /** number of the newest version; above `published` while one is open */
  readonly latest: number
  /** entries in use, of every time */
  readonly entries: number
  /** when the version in use was published */
  readonly publishedAt?: Date
}

interface Row {
  id: string
  names: string[]
  source: string
  version: string
  owner: string | null
  country: string | null
  kind: ReferenceList['kind']
  illustrative: boolean
  completeness: ReferenceList['completeness']
  note: string
  published: number
  latest: number
  entries: number
  published_at: Date | null
}

/** Declares lists; one that is there already stays as it is. */
export async function declareLists(tx: Tx, lists: readonly ReferenceList[]): Promise<void> {
  await tx.run(sql.declare, [JSON.stringify(lists)])
}

/** Changes the head of a list. @throws RegistryReferenceFault unknown-list */
export async function saveList(tx: Tx, list: ReferenceList): Promise<void> {
  const rows = await tx.run(sql.saveList, [JSON.stringify(list)])
  if (rows.length === 0) throw new RegistryReferenceFault('reference.unknown-list', list.id)
}

/** Every declared list with the names by which files call it, and its owner's country; without a look at its entries. */
export async function listNames(db: Tx): Promise<Pick<ReferenceList, 'id' | 'names' | 'country'>[]> {
  const rows = await db.run<Pick<Row, 'id' | 'names' | 'country'>>(sql.listNames)
  return rows.map(({ country, ...row }) => ({ ...row, ...(country !== null && { country }) }))
}

/** Every declared list, by its id. */
export async function listSummaries(db: Tx): Promise<ListSummary[]> {
  return (await db.run<Row>(sql.lists, [null])).map(summaryOf)
}

/** One list, or undefined when nobody declared it. */
export async function listSummary(db: Tx, list: string): Promise<ListSummary | undefined> {
  return (await db.run<Row>(sql.lists, [list])).map(summaryOf)[0]
}

function summaryOf({ published_at: publishedAt, ...row }: Row): ListSummary {
  return { ...headOf(row), ...(publishedAt && { publishedAt }) }
}

/** A head without what the list does not have. */
export function headOf<Head extends Pick<Row, 'owner' | 'country'>>({ owner, country, ...row }: Head) {
  return { ...row, ...(owner !== null && { owner }), ...(country !== null && { country }) }
}

/** What is held for a change of a list until the transaction ends. */
export interface LockedList {
  readonly id: string
  readonly latest: number
  readonly published: number
  readonly owner: string | null
}

/**
 * Locks lists for a change, so that two changes of one list never run side by side.
 * @throws RegistryReferenceFault unknown-list, list-busy
 */
export async function lockLists(tx: Tx, lists: readonly string[]): Promise<LockedList[]> {
  const locked = await tx.run<LockedList>(sql.lockLists, [lists]).catch((error: unknown) => {
    // lock_not_available: the row is held by another change
    if (sqlState(error) === '55P03') throw new RegistryReferenceFault('reference.list-busy', lists.join(', '))
    throw error
  })
  const missing = lists.find((list) => !locked.some(({ id }) => id === list))
  if (missing !== undefined) throw new RegistryReferenceFault('reference.unknown-list', missing)
  return locked
}

/**
 * Refuses a change of a locked list: another version of it is open, or it belongs to another party.
 * @param party who changes it; everybody may when it is not told
 */
export function checkLocked(list: LockedList, party: string | undefined): void {
  if (party !== undefined) checkOwner(list, party)
  const { id, latest, published } = list
  if (latest !== published) throw new RegistryReferenceFault('reference.version-open', `${id} ${latest}`)
}

/** Refuses a change of a list that belongs to another party. @throws RegistryReferenceFault not-owner */
export function checkOwner({ id, owner }: LockedList, party: string): void {
  if (owner !== null && owner !== party) throw new RegistryReferenceFault('reference.not-owner', id)
}
