/** Changes of a list as a person gives them, one by one. Pure. */
import {
  type Items,
  isDate,
  type ReadEntry,
  referenceEntryIn,
  type ReferenceEntry,
  type Texts,
} from '@corridor/customs'
import type { FieldError } from '../view.ts'

/** An entry to add or to put in the place of what its code has, from its first day on; or the last day of a code. */
export interface ReferenceChange {
  code?: string
  /** `yyyy-mm-dd`; the day of the version unless told */
  validFrom?: string
  validTo?: string
  texts?: Texts
  items?: Items
  keyItems?: number
  groups?: ReferenceEntry['groups']
  parent?: string
  /** the code that ends on `validTo` */
  end?: string
}

/** The code that a change is about. */
export const codeOf = ({ code, end }: ReferenceChange): string => (code ?? end ?? '').trim()

/** The entries of changes, their places as lines (from 1), and what is wrong with them, by field. */
export function entriesOf(
  list: string,
  effective: string,
  changes: readonly ReferenceChange[],
): { entries: ReadEntry[]; errors: FieldError[] } {
  const entries: ReadEntry[] = []
  const errors: FieldError[] = []
  for (const [at, change] of changes.entries()) {
    const found = change.end === undefined ? entryIn(list, effective, change) : endIn(list, change)
    if ('remedy' in found) errors.push({ ...found, field: `changes.${at}${found.field && `.${found.field}`}` })
    else entries.push({ line: at + 1, entry: found })
  }
  return { entries, errors }
}

function entryIn(list: string, effective: string, change: ReferenceChange): ReferenceEntry | FieldError {
  if (codeOf(change) === '') return { field: 'code', remedy: 'Give the code.' }
  const { validFrom = effective, ...given } = change
  const entry = referenceEntryIn({ ...given, validFrom }, () => list)
  return typeof entry === 'string' ? { field: '', value: codeOf(change), remedy: `Correct this: ${entry}.` } : entry
}

function endIn(list: string, { end = '', validTo = '', ...others }: ReferenceChange): ReferenceEntry | FieldError {
  const [more] = Object.keys(others)
  if (more !== undefined)
    return { field: more, value: end, remedy: 'An end has the code and its last day, nothing else.' }
  if (end.trim() === '') return { field: 'end', remedy: 'Give the code that ends.' }
  if (!isDate(validTo))
    return { field: 'validTo', ...(validTo && { value: validTo }), remedy: 'Give the last day as yyyy-mm-dd.' }
  const rest = { texts: {}, items: {}, keyItems: 0, groups: [] }
  return { list, code: end.trim(), validFrom: '', validTo, state: 'invalid', ...rest }
}
