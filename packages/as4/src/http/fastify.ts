import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { ReceiverOptions } from './hooks.ts'
import { createResponder, wentAway } from './respond.ts'

/** Of fastify 5, what the plugin uses: the package itself is not needed to install this one. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    contentType: string,
    parser: (request: unknown, payload: unknown, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown
  post(path: string, handler: (request: RequestLike, reply: ReplyLike) => Promise<unknown>): unknown
}

interface RequestLike {
  raw: IncomingMessage
}

interface ReplyLike {
  code(status: number): ReplyLike
  headers(values: Record<string, string | number>): ReplyLike
  send(body?: unknown): ReplyLike
  hijack(): ReplyLike
}

/**
 * A fastify plugin: `await app.register(as4, { path: '/as4', identity, findPMode, … })`. Register it in a scope of its
 * own, which `register` makes: it reads all bodies itself there, by `limits.bodyBytes` and not by fastify's bodyLimit. A
 * hook other than `onMessage` that throws goes to fastify's error handler. Faults: `spool-failed`.
 */
export async function as4(app: FastifyLike, options: ReceiverOptions & { path: string }): Promise<void> {
  const respond = createResponder(options)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_, __, done) => done(null))
  app.post(options.path, async (request, reply) => {
    const answer = await respond(request.raw).catch((error: unknown) => {
      if (!wentAway(request.raw)) throw error
    })
    // There is nobody left to answer.
    if (!answer) return reply.hijack()
    const { status, headers, body } = answer
    reply.code(status).headers(headers)
    if (body === undefined) return reply.send()
    if (!(body instanceof Uint8Array)) return reply.send(Readable.from(body))
    return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  })
}
