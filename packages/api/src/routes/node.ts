import type { FastifyInstance } from 'fastify'
import { callerOf, mayOperate } from '../http/authentication.ts'
import type { ApiPorts } from '../ports.ts'
import { answerOf, everywhere, ref, refusals, signedIn } from '../schemas/common.ts'

const tags = ['node']

/** `/health`, `/metrics`, `/exchange`, `/openapi.json`: the node itself. */
export function nodeRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get('/health', {
    config: { access: 'open', navigable: false },
    schema: {
      operationId: 'getHealth',
      summary: 'Whether the node can work; on its own machine and to officers also why',
      tags,
      response: {
        200: { description: 'It can; with `degraded` a person must look', ...ref('Health') },
        503: { description: 'It cannot', ...ref('Health') },
        ...refusals(...everywhere.filter((status) => status !== 503)),
      },
    },
    handler: async (request, reply) => {
      const health = await ports.health()
      reply.code(health.status === 'down' ? 503 : 200)
      if (!(await mayOperate(request, ports))) return { status: health.status }
      const { party, country, version } = ports.node
      return { ...health, node: party, country, version }
    },
  })

  app.get('/metrics', {
    config: { access: 'operator', navigable: false, produces: 'text/plain' },
    schema: {
      operationId: 'getMetrics',
      summary: 'Queues, lags, counts and times for Prometheus; no ids of messages or movements',
      tags,
      response: {
        200: answerOf('text/plain', 'Text format of Prometheus, version 0.0.4'),
        ...refusals(...signedIn),
      },
    },
    handler: async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await ports.metrics()),
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
