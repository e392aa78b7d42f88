import { count, list, nullable, object, ref, text, time, yesNo, type Schema } from './common.ts'

/** Lines of one page of the list of movements. */
export const pageSize = 50

/** Named schemas of this file. */
export const movementListSchemas: Record<string, Schema> = {
  MovementRow: object({
    mrn: text,
    lrn: text,
    status: ref('Status'),
    departure: ref('Office'),
    destination: ref('Office'),
    holder: ref('Named'),
    vehicle: nullable(ref('Vehicle')),
    packages: count,
    updatedAt: time,
    dueAt: nullable(time),
    needsAct: yesNo,
  }),
  /** `total` is 1,000 at the most; `more` says that there are others. */
  MovementPage: object({ items: list(ref('MovementRow')), total: count, more: yesNo, page: count, pageSize: count }),
}

/** Query of `GET /movements`. */
export const movementListQuery = object(
  {
    q: { ...text, maxLength: 100, description: 'Part of an MRN, LRN, plate or holder' },
    status: { ...text, maxLength: 60, description: 'Code of a state' },
    page: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
  },
  ['q', 'status', 'page'],
)
