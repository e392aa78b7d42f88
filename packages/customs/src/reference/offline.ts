/**
 * A copy of lists for where there is no network: the field app on a frontier road. A file a list, small enough to be kept in a browser;
 * brought up to date with the changes since its version, as `GET /reference/{list}/changes?since=` tells them; read without anything else.
 */
import { textIn, type Texts, wordsOf } from './entry.ts'

/** An entry of a copy: code, first day, last day, what it is called by language, code above; open days and what is not there are ''. */
export type OfflineEntry = readonly [code: string, validFrom: string, validTo: string, names: Texts, parent: string]

/** A list as a copy has it. */
export interface OfflineList {
  /** of this format */
  readonly form: 1
  readonly list: string
  /** number of the version at the node: `since` of the next changes */
  readonly version: number
  /** by which the node tells that the version is still the one that the copy was made of */
  readonly versionDigest: string
  /** first day that the copy knows, `yyyy-mm-dd`: what ended before it is left out */
  readonly day: string
  /** in the order of codes and first days */
  readonly entries: readonly OfflineEntry[]
}

/** A version of a list, and what it is to become with later changes. */
export interface OfflineChanges {
  readonly version: number
  readonly versionDigest: string
  readonly added: readonly OfflineEntry[]
  readonly removed: readonly { readonly code: string; readonly validFrom: string }[]
}

/** A copy of a list as of a day. */
export function offlineList(
  head: Pick<OfflineList, 'list' | 'version' | 'versionDigest' | 'day'>,
  entries: Iterable<OfflineEntry>,
): OfflineList {
  const { list, version, versionDigest, day } = head
  return { form: 1, list, version, versionDigest, day, entries: kept([...entries], day) }
}

/** The copy with later changes, as of a day: the same as a new copy of that version and day. */
export function withChanges(copy: OfflineList, changes: OfflineChanges, day: string): OfflineList {
  const { version, versionDigest, added, removed } = changes
  const gone = new Set(removed.map(({ code, validFrom }) => `${code}\n${validFrom}`))
  const stay = copy.entries.filter(([code, validFrom]) => !gone.has(`${code}\n${validFrom}`))
  return { ...copy, version, versionDigest, day, entries: kept([...stay, ...added], day) }
}

function kept(entries: OfflineEntry[], day: string): OfflineEntry[] {
  return entries
    .filter(([, , validTo]) => validTo === '' || validTo >= day)
    .sort(([a, aFrom], [b, bFrom]) => compare(a, b) || compare(aFrom, bFrom))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The file of a copy; the digest of a copy is that of this text, and two copies are the same when it is. */
export function offlineText(copy: OfflineList): string {
  const { form, list, version, versionDigest, day, entries } = copy
  const lines = entries.map(([code, from, to, names, parent]) => {
    const sorted = Object.fromEntries(Object.entries(names).sort(([a], [b]) => compare(a, b)))
    return JSON.stringify([code, from, to, sorted, parent])
  })
  const head = JSON.stringify({ form, list, version, versionDigest, day })
  return `${head.slice(0, -1)},"entries":[\n${lines.join(',\n')}\n]}\n`
}

/** Reads the file of a copy. Undefined when it is none, or was cut. */
export function readOfflineList(text: string): OfflineList | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const copy = value as Partial<OfflineList> | null
  const isCopy =
    copy?.form === 1 &&
    [copy.list, copy.day, copy.versionDigest].every((each) => typeof each === 'string') &&
    Number.isInteger(copy.version) &&
    Array.isArray(copy.entries) &&
    copy.entries.every(isEntry)
  return isCopy ? (copy as OfflineList) : undefined
}

function isEntry(entry: unknown): entry is OfflineEntry {
  if (!Array.isArray(entry) || entry.length !== 5) return false
  const [code, from, to, names, parent] = entry as unknown[]
  return (
    [code, from, to, parent].every((each) => typeof each === 'string') && typeof names === 'object' && names !== null
  )
}

/** A code that was found. */
export interface OfflineHit {
  readonly list: string
  readonly code: string
  readonly text: string
}

/**
 * What a copy answers. A list is its own entries, those of the administrations' parts of it
 * (`CL141/NTA.AL`) and those that a corridor lays over it (`CL141.albania-kosovo`). Days are `yyyy-mm-dd`.
 */
export interface OfflineReader {
  has(list: string, code: string, day: string): boolean
  /** what a code means, in a language or else as {@link textIn} has it; undefined when it is not in force on the day */
  text(list: string, code: string, day: string, language: string): string | undefined
  /** codes that begin like `q`, then those with its words, the last as far as it is typed; marks and capitals do not count */
  search(q: string, options: { day: string; language: string; list?: string; limit?: number }): OfflineHit[]
}

interface Indexed {
  list: string
  entry: OfflineEntry
  words?: readonly string[]
}

/** Reads copies without the network. */
export function offlineReader(copies: readonly OfflineList[]): OfflineReader {
  const all = copies.flatMap(({ list, entries }) => entries.map((entry): Indexed => ({ list, entry })))
  const byCode = Map.groupBy(all, ({ entry: [code] }) => code)
  const find = (list: string, code: string, day: string): OfflineEntry | undefined =>
    byCode.get(code)?.find((each) => isPartOf(each.list, list) && isOn(each.entry, day))?.entry
  return {
    has: (list, code, day) => find(list, code, day) !== undefined,
    text: (list, code, day, language) => {
      const entry = find(list, code, day)
      return entry && textIn(entry[3], language)
    },
    search: (q, { day, language, list, limit = 20 }) => {
      const prefix = q.trim().toUpperCase()
      const sought = wordsOf(q)
      if (prefix === '') return []
      const own = all.filter((each) => (list === undefined || isPartOf(each.list, list)) && isOn(each.entry, day))
      const begin = own.filter(({ entry: [code] }) => code.toUpperCase().startsWith(prefix))
      const named = own.filter((each) => !begin.includes(each) && sought.length > 0 && hasWords(each, sought))
      return [...begin, ...named]
        .slice(0, limit)
        .map(({ list: from, entry: [code, , , names] }) => ({ list: from, code, text: textIn(names, language) }))
    },
  }
}

const isPartOf = (list: string, whole: string): boolean =>
  list === whole || list.startsWith(`${whole}/`) || list.startsWith(`${whole}.`)

const isOn = ([, from, to]: OfflineEntry, day: string): boolean => from <= day && (to === '' || to >= day)

/** Words of one or two letters are sought whole, since half of everything begins like them. */
function hasWords(indexed: Indexed, sought: readonly string[]): boolean {
  indexed.words ??= [...new Set([indexed.entry[0], ...Object.values(indexed.entry[3])].flatMap(wordsOf))]
  const { words } = indexed
  return sought.every((word, at) =>
    at === sought.length - 1 && word.length > 2 ? words.some((each) => each.startsWith(word)) : words.includes(word),
  )
}
