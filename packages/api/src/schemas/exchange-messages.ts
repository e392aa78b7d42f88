import { keptBytes, messageStates } from '@corridor/exchange'
import { filterNames } from '../http/message-filter.ts'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const direction = oneOf('in', 'out')
const state = oneOf(...messageStates)
const anything: Schema = { type: 'object', additionalProperties: true }
export const messageName: Schema = { ...text, pattern: '^(in|out)-[1-9][0-9]{0,17}$', examples: ['in-12'] }

const verdict = object({
  code: { ...text, examples: ['delivered'] },
  words: text,
  remedy: { ...text, description: 'What is to be done, if anything' },
})

const message = {
  id: messageName,
  direction,
  link: text,
  messageId: text,
  type: text,
  from: ref('Named'),
  to: ref('Named'),
  conversation: text,
  refTo: nullable(text),
  state,
  tries: count,
  reason: nullable(text),
  at: { ...time, description: 'When it came, or was written' },
  firstSentAt: nullable(time),
  receiptedAt: nullable(time),
  doneAt: nullable(time),
  verdict,
}

/** Named schemas of this file. */
export const exchangeMessageSchemas: Record<string, Schema> = {
  ExchangeMessage: object(message),
  ExchangeMessages: object({
    messages: list(ref('ExchangeMessage')),
    next: { ...nullable(text), description: 'Cursor of the next page; null after the last' },
  }),
  ExchangeMessageCount: object({
    count,
    atLeast: { ...yesNo, description: 'There are more: it was counted up to here' },
  }),
  ExchangeMessageDetail: object({
    ...message,
    documentDigest: { ...text, description: 'SHA-256' },
    bytes: object(Object.fromEntries(keptBytes.map((kept) => [kept, nullable(count)]))),
    damaged: { ...list(oneOf(...keptBytes)), description: 'What the disk has changed' },
    envelope: { ...nullable(anything), description: 'What the exchanged bytes say, without the document' },
    receipt: { ...nullable(anything), description: 'What the receipt says' },
    journal: list(
      object({
        at: time,
        kind: text,
        actor: nullable(text),
        office: nullable(text),
        detail: { description: 'By kind' },
      }),
    ),
    answersTo: nullable(object({ id: messageName, type: text, state })),
    answers: list(ref('ExchangeMessage')),
    batches: {
      ...list(
        object({
          id: text,
          act: text,
          reason: text,
          state: text,
          requestedBy: ref('Named'),
          requestedAt: time,
          decidedBy: nullable(ref('Named')),
          decidedAt: nullable(time),
          outcome: nullable(text),
          words: nullable(text),
        }),
      ),
      description: 'Repairs that it is in, the newest first',
    },
    messages: { ...list(ref('ExchangeMessage')), description: 'Its conversation, oldest first' },
  }),
}

const meaning: Record<(typeof filterNames)[number], string> = {
  q: 'An MRN, LRN, plate, seal or container, or the beginning of a message id',
  mrn: 'Named in the document, or what the message belongs to',
  lrn: 'Named in the document, or what the message belongs to',
  plate: 'Of a means of transport at departure or at the border; case, spaces and dashes do not count',
  seal: 'Identifier of a seal',
  container: 'Number of a container',
  ids: 'Messages themselves: in-12,out-7',
  messageId: 'Beginning of an id on the wire',
  conversation: 'What keeps messages in order: the MRN, or the LRN until there is one',
  partner: 'The other side: a party, an office of ours, a trader',
  type: 'Name of the document',
  state: `One or some of ${messageStates.join(', ')}`,
  direction: 'in or out',
  from: 'Came or was written from this day (UTC) or moment on',
  to: 'Before this day (UTC) or moment',
}

/** The members of a filter. All of them must hold. */
export const filterProperties: Record<string, Schema> = Object.fromEntries(
  filterNames.map((name) => [name, { ...text, maxLength: name === 'ids' ? 20_000 : 200, description: meaning[name] }]),
)

/** Most messages of one page of a list. */
const mostListed = 200

/** Query of `GET /exchange/messages`. */
export const messagesQuery = object(
  {
    ...filterProperties,
    cursor: { ...text, maxLength: 200, description: 'From an earlier answer' },
    limit: { type: 'integer', minimum: 1, maximum: mostListed, default: 50 },
  },
  [...filterNames, 'cursor', 'limit'],
)

/** Query of `GET /exchange/messages/count`. */
export const countQuery = object(filterProperties, filterNames)

/** Path of one message. */
export const exchangeMessageParams = object({ id: messageName })
