import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf } from '../http/authentication.ts'
import { takeXmlOnly } from '../http/body.ts'
import { decodeCursor, encodeCursor } from '../http/cursor.ts'
import { sendDocument } from '../http/document.ts'
import { idempotencyOf } from '../http/idempotency-key.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn, text } from '../schemas/common.ts'
import { mailboxQuery, messageParams } from '../schemas/mailbox.ts'

const tags = ['messages']

/** `/messages`: where traders' software and outside systems post documents and fetch what is for them. */
export function mailboxRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.register(async (inner) => submitRoute(inner, ports))
  pageRoute(app, ports)
  messageRoute(app, ports)
}

function submitRoute(app: FastifyInstance, ports: ApiPorts): void {
  takeXmlOnly(app)
  app.post<{ Body: Buffer | undefined }>('/messages', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'submitMessage',
      summary: 'Post a document (CC015C, CC007C, …); what is wrong inside it is answered in the mailbox',
      tags,
      headers: { type: 'object', properties: { 'idempotency-key': { ...text, description: 'A UUID is good' } } },
      body: { content: { 'application/xml': { schema: {} } } },
      response: {
        202: { description: 'On disk; it takes effect exactly once', ...ref('Submission') },
        ...refusals(...signedIn, 413, 415, 422),
      },
    },
    handler: async (request, reply) => {
      const { body } = request
      if (callerOf(request).account.role === 'agency')
        throw new ApiFault('act-refused', { detail: 'An agency reads what it gets, and sends nothing.' })
      if (!body?.length)
        throw new ApiFault('malformed', { detail: 'The body is empty; post the document as application/xml.' })
      const outcome = await ports.submitTraderMessage(callerOf(request).account, body, idempotencyOf(request))
      if (outcome.kind === 'key-reused') throw new ApiFault('idempotency-key-reused')
      const { id, messageId, receivedAt, position } = outcome
      reply.code(202)
      return { id, messageId, receivedAt, mailbox: `/messages?since=${encodeCursor(position)}` }
    },
  })
}

function pageRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { since?: string; limit: number } }>('/messages', {
    config: { access: 'mailbox' },
    preValidation: readNumbers('limit'),
    schema: {
      operationId: 'listMessages',
      summary: 'The mailbox of the trader or outside system, oldest first, after a cursor',
      tags,
      querystring: mailboxQuery,
      response: { 200: { description: 'One page', ...ref('MailboxPage') }, ...refusals(...signedIn) },
    },
    handler: async (request) => {
      const { since, limit } = request.query
      const position = since === undefined ? undefined : decodeCursor(since)
      const items = await ports.mailbox(callerOf(request).account, position, limit)
      return {
        items: items.map(({ position, ...item }) => ({
          ...item,
          cursor: encodeCursor(position),
          href: `/messages/${encodeURIComponent(item.id)}`,
        })),
        next: encodeCursor(items.at(-1)?.position ?? position ?? ''),
      }
    },
  })
}

function messageRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { id: string } }>('/messages/:id', {
    config: { access: 'mailbox', produces: 'application/xml', alsoProduces: 'application/json' },
    schema: {
      operationId: 'getMessage',
      summary: 'One document of the mailbox',
      tags,
      params: messageParams,
      response: {
        200: {
          description: 'The document; JSON for declaration data, XML for all others',
          content: { 'application/xml': { schema: {} }, 'application/json': { schema: {} } },
        },
        ...refusals(...signedIn, 404),
      },
    },
    handler: async (request, reply) =>
      sendDocument(reply, await ports.mailboxMessage(callerOf(request).account, request.params.id)),
  })
}
