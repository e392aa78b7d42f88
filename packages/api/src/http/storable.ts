import { Readable } from 'node:stream'
import { isStorable } from '@corridor/customs'
import type { FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'

/**
 * Refuses a request with a text that no database takes: U+0000, or half a character. Runs after the schema, which bounds how deep a body is.
 * @throws {ApiFault} `malformed`, with the field
 */
export function requireStorable({ params, query, body }: Pick<FastifyRequest, 'params' | 'query' | 'body'>): void {
  // Documents and files are bytes, which their readers look at.
  const isJson = !ArrayBuffer.isView(body) && !(body instanceof Readable)
  for (const part of [params, query, isJson ? body : undefined])
    for (const [field, value] of Object.entries(part ?? {}))
      if (!isStorable(value)) throw new ApiFault('malformed', { errors: [{ field, remedy }] })
}

const remedy = 'Take out the character U+0000 or the half of a character.'
