import { titleOfStatus } from '../faults.ts'
import { problemType } from '../http/problem.ts'

/** A JSON Schema object (draft 2020-12 as in OpenAPI 3.1, of which the reader and writer of this server use draft 7). */
export type Schema = Record<string, unknown>

/** An object in which every member is required unless `optional` names it, and no other member is known. */
export function object(properties: Record<string, Schema>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', additionalProperties: false, required, properties }
}

/** A reference to a named schema. */
export function ref(name: string): Schema {
  return { $ref: `${name}#` }
}

/** The schema or null. */
export function nullable(schema: Schema): Schema {
  return typeof schema['type'] === 'string'
    ? { ...schema, type: [schema['type'], 'null'] }
    : { anyOf: [schema, { type: 'null' }] }
}

/** A list of things of one schema. */
export function list(items: Schema): Schema {
  return { type: 'array', items }
}

export const text: Schema = { type: 'string' }
export const count: Schema = { type: 'integer', minimum: 0 }
export const yesNo: Schema = { type: 'boolean' }
export const time: Schema = { type: 'string', format: 'date-time', description: 'ISO 8601, UTC' }

/** The texts of a closed list. */
export function oneOf(...values: string[]): Schema {
  return { type: 'string', enum: values }
}

const problem = object(
  {
    type: { ...text, description: 'urn:corridor:problem:<code>' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: { ...text, description: 'Reference of this one refusal; the log has it too' },
    errors: list(object({ field: text, value: text, remedy: text }, ['value'])),
    version: { ...count, description: "The movement's version now" },
  },
  ['errors', 'version'],
)

const named = object({ id: text, name: text })
const office = object({ ref: { ...text, examples: ['AL000101'] }, name: text, country: text })
const vehicle = object({ plate: text, country: text })
const status = object({ code: text, tone: oneOf('info', 'ok', 'warn', 'bad', 'neutral') })

/** Named schemas of this file. */
export const commonSchemas: Record<string, Schema> = {
  Problem: { ...problem, description: 'RFC 9457 problem document' },
  Named: named,
  Office: office,
  Vehicle: vehicle,
  Status: status,
}

/** The refusals of a route, documented by status. */
export function refusals(...statuses: number[]): Record<number, Schema> {
  return Object.fromEntries(statuses.map((status) => [status, refusal(status)]))
}

function refusal(status: number): Schema {
  return { description: titleOfStatus(status), content: { [problemType]: { schema: ref('Problem') } } }
}

/** Refusals that every route can give, besides its own: what is not signed in, not allowed, not this host, a failure. */
export const everywhere = [400, 406, 421, 500, 503]
/** Refusals of every route that needs somebody. */
export const signedIn = [...everywhere, 401, 403]

/** An answer that is a document of another kind than JSON. */
export function answerOf(mediaType: string, description: string): Schema {
  return { description, content: { [mediaType]: { schema: {} } } }
}
