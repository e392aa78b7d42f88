import type { IncomingMessage } from 'node:http'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { ReceiverOptions } from './hooks.ts'
import { peerOf } from './node.ts'
import { createReceiver } from './receiver.ts'

/** Of fastify 5, what the plugin uses: the package itself is not needed to install this one. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    contentType: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown
  post(
    path: string,
    options: { bodyLimit: number },
    handler: (request: RequestLike, reply: ReplyLike) => Promise<unknown>,
  ): unknown
}

interface RequestLike {
  raw: IncomingMessage
  body: unknown
}

interface ReplyLike {
  code(status: number): ReplyLike
  header(name: string, value: string | number): ReplyLike
  send(body?: unknown): ReplyLike
}

/**
 * A fastify plugin: `await app.register(as4, { path: '/as4', identity, findPMode, … })`. Register it in a scope of its
 * own, which `register` makes: it takes all bodies as bytes there. A hook other than `onMessage` that throws goes to
 * fastify's error handler.
 */
export function as4(app: FastifyLike, options: ReceiverOptions & { path: string }): Promise<void> {
  const receive = createReceiver(options)
  const bodyLimit = options.limits?.bodyBytes ?? DEFAULT_LIMITS.bodyBytes
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_, body, done) => done(null, body))
  app.post(options.path, { bodyLimit }, async (request, reply) => {
    const { headers } = request.raw
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') return reply.code(415).send()
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const { wire } = await receive({ contentType: headers['content-type'] ?? '', body }, peerOf(request.raw))
    if (wire === undefined) return reply.code(202).send()
    const bytes = Buffer.from(wire.body.buffer, wire.body.byteOffset, wire.body.byteLength)
    return reply.code(200).header('content-type', wire.contentType).send(bytes)
  })
  return Promise.resolve()
}
