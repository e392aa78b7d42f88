/** Reference data as the contract shows it. */
import {
  baseOf,
  type CustomsOffice,
  customsOfficeOf,
  isInForce,
  namesOf,
  officesList,
  type ReferenceEntry,
  textIn,
  type Texts,
} from '@corridor/customs'
import type { reference } from '@corridor/registry'
import type { ReferenceListFacts } from '../ports.ts'

/** The head of a list. */
export function headOf(facts: ReferenceListFacts) {
  const { id, names, tables, owner, kind, published, latest, version, source, publishedAt, ...rest } = facts
  const { inForce, nextChange, illustrative, completeness, note } = rest
  return {
    id,
    names,
    tables,
    owner: owner ?? null,
    kind,
    version: published,
    edition: version,
    source,
    publishedAt: publishedAt?.toISOString() ?? null,
    open: latest > published,
    inForce,
    nextChange: nextChange ?? null,
    illustrative,
    completeness,
    note,
  }
}

/** A text in a language, else as `textIn` has it, with the language that it is in. */
export function shownIn(texts: Texts, language: string): { text: string; language: string } {
  const wanted = [language, language.split('-')[0]!.toLowerCase()].find((each) => texts[each] !== undefined)
  const text = textIn(texts, wanted ?? 'en')
  return { text, language: wanted ?? Object.keys(texts).find((each) => texts[each] === text) ?? '' }
}

/** A line of a list. */
export function rowOf(entry: ReferenceEntry, language: string, today: string) {
  const { code, validFrom, validTo, parent } = entry
  const state = stateOn(entry, today)
  return { code, ...shownIn(namesOf(entry), language), validFrom, validTo, state, parent: parent ?? null }
}

/** A code that changes, in a language. */
export function turnIn({ texts, ...turn }: reference.Turn, language: string) {
  return { ...turn, ...shownIn(texts, language) }
}

/** An entry whole. */
export function wholeOf({ list: _, parent, ...entry }: ReferenceEntry) {
  return { ...entry, parent: parent ?? null }
}

/** A version of a code, read as an office where it is one. @param published the version of the list in use */
export function versionOf({ entry, addedIn, removedIn }: reference.EntryVersion, published: number, today: string) {
  const isDraft = addedIn > published
  const isReplaced = removedIn !== undefined && removedIn <= published
  return {
    entry: wholeOf(entry),
    names: namesOf(entry),
    state: isDraft ? 'draft' : isReplaced ? 'replaced' : stateOn(entry, today),
    addedIn,
    removedIn: removedIn ?? null,
    office: isOffice(entry) ? customsOfficeOf(entry) : null,
  }
}

/** Of the list of offices, also of a part of it or of one that a corridor laid over it, with a record behind the name. */
function isOffice({ list, items, groups }: ReferenceEntry): boolean {
  return baseOf(list) === officesList && (groups.length > 0 || items['CountryCode'] !== undefined)
}

function stateOn(entry: ReferenceEntry, day: string): 'in-force' | 'future' | 'ended' {
  if (isInForce(entry, day)) return 'in-force'
  return entry.validFrom > day ? 'future' : 'ended'
}

/** The lists of the codes in the record of an office, and those codes. */
export function codesIn(versions: readonly { office: CustomsOffice | null }[]): Map<string, Set<string>> {
  const codes = new Map<string, Set<string>>()
  const add = (list: string, code: string | undefined): void => {
    if (code) codes.set(list, (codes.get(list) ?? new Set()).add(code))
  }
  for (const office of versions.flatMap((version) => version.office ?? [])) {
    add('CL015', office.geoInfo)
    for (const note of office.specificNotes) add('CL067', note)
    for (const { role, trafficType } of office.seasons.flatMap(({ lines }) =>
      lines.flatMap((one) => one.competences),
    )) {
      add('CL056', role)
      add('CL020', trafficType)
    }
  }
  return codes
}
