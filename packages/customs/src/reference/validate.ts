/** What is wrong with an entry by itself, and with entries side by side. */
import { isDate } from '../values/dates.ts'
import type { ReadEntry, ReferenceEntry } from './entry.ts'
import type { WrongLine } from '../codelists/entry-rows.ts'

/** Id of the list of customs offices. */
export const officesList = 'CL141'

/** The lists whose codes are customs offices: all of them, and those of a role (departure, destination, transit, guarantee). */
const officesLists = new Set([officesList, 'CL171', 'CL172', 'CL173', 'CL174'])

/** The list of which a list is one administration's part: `CL141` of `CL141/NTA.AL`; another is its own. */
export function baseOf(list: string): string {
  return list.split('/')[0] ?? list
}

/**
 * What is wrong with an office in the list of an administration: it must be of its country (ISO 3166), which the reference begins with
 * and the item CountryCode, where there is one, says again.
 */
export function foreignIn({ list, code, items }: ReferenceEntry, country: string): string | undefined {
  if (!officesLists.has(baseOf(list))) return undefined
  const own = items['CountryCode'] ?? country
  if (code.startsWith(country) && own === country) return undefined
  return `${code}: an office of another country than ${country}, to which the list belongs`
}

/** What is wrong with one entry, as sentences; none when it is good. @param isDeclared whether a list is known here */
export function wrongsOf(entry: ReferenceEntry, isDeclared: (list: string) => boolean): string[] {
  const { list, code, validFrom, validTo, items, parent, state } = entry
  const wrong: string[] = []
  if (!isDeclared(list)) wrong.push(`nobody declared the list ${list}: declare it first`)
  if (code === '') wrong.push('no code')
  for (const day of [validFrom, validTo]) if (day !== '' && !isDate(day)) wrong.push(`${code}: ${day} is no day`)
  if (validTo !== '' && validTo < validFrom) wrong.push(`${code}: ends on ${validTo}, before it begins on ${validFrom}`)
  if (parent === code) wrong.push(`${code}: it is above itself`)
  if (list === officesList && state === 'valid' && !/^[A-Z]{2}$/.test(items['CountryCode'] ?? ''))
    wrong.push(`${code}: an office without a country: give it the item CountryCode`)
  return wrong
}

/** Rows that are wrong beside the others: a code twice at one time, a parent that the list does not have. */
export function wrongsAmong(entries: readonly ReadEntry[]): WrongLine[] {
  const wrong: WrongLine[] = []
  const codes = Map.groupBy(entries, ({ entry }) => `${entry.list}\t${entry.code}`)
  for (const { line, entry } of entries)
    if (entry.parent !== undefined && !codes.has(`${entry.list}\t${entry.parent}`))
      wrong.push({ line, reason: `${entry.code}: the list has no ${entry.parent} above it` })
  for (const same of codes.values()) {
    const sorted = same.toSorted((a, b) => (a.entry.validFrom < b.entry.validFrom ? -1 : 1))
    for (const [at, { line, entry }] of sorted.entries()) {
      const before = sorted[at - 1]?.entry
      if (before && (before.validTo === '' || before.validTo >= entry.validFrom))
        wrong.push({ line, reason: `${entry.code} is there twice at one time` })
    }
  }
  return wrong.sort((a, b) => a.line - b.line)
}
