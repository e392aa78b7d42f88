import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers with a body under the tag of its content, or with 304 when the asker has just that (RFC 9110 §13.1.2). */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, body: object): FastifyReply {
  const tag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}"`
  // Kept by the asker alone, who asks each time whether it still holds.
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache' })
  return names(request.headers['if-none-match'], tag) ? reply.code(304).send() : reply.send(body)
}

function names(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, '')))
}
