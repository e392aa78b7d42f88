import type { ReferenceEntry, Texts } from '../api/reference-types.ts'
import type { FieldError } from '../api/types.ts'

/** A change as it is being written. Of a code that the list has, what the form does not show stays as it is. */
export interface ChangeDraft {
  kind: 'entry' | 'end'
  code: string
  validFrom: string
  validTo: string
  texts: Texts
  parent: string
  items: Texts
  keyItems: number
  groups: ReferenceEntry['groups']
}

/** A change of which nothing is written yet. */
export function emptyChange(): ChangeDraft {
  return {
    kind: 'entry',
    code: '',
    validFrom: '',
    validTo: '',
    texts: {},
    parent: '',
    items: {},
    keyItems: 0,
    groups: [],
  }
}

/** Fills in what the list says of a code, where nothing was written. */
export function filledFrom(change: ChangeDraft, entry: ReferenceEntry): ChangeDraft {
  const { texts, items, keyItems, groups, parent } = entry
  return { ...change, texts: { ...texts }, items: { ...items }, keyItems, groups, parent: parent ?? '' }
}

/** Whether a change says nothing yet but perhaps its code. */
export function isBlank({ texts, parent, items, groups }: ChangeDraft): boolean {
  return (
    parent === '' &&
    groups.length === 0 &&
    [texts, items].every((each) => Object.values(each).every((one) => one === ''))
  )
}

/** The change as the node takes it: what is empty is left out. */
export function toChange({ kind, code, validTo, ...change }: ChangeDraft): object {
  if (kind === 'end') return { end: code.trim(), ...(validTo && { validTo }) }
  const { validFrom, parent, keyItems, groups } = change
  const items = filled(change.items)
  return {
    code: code.trim(),
    ...(validFrom && { validFrom }),
    ...(validTo && { validTo }),
    texts: filled(change.texts),
    ...(parent.trim() && { parent: parent.trim() }),
    ...(Object.keys(items).length > 0 && { items, keyItems }),
    ...(groups.length > 0 && { groups }),
  }
}

function filled(values: Texts): Texts {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : [])),
  )
}

/** The media type of a file by the end of its name; undefined for a name that does not say. */
export function typeOfFile(name: string): string | undefined {
  const types: Record<string, string> = {
    csv: 'text/csv',
    tsv: 'text/tab-separated-values',
    xml: 'application/xml',
    json: 'application/x-ndjson',
    jsonl: 'application/x-ndjson',
  }
  return types[name.toLowerCase().split('.').pop() ?? '']
}

const controls = new Set(['code', 'validFrom', 'validTo', 'parent'])

/** The id of the control that an error of the node is about: `changes.0.end` is at `change-0-code`; '' when it is about none. */
export function controlOf(field: string): string {
  const [, at, name = ''] = /^changes\.(\d+)(?:\.(\w+))?/.exec(field) ?? []
  if (at !== undefined) return `change-${at}-${controls.has(name) ? name : 'code'}`
  if (field === 'file' || field.startsWith('line ')) return 'field-file'
  return ['effective', 'note', 'ending'].includes(field) ? `field-${field}` : ''
}

/** The first error of each control. */
export function errorsByControl(errors: FieldError[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { field, remedy } of errors) found[controlOf(field)] ??= remedy
  return found
}
