import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { ApiPorts } from './ports.ts'
import { cookieName } from './http/authentication.ts'

/** Either of the two ways of saying who one is. */
const someone: Record<string, string[]>[] = [{ bearer: [] }, { session: [] }]

/** Makes the OpenAPI 3.1 document from the schemas of the routes that are added after this call. */
export function describeApi(app: FastifyInstance, { node }: ApiPorts): void {
  app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: `Corridor, node ${node.party}`,
        version: node.version,
        description:
          'What officers, traders’ software and the console ask of their own node. Refusals are RFC 9457 problems.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A token made with `corridor token`' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: cookieName(node.country),
            description: 'Set by POST /session',
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) => (typeof $id === 'string' ? $id : `schema-${index}`),
    },
    transform: ({ schema, url, route }) => {
      const open = route.config?.access === 'open'
      return { schema: { ...schema, security: open ? [] : someone }, url }
    },
  })
}
