import { isMrn } from '@corridor/customs'
import { statements, type Tx } from '@corridor/database'
import type { Movement, Role } from '@corridor/procedures'
import { likeLiteral } from '../like.ts'
import { type MovementRow, type StoredMovement, storedMovement } from './stored.ts'

export type { StoredMovement } from './stored.ts'

const sql = statements<
  | 'find'
  | 'findById'
  | 'findByLrn'
  | 'officeOf'
  | 'rolesAt'
  | 'ofTrader'
  | 'read'
  | 'readById'
  | 'recordsOf'
  | 'insert'
  | 'update'
  | 'list'
  | 'listState'
  | 'listMrn'
  | 'listSearch'
  | 'departures'
>(new URL('../../sql/movements/', import.meta.url))

/**
 * How screens name a record: by its MRN, or by a reference of this node (`PL17`) while a pre-lodged declaration has none. The reference goes
 * on to find the record when the MRN is there.
 */
export function referenceOf({ id, mrn }: { id: string; mrn: string }): string {
  return mrn !== '' ? mrn : `PL${id}`
}

function idIn(reference: string): string | undefined {
  return /^PL(\d{1,18})$/.exec(reference)?.[1]
}

/** What a list shows of a movement. */
export interface MovementSummary {
  departure: string
  destination: string
  holder: { id: string; name: string }
  vehicle: { plate: string; country: string } | null
  packages: number
  dueAt: string | null
}

/** What saving a record needs beside the record. */
export interface MovementShown {
  trader: string
  summary: MovementSummary
  search: string
  needsAct: boolean
  sealedSecrets: Uint8Array | null
  at: Date
}

/** Finds and locks the record of a movement at one office, until the transaction ends. @param reference its MRN, or as {@link referenceOf} */
export async function findMovement(
  tx: Tx,
  reference: string,
  role: Role,
  office: string,
): Promise<StoredMovement | undefined> {
  const id = idIn(reference)
  const found = id === undefined ? sql.find : sql.findById
  return stored((await tx.run<MovementRow>(found, [id ?? reference, role, office]))[0])
}

/** Finds and locks the declaration that a trader made under an LRN. */
export async function findByLrn(tx: Tx, trader: string, lrn: string): Promise<StoredMovement | undefined> {
  return stored((await tx.run<MovementRow>(sql.findByLrn, [trader, lrn]))[0])
}

/** Every record of a movement that this node has, without secrets: one for each role of each office of ours. */
export async function recordsOf(tx: Tx, mrn: string): Promise<StoredMovement[]> {
  return (await tx.run<MovementRow>(sql.recordsOf, [mrn])).map(storedMovement)
}

/** The office of ours that holds a movement in a role: for who knows its MRN alone. */
export async function officeOfMovement(tx: Tx, mrn: string, role: Role): Promise<string | undefined> {
  return (await tx.run<{ office: string }>(sql.officeOf, [mrn, role]))[0]?.office
}

/** The roles in which one of our offices holds a movement. */
export async function rolesOfMovement(tx: Tx, mrn: string, office: string): Promise<Role[]> {
  return (await tx.run<{ role: Role }>(sql.rolesAt, [mrn, office])).map(({ role }) => role)
}

/** Reads a record without locking it, for a screen. @param reference its MRN, or as {@link referenceOf} */
export async function readMovement(
  db: Tx,
  reference: string,
  role: Role,
  office: string,
): Promise<StoredMovement | undefined> {
  const id = idIn(reference)
  const found = id === undefined ? sql.read : sql.readById
  return stored((await db.run<MovementRow>(found, [id ?? reference, role, office]))[0])
}

/** Reads the record in which a trader declared a movement (departure) or told of its arrival (destination), at whichever office of ours. */
export async function movementOfTrader(
  db: Tx,
  mrn: string,
  role: Role,
  trader: string,
): Promise<StoredMovement | undefined> {
  return stored((await db.run<MovementRow>(sql.ofTrader, [mrn, role, trader]))[0])
}

/** Saves a new record or the next version of one. */
export async function saveMovement(
  tx: Tx,
  id: string | undefined,
  movement: Movement,
  shown: MovementShown,
): Promise<{ id: string; version: number }> {
  const saved = [
    movement.state,
    JSON.stringify(movement.data),
    JSON.stringify(shown.summary),
    shown.search,
    shown.needsAct,
    shown.sealedSecrets,
    shown.at,
  ]
  const { role, office, mrn, lrn } = movement
  const rows =
    id === undefined
      ? await tx.run<{ id: number; version: number }>(sql.insert, [role, office, mrn, lrn, shown.trader, ...saved])
      : await tx.run<{ id: number; version: number }>(sql.update, [id, ...saved, mrn])
  return { id: String(rows[0]?.id), version: Number(rows[0]?.version) }
}

/** One line of a list. */
export interface MovementLine {
  /** As {@link referenceOf}. */
  reference: string
  lrn: string
  state: string
  summary: MovementSummary
  needsAct: boolean
  updatedAt: Date
}

/** Nobody turns so many pages: what is more is only said to be more, so that a page costs the same however many there are. */
const countedMost = 1000

/**
 * One page of the movements of an office, those that need an act first. `page` counts from 1. `total` is 1,000 at the most; `more` says that there
 * are others.
 */
export async function listMovements(
  db: Tx,
  query: { role: Role; office: string; q: string; state: string; page: number; pageSize: number },
): Promise<{ items: MovementLine[]; total: number; more: boolean }> {
  interface Line {
    id: number
    mrn: string
    lrn: string
    state: string
    summary: MovementSummary
    needs_act: boolean
    updated_at: Date
    total: number
  }
  const page = [query.role, query.office, query.pageSize, (query.page - 1) * query.pageSize, countedMost]
  const rows = await found()
  const total = rows[0]?.total ?? 0
  function found(): Promise<Line[]> {
    const whole = query.q.trim().toUpperCase()
    if (isMrn(whole) && query.page === 1)
      return db.run<Line>(sql.listMrn, [query.role, query.office, whole, query.state])
    if (query.q !== '') return db.run<Line>(sql.listSearch, [...page, likeLiteral(query.q), query.state])
    if (query.state !== '') return db.run<Line>(sql.listState, [...page, query.state])
    return db.run<Line>(sql.list, page)
  }
  return {
    items: rows.map((row) => ({
      reference: referenceOf({ id: String(row.id), mrn: row.mrn }),
      lrn: row.lrn,
      state: row.state,
      summary: row.summary,
      needsAct: row.needs_act,
      updatedAt: row.updated_at,
    })),
    total: Math.min(total, countedMost),
    more: total > countedMost,
  }
}

/** What an office of departure of ours knows of a movement. Offices are references, days yyyy-mm-dd. */
export interface DepartureState {
  mrn: string
  office: string
  state: string
  destination: string
  transit: string | null
  limitDate: string | null
}

/** The movements that start at an office of ours, by MRN. */
export async function departuresOf(db: Tx, mrns: readonly string[]): Promise<Map<string, DepartureState>> {
  const rows = await db.run<Omit<DepartureState, 'limitDate'> & { limit_date: string | null }>(sql.departures, [mrns])
  return new Map(rows.map(({ limit_date: limitDate, ...row }) => [row.mrn, { ...row, limitDate }]))
}

function stored(row: MovementRow | undefined): StoredMovement | undefined {
  return row && storedMovement(row)
}
