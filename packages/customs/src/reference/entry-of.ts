/** An entry from what a file says of it, or what is wrong with that: the one place where days and states are understood. */
import { dayOf, openEnd } from '../codelists/days.ts'
import { addDays } from '../values/dates.ts'
import type { Items, ReferenceEntry, ReferenceGroup, Texts } from './entry.ts'
import { isStorable } from './text.ts'

/** What a file says, in its own words. */
export interface RawEntry {
  readonly list: string
  readonly code: string
  readonly state: string
  readonly from: string
  readonly to: string
  readonly parent: string
  readonly texts: Texts
  readonly items: Items
  readonly keyItems: number
  readonly groups: readonly ReferenceGroup[]
}

/** The entry, or a sentence on what is wrong. `invalid` since a day: ended the day before. */
export function entryOf(raw: RawEntry): ReferenceEntry | string {
  const code = raw.code.trim()
  if (code === '') return 'no code'
  if (/[\t\n\r]/.test(code) || code.length > 100) return 'a code has one line of at most 100 characters'
  if (!isStorable(raw))
    return `${code.toWellFormed().replaceAll('\0', '�')}: it has U+0000 or half a character: take them out`
  if (raw.list === '') return `${code}: no list`
  const validFrom = dayOf(raw.from)
  const validTo = openEnd(dayOf(raw.to))
  if (validFrom === undefined) return `${code}: first day ${raw.from} is no day yyyy-mm-dd`
  if (validTo === undefined) return `${code}: last day ${raw.to} is no day yyyy-mm-dd`
  const numbered = namesIn(raw).find((name) => /^(\d+|__proto__|)$/.test(name))
  if (numbered !== undefined) return `${code}: an item is called “${numbered}”`
  const { list, texts, items, keyItems, groups } = raw
  const rest = { texts, items, keyItems, groups, ...(raw.parent && { parent: raw.parent }) }
  const state = raw.state.trim().toLowerCase()
  if (state === 'invalid') {
    if (validFrom === '') return `${code}: invalid since no day`
    return { list, code, validFrom: '', validTo: addDays(validFrom, -1), state, ...rest }
  }
  if (state !== '' && state !== 'valid') return `${code}: state ${raw.state} is neither valid nor invalid`
  if (validTo !== '' && validTo < validFrom) return `${code}: ends on ${validTo}, before it begins on ${validFrom}`
  return { list, code, validFrom, validTo, state: 'valid', ...rest }
}

function namesIn({ items, groups }: Pick<ReferenceGroup, 'items' | 'groups'>): string[] {
  return [...Object.keys(items), ...groups.flatMap(namesIn)]
}

/** State and days as a published list writes them; the reverse of `entryOf`. */
export function daysOf({ state, validFrom, validTo }: ReferenceEntry): { state: string; from: string; to: string } {
  return state === 'invalid' ? { state, from: addDays(validTo, 1), to: '' } : { state, from: validFrom, to: validTo }
}
