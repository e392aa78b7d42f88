import type { Items, ReferenceEntry, ReferenceGroup, Texts } from '@corridor/customs'

/** An entry as its columns; days as text, open ones infinite. */
export interface EntryColumns {
  list: string
  code: string
  valid_from: string
  valid_to: string
  end_only: boolean
  parent: string | null
  texts: Texts
  items: Items
  key_items: number
  groups: ReferenceGroup[]
}

/** The entry of a row. */
export function entryOf(row: EntryColumns): ReferenceEntry {
  return {
    list: row.list,
    code: row.code,
    validFrom: dayOf(row.valid_from),
    validTo: dayOf(row.valid_to),
    state: row.end_only ? 'invalid' : 'valid',
    texts: row.texts,
    items: row.items,
    keyItems: row.key_items,
    groups: row.groups,
    ...(row.parent !== null && { parent: row.parent }),
  }
}

/** '' of an open day. */
export function dayOf(day: string): string {
  return day.endsWith('infinity') ? '' : day
}
