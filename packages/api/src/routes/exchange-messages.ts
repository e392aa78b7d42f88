import type { KeptBytes } from '@corridor/exchange'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { sendDocument } from '../http/document.ts'
import { type FilterText, messageCursor, readFilter, readMessageCursor } from '../http/message-filter.ts'
import { readNumbers } from '../http/query.ts'
import type { MessagesPort } from '../messages-port.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import { countQuery, exchangeMessageParams, messagesQuery } from '../schemas/exchange-messages.ts'

const tags = ['exchange']
const access = 'operations'

/** So far messages are counted for a list. */
const countedTo = 10_000

/** `/exchange/messages`: all that came and all that is owed, for the operations desk. */
export function exchangeMessageRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const own = (): MessagesPort => {
    if (ports.exchangeMessages === undefined) throw new ApiFault('not-found')
    return ports.exchangeMessages
  }
  listRoutes(app, own)
  detailRoute(app, own)
  documentRoute(app, own)
  bytesRoute(
    app,
    own,
    'raw',
    'getExchangeMessageRaw',
    'The exact bytes that were exchanged, with their content type in Original-Content-Type',
  )
  bytesRoute(
    app,
    own,
    'receipt',
    'getExchangeMessageReceipt',
    'The exact bytes of its receipt, with their content type in Original-Content-Type',
  )
}

function listRoutes(app: FastifyInstance, own: () => MessagesPort): void {
  app.get<{ Querystring: FilterText & { cursor?: string; limit: number } }>('/exchange/messages', {
    config: { access },
    preValidation: readNumbers('limit'),
    schema: {
      operationId: 'listExchangeMessages',
      summary: 'Messages that came and that are owed, the newest first, by what is asked',
      tags,
      querystring: messagesQuery,
      response: { 200: { description: 'One page', ...ref('ExchangeMessages') }, ...refusals(...signedIn, 422) },
    },
    handler: async ({ query: { cursor, limit, ...filter } }) => {
      const after = cursor === undefined ? undefined : readMessageCursor(cursor)
      const { messages, next } = await own().list(readFilter(filter), { limit, after })
      return { messages, next: next === undefined ? null : messageCursor(next) }
    },
  })
  app.get<{ Querystring: FilterText }>('/exchange/messages/count', {
    config: { access },
    schema: {
      operationId: 'countExchangeMessages',
      summary: 'How many messages there are of what is asked, counted up to ten thousand',
      tags,
      querystring: countQuery,
      response: { 200: { description: 'The number', ...ref('ExchangeMessageCount') }, ...refusals(...signedIn, 422) },
    },
    handler: ({ query }) => own().count(readFilter(query), countedTo),
  })
}

function detailRoute(app: FastifyInstance, own: () => MessagesPort): void {
  app.get<{ Params: { id: string } }>('/exchange/messages/:id', {
    config: { access },
    schema: {
      operationId: 'getExchangeMessage',
      summary: 'One message: envelope, receipt, what happened to it, its conversation, and how it stands',
      tags,
      params: exchangeMessageParams,
      response: { 200: { description: 'The message', ...ref('ExchangeMessageDetail') }, ...refusals(...signedIn, 404) },
    },
    handler: async ({ params }) => there(await own().detail(params.id)),
  })
}

function documentRoute(app: FastifyInstance, own: () => MessagesPort): void {
  app.get<{ Params: { id: string } }>('/exchange/messages/:id/document', {
    config: { access, produces: 'application/xml', alsoProduces: 'application/json' },
    schema: {
      operationId: 'getExchangeMessageDocument',
      summary: 'The document of a message, without access codes of guarantees',
      tags,
      params: exchangeMessageParams,
      response: {
        200: {
          description: 'The document',
          content: { 'application/xml': { schema: {} }, 'application/json': { schema: {} } },
        },
        ...refusals(...signedIn, 404),
      },
    },
    handler: async ({ params }, reply) => sendDocument(reply, (await own().bytes(params.id, 'document'))?.body),
  })
}

function bytesRoute(
  app: FastifyInstance,
  own: () => MessagesPort,
  kept: KeptBytes,
  operationId: string,
  summary: string,
): void {
  app.get<{ Params: { id: string } }>(`/exchange/messages/:id/${kept}`, {
    config: { access, produces: '*/*', navigable: false },
    schema: {
      operationId,
      summary,
      tags,
      params: exchangeMessageParams,
      response: {
        200: { description: 'The bytes', content: { 'application/octet-stream': { schema: {} } } },
        ...refusals(...signedIn, 404),
      },
    },
    handler: async ({ params }, reply) => {
      const { contentType, body } = there(await own().bytes(params.id, kept))
      return reply
        .header('content-disposition', `attachment; filename="${params.id}.${kept}"`)
        .header('original-content-type', contentType.replaceAll(/[^\x20-\x7e]/g, ' '))
        .header('cache-control', 'no-store')
        .type('application/octet-stream')
        .send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
    },
  })
}

function there<T>(found: T | undefined): T {
  if (found === undefined) throw new ApiFault('not-found')
  return found
}
