import { differenceKinds } from '@corridor/exchange'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const party: Schema = { ...text, pattern: '^[A-Za-z0-9._-]{1,35}$', examples: ['NTA.XK'] }
const day: Schema = {
  ...text,
  pattern: '^\\d{4}-\\d\\d-\\d\\d$',
  description: 'A day of UTC',
  examples: ['2026-11-30'],
}
const reason: Schema = { ...text, minLength: 3, maxLength: 500, pattern: '^\\S[^\\u0000-\\u001f]*\\S$' }
const cursor: Schema = { ...text, maxLength: 500, description: 'As the page before gave it' }
const base64: Schema = { ...text, contentEncoding: 'base64' }
const content = object({ contentType: text, bytes: base64 })

const total = object({ count, digest: { ...text, description: 'SHA-256 over ids and documents' } })
const sides = nullable(object({ sent: total, received: total }))

/** Named schemas of this file. */
export const reconciliationSchemas: Record<string, Schema> = {
  Reconciliation: object({
    number: count,
    partner: party,
    partnerName: text,
    role: { ...oneOf('ours', 'theirs'), description: 'Who began it' },
    day,
    state: oneOf('wanted', 'asked', 'compared', 'refused'),
    repair: nullable(oneOf('wanted', 'ordered', 'ended')),
    automatic: yesNo,
    follows: { ...nullable(count), description: 'The one whose repair it looks after' },
    actor: nullable(text),
    reason: nullable(text),
    refusal: { ...nullable(text), description: 'Why it ended without a result' },
    own: sides,
    theirs: sides,
    isSame: { ...yesNo, description: 'Both sides have the very same messages' },
    parts: { ...count, description: 'How many parts of the day differed' },
    wantedAt: time,
    askedAt: nullable(time),
    comparedAt: nullable(time),
    mendedAt: nullable(time),
    differences: {
      type: 'object',
      description: 'How many messages differ, by how',
      additionalProperties: count,
    },
    open: { ...count, description: 'How many of them are as they were' },
  }),
  Reconciliations: object({ runs: list(ref('Reconciliation')), next: nullable(cursor) }),
  ReconciliationDifferences: object({
    differences: list(
      object({
        direction: { ...oneOf('out', 'in'), description: 'out: this node has sent it' },
        messageId: text,
        kind: oneOf(...differenceKinds),
        digest: text,
        told: { ...nullable(text), description: 'Why it was not mended' },
        conversation: nullable(text),
        documentType: nullable(text),
        state: nullable(text),
        at: nullable(time),
        settled: yesNo,
        returned: { ...yesNo, description: 'The partner gave it back: it can be shown' },
      }),
    ),
    next: nullable(cursor),
  }),
  ReconciliationWanted: object({ number: count }),
  ReturnedMessage: object({
    partner: party,
    messageId: text,
    conversation: text,
    documentType: text,
    refTo: nullable(text),
    madeAt: time,
    returnedAt: time,
    receipted: { ...yesNo, description: 'The partner’s receipt for it holds' },
    document: base64,
    signed: { ...content, description: 'What this node signed then' },
    receipt: content,
  }),
}

export const runsQuery: Schema = object({ partner: party, day, cursor }, ['partner', 'day', 'cursor'])
export const differencesQuery: Schema = object({ cursor }, ['cursor'])
export const runParams: Schema = object({ number: { type: 'integer', minimum: 1 } })
export const returnedParams: Schema = object({ partner: party, messageId: { ...text, maxLength: 255 } })
export const wantBody: Schema = object({ partner: party, day, repair: yesNo, reason }, ['repair'])
export const mendBody: Schema = object({ reason })
