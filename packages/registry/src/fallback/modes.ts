import { statements, type Tx } from '@corridor/database'
import type { FallbackRole } from '@corridor/procedures'

const sql = statements<'lockOffice' | 'insert' | 'update' | 'find' | 'current' | 'list'>(
  new URL('../../sql/fallback/', import.meta.url),
)

/** A fallback mode as it is stored. */
export interface StoredMode {
  id: string
  /** `AL000101/2026/3` */
  number: string
  role: FallbackRole
  office: string
  state: string
  /** Code of the list fallback-reason, and words; '' before it begins. */
  reason: string
  note: string
  beganAt: Date | null
  endedAt: Date | null
  version: number
}

interface Row {
  id: number
  role: FallbackRole
  office: string
  year: number
  count: number
  state: string
  reason: string
  note: string
  began_at: Date | null
  ended_at: Date | null
  version: number
}

/** What may change in a mode. */
export type ModeChange = Pick<StoredMode, 'state' | 'reason' | 'note' | 'beganAt' | 'endedAt'>

/** How a mode is called: office, year, count. */
export const modeNumber = ({ office, year, count }: Pick<Row, 'office' | 'year' | 'count'>): string =>
  `${office}/${year}/${count}`

const modeOf = (row: Row): StoredMode => ({
  id: String(row.id),
  number: modeNumber(row),
  role: row.role,
  office: row.office,
  state: row.state,
  reason: row.reason,
  note: row.note,
  beganAt: row.began_at,
  endedAt: row.ended_at,
  version: row.version,
})

/** Until the transaction ends nobody else decides about the fallback modes of an office. */
export async function lockFallback(tx: Tx, office: string): Promise<void> {
  await tx.run(sql.lockOffice, [office])
}

/** Makes a mode, under the next number of its office and year. */
export async function insertMode(
  tx: Tx,
  mode: { role: FallbackRole; office: string; year: number; at: Date } & Omit<ModeChange, 'endedAt'>,
): Promise<StoredMode> {
  const { role, office, year, state, reason, note, beganAt, at } = mode
  const [row] = await tx.run<Row>(sql.insert, [role, office, year, state, reason, note, beganAt, at])
  return modeOf(row as Row)
}

export async function updateMode(tx: Tx, id: string, change: ModeChange, at: Date): Promise<void> {
  const { state, reason, note, beganAt, endedAt } = change
  await tx.run(sql.update, [id, state, reason, note, beganAt, endedAt, at])
}

/** A mode by its number; undefined when there is none, or the text is no such number. */
export async function findMode(db: Tx, number: string): Promise<StoredMode | undefined> {
  const [, office, year, count] = /^([A-Z0-9]{8})\/(\d{4})\/(\d{1,6})$/.exec(number) ?? []
  if (office === undefined) return undefined
  const [row] = await db.run<Row>(sql.find, [office, Number(year), Number(count)])
  return row && modeOf(row)
}

/** The modes of an office that are prepared or open in a role: one of each at most. */
export async function currentModes(db: Tx, office: string, role: FallbackRole): Promise<StoredMode[]> {
  return (await db.run<Row>(sql.current, [office, role])).map(modeOf)
}

/** A page of the modes of an office in a role, the newest first, with how many papers are in which state. `page` counts from 1. */
export async function listModes(
  db: Tx,
  query: { office: string; role: FallbackRole; page: number; pageSize: number },
): Promise<{ items: (StoredMode & { papers: Record<string, number> })[]; total: number }> {
  const { office, role, page, pageSize } = query
  const rows = await db.run<Row & { total: number; papers: Record<string, number> }>(sql.list, [
    office,
    role,
    pageSize,
    (page - 1) * pageSize,
  ])
  return { items: rows.map((row) => ({ ...modeOf(row), papers: row.papers })), total: rows[0]?.total ?? 0 }
}
