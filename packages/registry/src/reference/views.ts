/** What pages show of all lists at once: how much is in force, what changes when, what was published lately. */
import { type Texts } from '@corridor/customs'
import { statements, type Tx } from '@corridor/database'

const sql = statements<'inForce' | 'turns' | 'recentVersions'>(new URL('../../sql/reference-views/', import.meta.url))

/** How a list stands on a day. */
export interface ListState {
  readonly list: string
  /** entries in force on the day, in the version in use */
  readonly inForce: number
  /** first day after it on which other entries are in force, `yyyy-mm-dd`; none is known when undefined */
  readonly nextChange?: string
}

/** How every list, or one, stands on a day (`yyyy-mm-dd`). */
export async function listStates(db: Tx, day: string, list?: string): Promise<ListState[]> {
  const rows = await db.run<{ list: string; in_force: number; next_change: string | null }>(sql.inForce, [
    list ?? null,
    day,
  ])
  return rows.map(({ list: id, in_force: inForce, next_change: nextChange }) => ({
    list: id,
    inForce,
    ...(nextChange !== null && { nextChange }),
  }))
}

/** A code that begins, ends (the first day without it) or goes on with another content on a day. */
export interface Turn {
  readonly list: string
  readonly code: string
  /** `yyyy-mm-dd` */
  readonly day: string
  readonly what: 'begins' | 'changes' | 'ends'
  /** what the code means, by language */
  readonly texts: Texts
}

/** What turns from a day to another, both included, the earliest first. */
export async function turnsBetween(db: Tx, from: string, to: string, limit: number): Promise<Turn[]> {
  const rows = await db.run<Omit<Turn, 'texts'> & { shown: Texts }>(sql.turns, [from, to, limit])
  return rows.map(({ shown: texts, ...turn }) => ({ ...turn, texts }))
}

/** A version that is in use, or was. */
export interface PublishedVersion {
  readonly list: string
  readonly number: number
  readonly author: string
  /** day from which its changes are meant, `yyyy-mm-dd` */
  readonly effective: string
  readonly publishedAt: Date
  readonly note: string
}

/** The versions that were published last, the newest first. */
export async function recentVersions(db: Tx, limit: number): Promise<PublishedVersion[]> {
  const rows = await db.run<Omit<PublishedVersion, 'publishedAt'> & { published_at: Date }>(sql.recentVersions, [limit])
  return rows.map(({ list, number, author, effective, published_at: publishedAt, note }) => ({
    list,
    number,
    author,
    effective,
    publishedAt,
    note,
  }))
}
