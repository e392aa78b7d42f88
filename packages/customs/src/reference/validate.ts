/** What is wrong with an entry by itself. With entries side by side: staged-wrong.sql. */
import { isDate } from '../values/dates.ts'
import type { Items, ReferenceEntry } from './entry.ts'
import { baseOf } from './parts.ts'

/** Id of the list of customs offices. */
export const officesList = 'CL141'

/** What of a list's head its entries are held against. */
export interface DeclaredList {
  /** ISO 3166 code of the country of its owner; none where nobody said */
  readonly country?: string
}

/** What is wrong with one entry, as sentences; none when it is good. @param declared the head of a list, where it is known here */
export function wrongsOf(entry: ReferenceEntry, declared: (list: string) => DeclaredList | undefined): string[] {
  const { list, code, validFrom, validTo, items, parent, state } = entry
  const wrong: string[] = []
  const head = declared(list)
  if (!head) wrong.push(`nobody declared the list ${list}: declare it first`)
  if (code === '') wrong.push('no code')
  for (const day of [validFrom, validTo]) if (day !== '' && !isDate(day)) wrong.push(`${code}: ${day} is no day`)
  if (validTo !== '' && validTo < validFrom) wrong.push(`${code}: ends on ${validTo}, before it begins on ${validFrom}`)
  if (parent === code) wrong.push(`${code}: it is above itself`)
  if (baseOf(list) === officesList && state === 'valid') wrong.push(...wrongsOfOffice(code, items, head?.country))
  return wrong
}

function wrongsOfOffice(code: string, items: Items, owner: string | undefined): string[] {
  const country = items['CountryCode'] ?? ''
  if (!/^[A-Z]{2}$/.test(country)) return [`${code}: an office without a country: give it the item CountryCode`]
  if (owner === undefined) return []
  if (!code.startsWith(owner))
    return [`${code}: an office of ${owner} begins with ${owner}: only its own administration publishes it`]
  return country === owner
    ? []
    : [`${code}: its country is ${country}, and this list has offices of ${owner}: correct CountryCode`]
}
