import type { Field, FieldError } from '../api/types.ts'

/** What is filled in, by field name. */
export type Entries = Record<string, string>

/** The form as it opens: what was kept of a draft, else what the act proposes. */
export function entriesOf(fields: Field[], draft: Entries | undefined): Entries {
  return Object.fromEntries(fields.map((field) => [field.name, draft?.[field.name] ?? field.value ?? '']))
}

/** A finding of the form itself, before anything is sent: which field, and the key of the remedy. */
export interface Lack {
  field: string
  key: 'form.required' | 'form.tooLong' | 'form.notACode' | 'form.notADate' | 'form.notATime' | 'form.notANumber'
  most?: number
}

/** What is wrong with what was filled in; empty when it can be sent. The node checks again and has the last word. */
export function lacksOf(fields: Field[], entries: Entries): Lack[] {
  return fields.flatMap((field): Lack[] => {
    const value = (entries[field.name] ?? '').trim()
    if (value === '') return field.required ? [{ field: field.name, key: 'form.required' }] : []
    if (field.maxLength !== undefined && value.length > field.maxLength) {
      return [{ field: field.name, key: 'form.tooLong', most: field.maxLength }]
    }
    if (field.kind === 'code' && field.codes && !codeOf(field, value))
      return [{ field: field.name, key: 'form.notACode' }]
    if (field.kind === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value))
      return [{ field: field.name, key: 'form.notADate' }]
    if (field.kind === 'time' && !/^\d{2}:\d{2}$/.test(value)) return [{ field: field.name, key: 'form.notATime' }]
    if ((field.kind === 'number' || field.kind === 'amount') && !Number.isFinite(Number(value)))
      return [{ field: field.name, key: 'form.notANumber' }]
    return []
  })
}

/** What is lacking in words, by field, as the page shows it. `say` gives the words of a key. */
export function remediesOf(
  lacks: Lack[],
  say: (key: Lack['key'], values: { most: number | null }) => string,
): Record<string, string> {
  return Object.fromEntries(lacks.map(({ field, key, most }) => [field, say(key, { most: most ?? null })]))
}

/** The code meant by what was typed: the code itself, or its words, or both as the list shows them. */
export function codeOf(field: Field, typed: string): string | undefined {
  const wanted = typed.trim().toLocaleLowerCase()
  const found = field.codes?.find(({ code, text }) =>
    [code, text, `${code} ${text}`].some((form) => form.toLocaleLowerCase() === wanted),
  )
  return found?.code
}

/** What is sent: empty fields are left out, codes stand for their words, the rest is trimmed. */
export function fieldsToSend(fields: Field[], entries: Entries): Entries {
  const filled = fields.map((field) => {
    const value = (entries[field.name] ?? '').trim()
    return [field.name, field.kind === 'code' && field.codes ? (codeOf(field, value) ?? value) : value] as const
  })
  return Object.fromEntries(filled.filter(([, value]) => value !== ''))
}

/** The findings of the node by field; what names a field that the form does not have is kept under ''. */
export function byField(fields: Field[], errors: FieldError[]): Record<string, string> {
  const known = new Set(fields.map((field) => field.name))
  return Object.fromEntries(errors.map((error) => [known.has(error.field) ? error.field : '', error.remedy]))
}
