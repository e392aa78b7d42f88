import { fallbackPapers } from '@corridor/casework'
import { actFieldsSchema } from './movement.ts'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const row = {
  id: { ...text, description: 'In addresses', examples: ['AL000101-2026-3'] },
  number: { ...text, examples: ['AL000101/2026/3'] },
  role: oneOf('departure', 'destination'),
  office: ref('Office'),
  status: ref('Status'),
  reason: { ...text, description: 'Code of the list fallback-reason; empty before it begins' },
  beganAt: nullable(time),
  endedAt: nullable(time),
  papers: {
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'How many papers are in which state',
  },
}

const acts = list(
  object({
    act: text,
    primary: yesNo,
    undoable: yesNo,
    fields: list(actFieldsSchema),
    effect: object({
      code: text,
      values: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
    }),
  }),
)

const explained = object({ text, by: text, at: time })

const paper = object({
  mrn: text,
  state: oneOf('reserved', 'issued', 'entered', 'returned', 'noted'),
  result: ref('Status'),
  declarant: nullable(ref('Named')),
  lrn: text,
  at: { ...nullable(time), description: 'When the goods left, or arrived' },
  packages: nullable(count),
  grossMass: { ...text, description: 'Kilograms; empty when the paper says none' },
  movement: { ...nullable(ref('Status')), description: 'The movement that it became, at this office' },
  double: { ...nullable(text), description: 'MRN of the movement that was declared electronically as well' },
  seen: list(object({ office: ref('Office'), document: text, at: time })),
  flags: list(
    object({
      flag: text,
      turn: object({ code: oneOf('office', 'trader'), party: text }),
      explainable: yesNo,
      explained: nullable(explained),
    }),
  ),
  acts: list(text),
})

/** Named schemas of this file. */
export const fallbackSchemas: Record<string, Schema> = {
  FallbackRow: object(row),
  FallbackPage: object({ items: list(ref('FallbackRow')), total: count, page: count, pageSize: count, acts }),
  FallbackView: object({
    ...row,
    version: count,
    note: text,
    next: { ...nullable(text), description: 'MRN of the next form that nobody has used' },
    flagged: { ...count, description: 'Papers with something that is neither settled nor explained' },
    papersNow: { ...list(text), description: 'What can be printed of it now: `forms`, `register`' },
    acts,
    entries: list(paper),
    audit: list(object({ at: time, who: text, code: text, detail: nullable(text) })),
  }),
}

/** Query of `GET /fallback`. */
export const fallbackListQuery = object({ page: { type: 'integer', minimum: 1, maximum: 100_000, default: 1 } }, [
  'page',
])

export const fallbackParams = object({
  id: { ...text, pattern: '^[A-Z0-9]{8}-[0-9]{4}-[0-9]{1,6}$', description: 'Office, year and count with hyphens' },
})

export const fallbackPrintParams = object({
  ...(fallbackParams['properties'] as Record<string, Schema>),
  kind: oneOf(...fallbackPapers),
})

export const fallbackPaperParams = object({
  ...(fallbackParams['properties'] as Record<string, Schema>),
  mrn: { ...text, pattern: '^[A-Z0-9]{18}$', description: 'MRN of the form' },
})

/** Body of an act; without `version` for one that makes a new mode. */
export const fallbackActBody = object(
  {
    act: { ...text, maxLength: 40 },
    version: count,
    fields: {
      type: 'object',
      maxProperties: 40,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,39}$' },
      additionalProperties: { type: ['string', 'number', 'null'], maxLength: 4000 },
    },
  },
  ['version'],
)
