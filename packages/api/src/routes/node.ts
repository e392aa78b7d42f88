import type { FastifyInstance } from 'fastify'
import { callerOf } from '../http/authentication.ts'
import type { ApiPorts, Health } from '../ports.ts'
import { everywhere, ref, refusals, signedIn } from '../schemas/common.ts'

const tags = ['node']

/** `/health`, `/exchange`, `/openapi.json`: the node itself. */
export function nodeRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get('/health', {
    config: { access: 'open', navigable: false },
    schema: {
      operationId: 'getHealth',
      summary: 'Whether the node can work, and what waits',
      tags,
      response: {
        200: { description: 'It can', ...ref('Health') },
        503: { description: 'It cannot', ...ref('Health') },
        ...refusals(...everywhere.filter((status) => status !== 503)),
      },
    },
    handler: async (_request, reply) => {
      const health = await ports.health().catch((error: unknown): Health => {
        ports.log({ level: 'error', event: 'health-failed', reason: String(error) })
        return { database: 'down', backlog: { inbox: 0, outbox: 0 } }
      })
      const ok = health.database === 'ok'
      const { party, country, version } = ports.node
      reply.code(ok ? 200 : 503)
      return { status: ok ? 'ok' : 'down', node: party, country, ...health, version }
    },
  })

  app.get('/exchange', {
    config: { access: 'officer' },
    schema: {
      operationId: 'getExchange',
      summary: 'The partners: what they confirmed last, what waits for them, how long their certificate lasts',
      tags,
      response: { 200: { description: 'The partners', ...ref('Exchange') }, ...refusals(...signedIn) },
    },
    handler: async (request) => ({ partners: await ports.exchangeStatus(callerOf(request).account) }),
  })

  app.get('/openapi.json', {
    config: { access: 'open', navigable: false },
    schema: {
      operationId: 'getOpenApi',
      summary: 'This description (OpenAPI 3.1)',
      tags,
      response: {
        200: { description: 'OpenAPI 3.1', type: 'object', additionalProperties: true },
        ...refusals(...everywhere),
      },
    },
    handler: async () => app.swagger(),
  })
}
