import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const month: Schema = { ...text, pattern: '^[0-9]{4}-[0-9]{2}$', examples: ['2026-10'] }
/** UTC, seconds, without a zone: as documents have it. */
const moment: Schema = { ...text, examples: ['2026-12-01T20:00:00'] }
const person = object({ id: text, name: text })

/** Named schemas of this file. */
export const servicesSchemas: Record<string, Schema> = {
  Unavailability: object({
    country: text,
    name: text,
    type: { ...text, description: 'Code of CL079: planned (S), not planned (U), not implemented (N)' },
    functionality: text,
    startsAt: moment,
    endsAt: nullable(moment),
    explanation: text,
    text: nullable(text),
    fallback: nullable(yesNo),
    fallbackText: nullable(text),
    isOwn: yesNo,
    isNow: yesNo,
    toldAt: time,
  }),
  Availability: object({
    unavailabilities: list(ref('Unavailability')),
    asked: list(
      object({
        party: text,
        name: text,
        mrn: text,
        askedAt: time,
        askedBy: person,
        answeredAt: nullable(time),
        status: nullable(text),
      }),
    ),
    partners: list(object({ country: text, name: text })),
    isTold: { ...yesNo, description: 'Whether this node has an account of the central services, which are told' },
  }),
  Statistics: object({
    types: list(object({ type: text, other: oneOf('departure', 'destination'), meaning: text })),
    reports: list(
      object({
        month,
        counts: list(object({ type: text, country: text, count })),
        sentAt: time,
        sentBy: person,
        messageId: text,
        warnings: list(object({ at: time, pointer: text, code: text, value: nullable(text) })),
      }),
    ),
    nextMonth: month,
    isTold: yesNo,
  }),
}

const endsAt = nullable(moment)

/** The body by which an unavailability is announced, changed or taken back. */
export const announcementBody: Schema = object(
  {
    operation: oneOf('C', 'U', 'D'),
    type: text,
    functionality: text,
    startsAt: moment,
    endsAt,
    explanation: text,
    text: nullable(text),
    fallback: nullable(yesNo),
    fallbackText: nullable(text),
  },
  ['endsAt', 'text', 'fallback', 'fallbackText'],
)
export const askedBody: Schema = object({ country: text, mrn: text })
export const monthBody: Schema = object({ month: text })
