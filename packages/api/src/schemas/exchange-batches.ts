import { acts } from '@corridor/exchange'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'
import { filterProperties, messageName } from './exchange-messages.ts'
import { filterNames } from '../http/message-filter.ts'

const act = oneOf(...acts)
/** A correction has a document, and so a way of its own. */
const actByFilter = oneOf(...acts.filter((each) => each !== 'correct'))
const state = oneOf('requested', 'approved', 'done', 'refused', 'withdrawn')
const permit = oneOf('do', 'already', 'refused')
const outcome = oneOf('done', 'already', 'refused')
const why: Schema = { ...nullable(text), description: 'Code of why nothing is done', examples: ['under-way'] }
const digest: Schema = { ...text, pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the set of messages' }
const reason: Schema = {
  ...text,
  maxLength: 2_000,
  description: 'Why; ten characters to five hundred, kept in the journal',
}
const filter = object(filterProperties, filterNames)

/** Named schemas of this file. */
export const exchangeBatchSchemas: Record<string, Schema> = {
  MessageBatch: object({
    id: text,
    act,
    filter: { type: 'object', additionalProperties: text, description: 'What was asked for' },
    reason: text,
    messages: count,
    digest,
    state,
    requestedBy: ref('Named'),
    requestedAt: time,
    decidedBy: nullable(ref('Named')),
    decidedAt: nullable(time),
    decidedReason: nullable(text),
    finishedAt: nullable(time),
    done: count,
    already: { ...count, description: 'Nobody need have done anything' },
    refused: count,
  }),
  MessageBatches: object({
    batches: list(ref('MessageBatch')),
    next: { ...nullable(text), description: 'Ask for those before this one; null after the last' },
  }),
  MessageBatchItems: object({
    items: list(
      object({
        place: count,
        id: messageName,
        messageId: text,
        outcome: { ...nullable(outcome), description: 'Null: its turn is to come' },
        why,
        words: nullable(text),
        detail: nullable(text),
        at: nullable(time),
      }),
    ),
    next: nullable(count),
  }),
  DryRun: object({
    act,
    count,
    digest,
    isEverything: { ...yesNo, description: 'The filter leaves all messages: say their number with the request' },
    outcomes: list(object({ outcome: permit, why, words: nullable(text), count })),
    messages: {
      ...list(object({ id: messageName, messageId: text, state: text, outcome: permit, why })),
      description: 'The first hundred',
    },
  }),
  Correction: object({
    document: { ...text, description: 'Without access codes of guarantees' },
    difference: list(object({ sign: oneOf('-', '+'), line: count, text })),
  }),
  Trial: object({
    outcome: oneOf('decided', 'waits', 'failed'),
    reason: nullable(text),
    documents: list(object({ type: text, to: text, answers: yesNo, refuses: yesNo, document: text })),
  }),
}

export const dryRunBody = object({ act: actByFilter, filter })
export const batchBody = object(
  {
    act: actByFilter,
    filter,
    reason,
    digest: { ...digest, description: 'That of the dry run: what was looked at is what is done' },
    count: { type: 'integer', minimum: 1, description: 'The number of messages, where the filter leaves all of them' },
  },
  ['count'],
)
export const correctionBody = object({
  document: { ...text, maxLength: 20_000_000, description: 'The whole document as it should have come' },
  reason,
})
export const refusalBody = object({ reason })
export const batchParams = object({ id: { ...text, pattern: '^[1-9][0-9]{0,17}$' } })
export const batchesQuery = object(
  {
    state,
    before: { ...text, pattern: '^[1-9][0-9]{0,17}$' },
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  },
  ['state', 'before', 'limit'],
)
export const itemsQuery = object(
  {
    after: { ...count, default: 0 },
    outcome: oneOf('done', 'already', 'refused', 'left'),
    limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 200 },
  },
  ['after', 'outcome', 'limit'],
)
