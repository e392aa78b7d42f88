/** The two contracts of REST, as OpenAPI 3.1: what the gateway offers to a national system, and what it asks of one. */
import { events } from '../national-system.ts'

const text = { type: 'string' }
const problem = {
  description: 'What is wrong, and what helps (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}
const parameter = (name: string, where: 'path' | 'query' | 'header', schema: object, description: string): object => ({
  name,
  in: where,
  required: where !== 'query',
  schema,
  description,
})
const answer = (description: string, schema: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
})
const id = parameter('id', 'path', { ...text, minLength: 1 }, 'the same however often it is sent')
const body = (description: string): object => ({
  required: true,
  description,
  content: { 'application/octet-stream': {}, 'application/xml': {}, 'application/json': {}, 'text/plain': {} },
})
const limit = parameter('limit', 'query', { type: 'integer', minimum: 1, maximum: 200 }, 'at most so many')

const offered = {
  '/declarations/{id}': {
    put: {
      summary: 'Push a declaration, in the form of the national system. Sent again it is there already.',
      parameters: [
        parameter('id', 'path', { ...text, format: 'uuid' }, 'the national system’s own id of this sending'),
        parameter('Corridor-Declaration', 'header', text, 'number of the declaration, percent-encoded'),
        {
          ...parameter('Corridor-Event', 'header', { enum: events, default: 'released' }, 'what happened'),
          required: false,
        },
      ],
      requestBody: body('the declaration itself'),
      responses: {
        200: answer('It was there already', 'Pushed'),
        201: answer('It is stored', 'Pushed'),
        400: problem,
        401: problem,
        409: { ...problem, description: 'Another one came under this id' },
        413: problem,
        503: { ...problem, description: 'It could not be stored; send the same again' },
      },
    },
    get: {
      summary: 'What became of it: waiting, done, or set aside with what is wrong.',
      parameters: [id],
      responses: { 200: answer('Its state', 'State'), 401: problem, 404: problem },
    },
  },
  '/results': {
    get: {
      summary: 'Results that the national system has not taken yet, oldest first.',
      parameters: [limit],
      responses: { 200: answer('Results', 'Results'), 400: problem, 401: problem },
    },
  },
  '/results/{id}/taken': {
    post: {
      summary: 'The national system has this result; said again it changes nothing.',
      parameters: [id],
      responses: { 204: { description: 'It is not shown again' }, 401: problem },
    },
  },
}

const asked = {
  '/declarations': {
    get: {
      summary:
        'Released declarations that the gateway does not have yet: of each declaration the first thing only, leased for a while.',
      parameters: [limit],
      responses: { 200: answer('Declarations', 'Declarations') },
    },
  },
  '/declarations/{id}/done': {
    post: { summary: 'The gateway has it.', parameters: [id], responses: { 204: { description: 'Not handed again' } } },
  },
  '/declarations/{id}/aside': {
    post: {
      summary: 'The gateway cannot take it: what is wrong.',
      parameters: [id],
      requestBody: { required: true, ...answer('What is wrong', 'Aside') },
      responses: { 204: { description: 'Not handed again' } },
    },
  },
  '/results/{id}': {
    put: {
      summary: 'A result for the national system. Sent again it is there already.',
      parameters: [
        id,
        parameter('Corridor-Declaration', 'header', text, 'number of the declaration, percent-encoded'),
        parameter('Corridor-Kind', 'header', text, 'what it is, percent-encoded'),
      ],
      requestBody: body('the result itself'),
      responses: {
        200: { description: 'It was there already' },
        201: { description: 'It is stored' },
        409: { description: 'Another one came under this id' },
      },
    },
  },
}

const object = (properties: Record<string, object>, ...optional: string[]): object => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})
const list = (schema: string): object => ({ type: 'array', items: { $ref: `#/components/schemas/${schema}` } })
const content = { ...text, contentEncoding: 'base64' }

/** Paths under `x-asked-of-the-national-system` are those of the national system, for a gateway that asks. */
export const openapi = {
  openapi: '3.1.0',
  info: { title: 'Corridor: national systems', version: '1' },
  security: [{ token: [] }, { certificate: [] }],
  paths: offered,
  'x-asked-of-the-national-system': asked,
  components: {
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer' },
      certificate: { type: 'mutualTLS' },
    },
    schemas: {
      Pushed: object({ id: text, state: { const: 'waiting' } }),
      State: object({ state: { enum: ['waiting', 'done', 'aside'] }, wrong: list('Wrong') }),
      Wrong: object({ rule: text, place: text, value: text, text, remedy: text }, 'value'),
      Aside: object({ wrong: list('Wrong') }),
      Declarations: object({ declarations: list('Declaration') }),
      Declaration: object(
        { id: text, declaration: text, event: { enum: events }, content, before: { type: 'integer' } },
        'before',
      ),
      Results: object({ results: list('Result') }),
      Result: object({ id: text, declaration: text, kind: text, mediaType: text, content }),
      Problem: object({ type: text, status: { type: 'integer' }, detail: text }),
    },
  },
}
