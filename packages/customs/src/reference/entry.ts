/** Reference data as both sides of a corridor share it: lists and their entries, whole, in every language. Days are `yyyy-mm-dd`. */

/** Texts by language: ISO 639-1, small letters. */
export type Texts = Readonly<Record<string, string>>

/** Named values in the order of their source. Names are not numbers, so that the order holds. */
export type Items = Readonly<Record<string, string>>

/** A group of data inside an entry, which may come several times: an address in a language, a timetable and its lines. */
export interface ReferenceGroup {
  readonly name: string
  readonly items: Items
  readonly groups: readonly ReferenceGroup[]
}

/** A code for a time, with all that its list says of it. */
export interface ReferenceEntry {
  /** our id of the list: `CL141`, or the common name of a list without a number, such as `UnLocode` */
  readonly list: string
  readonly code: string
  /** first day; '' when nobody says since when */
  readonly validFrom: string
  /** last day; '' when open */
  readonly validTo: string
  /** `invalid`: all that the source says is that the code ended with `validTo` */
  readonly state: 'valid' | 'invalid'
  /** what the code means, by language */
  readonly texts: Texts
  readonly items: Items
  /** how many of the first items make up the code; 0 when the source has the code apart */
  readonly keyItems: number
  readonly groups: readonly ReferenceGroup[]
  /** code of the entry above, in a hierarchical list */
  readonly parent?: string
}

/** How much of a list is there. `filled-by-administration`: no source has its values, an import must bring them. */
export type Completeness = 'complete' | 'partial' | 'filled-by-administration'

/** Who changes a list: the corridor as a whole, one administration for itself, or two for their corridor. */
export type ListKind = 'common' | 'national' | 'corridor'

/** The head of a list: what it is and where it comes from. */
export interface ReferenceList {
  readonly id: string
  /** its names in published exports, the first of them used when it is written */
  readonly names: readonly string[]
  readonly source: string
  /** as the source names it: often a day */
  readonly version: string
  /** party that alone changes it; none for a list that is nobody's here */
  readonly owner?: string
  /** ISO 3166 code of the owner's country, to which offices of a national part belong; none where nobody said */
  readonly country?: string
  readonly kind: ListKind
  /** true when no authority has published it */
  readonly illustrative: boolean
  readonly completeness: Completeness
  readonly note: string
}

/** An entry as read, and where: the line of the file, from 1. */
export interface ReadEntry {
  readonly line: number
  readonly entry: ReferenceEntry
}

/** The forms in which lists are exchanged. */
export const referenceForms = ['csrd2-xml', 'tsv', 'csv', 'json'] as const
export type ReferenceForm = (typeof referenceForms)[number]

/**
 * What an entry is called, by language: its texts; without any, the names in its language groups (`…Lsd`, customs offices and regions),
 * or the item that is called a name (UN/LOCODE), under '' since nobody says in which language.
 */
export function namesOf({
  texts,
  items,
  groups,
  keyItems,
}: Pick<ReferenceEntry, 'texts' | 'items' | 'groups' | 'keyItems'>): Texts {
  if (Object.keys(texts).length > 0) return texts
  const names: Record<string, string> = {}
  for (const group of groups) {
    const language = group.items['LanguageCode']
    const name = group.name.endsWith('Lsd') && nameIn(group.items, 0)
    if (language && name) names[language.toLowerCase()] ??= name
  }
  const own = Object.keys(names).length === 0 && nameIn(items, keyItems)
  return own ? { '': own } : names
}

function nameIn(items: Items, from: number): string | undefined {
  return Object.entries(items)
    .slice(from)
    .find(([name]) => /name$/i.test(name))?.[1]
}

/** The text in a language; else in English, else without a language, else any; '' when there is none. */
export function textIn(texts: Texts, language: string): string {
  return texts[language] ?? texts['en'] ?? texts[''] ?? Object.values(texts)[0] ?? ''
}

/** The words of a text as they are sought: small letters without marks, so that `durres` finds Durrës. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return [...new Set(plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean))]
}
