import { participantOf } from '@corridor/registry'
import type { Asked, Delivery, Owner, UrlRefusal, Webhook } from '@corridor/webhooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf } from '../http/authentication.ts'
import type { ApiPorts } from '../ports.ts'
import { everywhere, ref, refusals, signedIn } from '../schemas/common.ts'
import { deliveryParams, webhookBody, webhookChange, webhookParams } from '../schemas/webhooks.ts'

const tags = ['webhooks']

interface OfOne {
  Params: { id: string }
}

/** What to do about a URL that cannot be an endpoint. A name that leads nowhere and one that leads inside are answered alike. */
const remedies: Record<Exclude<UrlRefusal, 'registered' | 'too-many'>, string> = {
  'not-a-url': 'Give the whole address of an endpoint: https://host/path.',
  'not-https': 'Use https.',
  credentials: 'Leave out name and password: the signature says who calls.',
  port: 'Use a port that this node may call; 443 is one.',
  'no-public-address': 'Use a name that leads to addresses of the open internet only.',
}

/** `/webhooks`: where traders' software asks to be told of what lies in its mailbox (Standard Webhooks). */
export function webhookRoutes(app: FastifyInstance, ports: ApiPorts): void {
  registerRoute(app, ports)
  listRoutes(app, ports)
  changeRoutes(app, ports)
  secretRoute(app, ports)
  eventRoutes(app, ports)
}

function registerRoute(app: FastifyInstance, { webhooks }: ApiPorts): void {
  app.post<{ Body: { url: string; description?: string | null } }>('/webhooks', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'registerWebhook',
      summary: 'Register an endpoint; it is told of every document that comes into the mailbox from now on',
      tags,
      body: webhookBody,
      response: {
        201: { description: 'Registered', ...ref('WebhookRegistered') },
        ...refusals(...signedIn, 409, 413, 415, 422),
      },
    },
    handler: async (request, reply) => {
      const { url } = request.body
      const done = await webhooks.register(ownerOf(request), request.body)
      if (done.kind === 'refused') {
        const { reason } = done
        if (reason === 'registered' || reason === 'too-many') throw new ApiFault(`webhook-${reason}`)
        throw new ApiFault('invalid', {
          errors: [{ field: 'url', value: url.slice(0, 200), remedy: remedies[reason] }],
        })
      }
      reply.code(201).header('location', `/webhooks/${done.webhook.id}`)
      return { webhook: shown(done.webhook), secret: done.secret }
    },
  })
}

function listRoutes(app: FastifyInstance, { webhooks }: ApiPorts): void {
  app.get('/webhooks', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'listWebhooks',
      summary: 'Your endpoints',
      tags,
      response: { 200: { description: 'All of them', ...ref('WebhookList') }, ...refusals(...signedIn) },
    },
    handler: async (request) => ({ items: (await webhooks.list(ownerOf(request).owner)).map(shown) }),
  })
  app.get<OfOne>('/webhooks/:id', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'getWebhook',
      summary: 'One endpoint, and how it stands with it',
      tags,
      params: webhookParams,
      response: { 200: { description: 'The endpoint', ...ref('Webhook') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => shown(there(await webhooks.find(ownerOf(request).owner, request.params.id))),
  })
}

function changeRoutes(app: FastifyInstance, { webhooks }: ApiPorts): void {
  app.patch<OfOne & { Body: { enabled?: boolean; description?: string | null } }>('/webhooks/:id', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'changeWebhook',
      summary: 'Disable an endpoint, or enable it again: what had waited is delivered then',
      tags,
      params: webhookParams,
      body: webhookChange,
      response: { 200: { description: 'Changed', ...ref('Webhook') }, ...refusals(...signedIn, 404, 413, 415, 422) },
    },
    handler: async (request) => shown(there(await webhooks.change(ownerOf(request), request.params.id, request.body))),
  })
  app.delete<OfOne>('/webhooks/:id', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'deleteWebhook',
      summary: 'Delete an endpoint, with what was still to be delivered to it',
      tags,
      params: webhookParams,
      response: { 204: { description: 'Deleted', type: 'null' }, ...refusals(...everywhere, 401, 403, 404) },
    },
    handler: async (request, reply) => {
      there(await webhooks.remove(ownerOf(request), request.params.id))
      return reply.code(204).send()
    },
  })
}

function secretRoute(app: FastifyInstance, { webhooks }: ApiPorts): void {
  app.post<OfOne>('/webhooks/:id/secret', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'rotateWebhookSecret',
      summary: 'Get a new secret; for a day, deliveries are signed with the one before it too',
      tags,
      params: webhookParams,
      response: { 201: { description: 'The new one', ...ref('WebhookSecret') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request, reply) => {
      const { secret, olderUntil } = there(await webhooks.rotate(ownerOf(request), request.params.id))
      reply.code(201)
      return { secret, olderUntil: olderUntil.toISOString() }
    },
  })
}

function eventRoutes(app: FastifyInstance, { webhooks }: ApiPorts): void {
  app.post<OfOne>('/webhooks/:id/test', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'testWebhook',
      summary: 'Have a test event delivered; not while twenty events wait for the endpoint',
      tags,
      params: webhookParams,
      response: { 202: { description: 'It will come', ...ref('WebhookEvent') }, ...refusals(...signedIn, 404, 409) },
    },
    handler: async (request, reply) => {
      const who = ownerOf(request)
      requireEnabled(there(await webhooks.find(who.owner, request.params.id)))
      reply.code(202)
      return { event: owed(await webhooks.test(who, request.params.id)) }
    },
  })
  app.get<OfOne>('/webhooks/:id/deliveries', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'listWebhookDeliveries',
      summary: 'What became of the newest hundred events at an endpoint',
      tags,
      params: webhookParams,
      response: {
        200: { description: 'The newest first', ...ref('WebhookDeliveries') },
        ...refusals(...signedIn, 404),
      },
    },
    handler: async (request) => {
      const found = there(await webhooks.deliveries(ownerOf(request).owner, request.params.id))
      return { items: found.map(shownDelivery) }
    },
  })
  app.post<{ Params: { id: string; event: string } }>('/webhooks/:id/deliveries/:event/redeliver', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'redeliverWebhookEvent',
      summary: 'Have an event delivered once more, under its id; not while twenty events wait for the endpoint',
      tags,
      params: deliveryParams,
      response: { 202: { description: 'It will come', ...ref('WebhookEvent') }, ...refusals(...signedIn, 404, 409) },
    },
    handler: async (request, reply) => {
      const { owner } = ownerOf(request)
      const { id, event } = request.params
      requireEnabled(there(await webhooks.find(owner, id)))
      reply.code(202)
      return { event: owed(await webhooks.redeliver(owner, id, event)) }
    },
  })
}

/** Endpoints belong to whose mailbox it is, as the mailbox does. */
function ownerOf(request: FastifyRequest): Owner {
  const { account } = callerOf(request)
  return { owner: participantOf(account) ?? '', actor: account.id }
}

function there<T>(found: T | undefined | false): T {
  if (found === undefined || found === false) throw new ApiFault('not-found')
  return found
}

/** The event that will come. */
function owed(asked: Asked | undefined): string {
  const found = there(asked)
  if (found.kind === 'owed') return found.event
  throw new ApiFault(found.kind === 'too-many-waiting' ? 'webhook-too-many-waiting' : 'not-found')
}

function requireEnabled({ disabledAt }: Webhook): void {
  if (disabledAt !== null) throw new ApiFault('webhook-disabled')
}

function shown({ createdAt, disabledAt, failingSince, lastDeliveredAt, ...webhook }: Webhook) {
  return {
    ...webhook,
    createdAt: createdAt.toISOString(),
    enabled: disabledAt === null,
    disabledAt: disabledAt?.toISOString() ?? null,
    failingSince: failingSince?.toISOString() ?? null,
    lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
  }
}

function shownDelivery({ subject, createdAt, dueAt, settledAt, ...delivery }: Delivery) {
  return {
    ...delivery,
    messageId: subject,
    createdAt: createdAt.toISOString(),
    dueAt: dueAt?.toISOString() ?? null,
    settledAt: settledAt?.toISOString() ?? null,
  }
}
