import type { Tx } from '@corridor/database'
import { type ReferenceEntry, textIn, type Texts, wordsOf } from '@corridor/customs'
import { dayOf, type EntryColumns, entryOf } from './entry-columns.ts'
import { RegistryReferenceFault } from './faults.ts'
import { sql } from './statements.ts'

/** Which entries of a list. */
export interface EntriesQuery {
  /** entries in force on this day, `yyyy-mm-dd`; every time unless told */
  readonly at?: string
  /** beginning of the code, or words of what it is called, in any language; all unless told */
  readonly q?: string
  /** number of the version; the one in use unless told */
  readonly version?: number
  /** where the page before ended */
  readonly cursor?: string
  /** 1 to 1000; 100 unless told */
  readonly limit?: number
}

/** A page of entries in the order of their codes. */
export interface EntriesPage {
  readonly entries: readonly ReferenceEntry[]
  /** for the next page; none on the last */
  readonly cursor?: string
}

/** Entries of a list, page by page; none of a list that nobody declared. */
export async function entriesOf(db: Tx, list: string, query: EntriesQuery = {}): Promise<EntriesPage> {
  const { at = null, q = '', version = null, cursor, limit = 100 } = query
  const most = Math.min(Math.max(Math.trunc(limit), 1), 1000)
  const [afterCode, afterFrom] = cursor === undefined ? ['', '-infinity'] : decoded(cursor)
  const { prefix, beyond, words } = soughtOf(q)
  const rows = await db.run<EntryColumns>(sql.entriesOf, [
    list,
    version,
    at,
    afterCode,
    afterFrom,
    most + 1,
    q.trim() === '',
    prefix,
    beyond,
    words,
  ])
  const entries = rows.slice(0, most).map(entryOf)
  const last = rows.length > most ? rows[most - 1] : undefined
  return last ? { entries, cursor: encoded([last.code, last.valid_from]) } : { entries }
}

/** The entry of a code in force on a day (`yyyy-mm-dd`), in the version in use; undefined when there is none. */
export async function entryAt(db: Tx, list: string, code: string, at: string): Promise<ReferenceEntry | undefined> {
  const rows = await db.run<EntryColumns>(sql.entryAt, [list, code, at])
  return rows.map(entryOf)[0]
}

/** An entry with the versions of the list in which it is there. */
export interface EntryVersion {
  readonly entry: ReferenceEntry
  readonly addedIn: number
  /** the first version without it */
  readonly removedIn?: number
}

/** All that was ever said of a code, newest first, drafts too. */
export async function entryVersions(db: Tx, list: string, code: string): Promise<EntryVersion[]> {
  const rows = await db.run<EntryColumns & { added_in: number; removed_in: number | null }>(sql.entryVersions, [
    list,
    code,
  ])
  return rows.map((row) => ({
    entry: entryOf(row),
    addedIn: row.added_in,
    ...(row.removed_in !== null && { removedIn: row.removed_in }),
  }))
}

/** Where and in which language to search. */
export interface SearchOptions {
  /** one list; every list unless told */
  readonly list?: string
  /** day on which the entry is in force; every time unless told */
  readonly at?: string
  /** language of the text shown, with English in its place where there is none; `en` unless told */
  readonly language?: string
  /** 1 to 100; 20 unless told */
  readonly limit?: number
}

export interface SearchHit {
  readonly list: string
  readonly code: string
  readonly text: string
  readonly validFrom: string
  readonly validTo: string
}

/**
 * Entries whose code begins with `q`, and after them those whose name has its words in any language, the last word as it is typed so
 * far. Marks and capitals do not count (`durres` finds Durrës). Words of one or two letters are sought whole, since half of everything
 * begins like them.
 */
export async function search(db: Tx, q: string, options: SearchOptions = {}): Promise<SearchHit[]> {
  const { list = null, at = null, language = 'en', limit = 20 } = options
  const { prefix, beyond, words } = soughtOf(q)
  if (prefix === '') return []
  const most = Math.min(Math.max(Math.trunc(limit), 1), 100)
  const rows = await db.run<Omit<EntryColumns, 'items' | 'groups'> & { shown: Texts }>(sql.search, [
    prefix,
    beyond,
    words,
    list,
    at,
    most,
  ])
  return rows.map(({ list: from, code, shown, valid_from, valid_to }) => ({
    list: from,
    code,
    text: textIn(shown, language),
    validFrom: dayOf(valid_from),
    validTo: dayOf(valid_to),
  }))
}

/** Bounds of the codes that begin like `q`, and its words as a query: the last as a beginning, unless so short that everything has it. */
function soughtOf(q: string): { prefix: string; beyond: string; words: string | null } {
  const prefix = q.trim().toUpperCase().slice(0, 100)
  const words = wordsOf(q.slice(0, 200)).map((word, at, all) => {
    const isBeginning = at === all.length - 1 && word.length > 2
    return `'${word}'${isBeginning ? ':*' : ''}`
  })
  return { prefix, beyond: `${prefix}\u{10ffff}`, words: words.length === 0 ? null : words.join(' & ') }
}

function encoded(place: readonly [code: string, from: string]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function decoded(cursor: string): [code: string, from: string] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && place.length === 2) {
      const [code, from] = place as unknown[]
      if (typeof code === 'string' && typeof from === 'string' && /^(-infinity|\d{4}-\d\d-\d\d)$/.test(from))
        return [code, from]
    }
  } catch {
    // told below
  }
  throw new RegistryReferenceFault('reference.bad-cursor', cursor.slice(0, 40))
}
