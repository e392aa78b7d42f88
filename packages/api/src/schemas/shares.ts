import { count, list, nullable, object, oneOf, ref, text, time, type Schema } from './common.ts'

const party: Schema = { ...text, pattern: '^[A-Za-z0-9._-]{1,35}$', examples: ['NTA.BW'] }
const id: Schema = { ...text, minLength: 1, maxLength: 100 }
const words: Schema = { ...text, minLength: 1, maxLength: 500 }
const digest: Schema = { ...text, pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the contract, as lists show it' }
const version: Schema = { type: 'integer', minimum: 1, maximum: 100_000 }
const state = oneOf('offered', 'accepted', 'declined', 'replaced', 'withdrawn', 'ended')

/** A utility block in the form in which `POST /declarations` takes it. */
const block: Schema = {
  type: 'object',
  required: ['UtilityBlock'],
  properties: { UtilityBlock: { type: 'object', additionalProperties: true } },
  additionalProperties: false,
}

const agreed = {
  purpose: words,
  legalBasis: words,
  edition: { ...text, description: 'Edition of the utility block' },
  elements: {
    ...list({ ...text, maxLength: 500 }),
    maxItems: 2_000,
    description: 'By their paths; a group stands for all below it. What is not named does not leave its owner',
  },
  from: time,
  to: time,
  retentionDays: { type: 'integer', minimum: 1, maximum: 3_660, description: 'So long the reader keeps one object' },
}

const next: Schema = { ...nullable(text), description: 'Cursor of the next page; null: there is none' }

const item: Schema = object({
  number: count,
  item: text,
  version: count,
  subject: text,
  digest: text,
  sharedAt: time,
  until: { ...time, description: 'Until when the reader keeps it' },
  endedAt: nullable(time),
  endReason: nullable(text),
  readings: count,
})

/** Named schemas of this file. */
export const shareSchemas: Record<string, Schema> = {
  Share: object({
    number: count,
    owner: text,
    ownerName: text,
    reader: text,
    readerName: text,
    id: text,
    version: count,
    ...agreed,
    digest: text,
    state,
    offeredAt: time,
    answeredAt: nullable(time),
    answeredBy: nullable(text),
    endedAt: nullable(time),
    endedBy: { ...nullable(text), description: 'Party that withdrew it; null when its period ended' },
    reason: nullable(text),
    items: count,
    readings: count,
  }),
  Shares: object({ shares: list(ref('Share')), next }),
  ShareDetail: object({ versions: list(ref('Share')), items: list(item), next }),
  ShareItems: object({ items: list(item), next }),
  ShareReadings: object({
    readings: list(
      object({
        number: count,
        id: text,
        item: text,
        version: count,
        subject: text,
        who: text,
        readAt: time,
        notedAt: time,
        messageId: { ...text, description: 'Of the message in which the reader’s node signed it' },
      }),
    ),
    next,
  }),
  ShareTerms: object({
    party: text,
    partners: list(ref('Named')),
    purposes: { ...list(text), description: 'For which exports go under a share' },
    editions: list(
      object({
        edition: text,
        elements: list(object({ path: text, meaning: text })),
        always: { ...list(text), description: 'Without these a contract is none' },
      }),
    ),
  }),
  ShareDone: object({ owner: text, id: text, version: count, digest: text, state }),
  SharedItem: object({ contract: text, version: count, item: text, digest: text }),
  SharedBlock: object({
    subject: text,
    sharedAt: time,
    until: time,
    block,
  }),
}

export const shareParams: Schema = object({ owner: party, id })
export const itemParams: Schema = object({ owner: party, item: id })
export const proposalBody: Schema = object(
  { reader: party, ...agreed, replaces: { ...id, description: 'Contract that this is a new version of' } },
  ['replaces'],
)
export const answerBody: Schema = object({ version, digest, answer: oneOf('accepted', 'declined'), reason: words }, [
  'reason',
])
export const withdrawalBody: Schema = object({ reason: words })
export const shareBlockBody: Schema = object({
  reader: party,
  subject: { ...words, description: 'By which people know it: a UCR, a number' },
  block,
})
/** Query of lists that go from page to page. */
export const cursorQuery: Schema = object(
  { cursor: { ...text, maxLength: 100, description: '`next` of the page before' } },
  ['cursor'],
)
