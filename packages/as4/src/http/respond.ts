import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { TLSSocket } from 'node:tls'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Wire } from '../model.ts'
import type { Peer, ReceiverOptions } from './hooks.ts'
import type { StreamedWire } from './post.ts'
import { BodyRefused, readBody, streamBody } from './read-body.ts'
import { type Answer, createReceiver, memoryBytesOf } from './receiver.ts'

/** What goes back over HTTP. */
export interface HttpAnswer {
  status: number
  headers: Record<string, string | number>
  body?: Uint8Array | AsyncIterable<Uint8Array>
}

/** How long a client may take to read an answer that came before it had sent everything. */
const LINGER_MS = 5_000

/**
 * Answers AS4 requests of any server over node:http. Receipts, errors and pulled messages go with status 200; a signal
 * gets 202 and nothing else; what is not AS4 at all gets 405, 413 or 415. Rejects with what a hook other than `onMessage`
 * rejects with, and when the client goes away.
 */
export function createResponder(options: ReceiverOptions): (request: IncomingMessage) => Promise<HttpAnswer> {
  const receive = createReceiver(options)
  const limit = options.limits?.bodyBytes ?? DEFAULT_LIMITS.bodyBytes
  const inMemory = options.spool ? memoryBytesOf(options) : Infinity
  return async (request) => {
    if (request.method !== 'POST') return turnBack(405, { allow: 'POST' })
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') return turnBack(415)
    const contentType = request.headers['content-type'] ?? ''
    // Without a length it may be any; by events it is faster where it is short.
    const length = Number(request.headers['content-length'] ?? (options.spool ? Infinity : 0))
    if (Number.isFinite(length) && length > limit) return turnBack(413)
    try {
      const peer = peerOf(request)
      if (length > inMemory) {
        const body = streamBody(request, limit)
        const known = Number.isFinite(length) ? { length } : {}
        return early(request, answerOf(await receive({ contentType, body, ...known }, peer)))
      }
      const body = await readBody(request, limit)
      return body ? answerOf(await receive({ contentType, body }, peer)) : turnBack(413)
    } catch (error) {
      if (error instanceof BodyRefused) return turnBack(413)
      throw error
    }
  }
}

/** Whether a client went away in the middle of its request, which is no fault of ours. */
export function wentAway(request: IncomingMessage): boolean {
  return request.destroyed && !request.complete
}

/** Writes an answer; resolves when it is handed over, or when the client has gone away. */
export async function writeAnswer(response: ServerResponse, { status, headers, body }: HttpAnswer): Promise<void> {
  response.writeHead(status, headers)
  if (body === undefined || body instanceof Uint8Array) {
    response.end(body)
    return
  }
  try {
    await pipeline(Readable.from(body), response)
  } catch (error) {
    if (!response.socket || response.socket.destroyed) return
    throw error
  }
}

/** Who a request is from: its address and the certificate of the TLS client. */
function peerOf({ socket }: IncomingMessage): Peer {
  const certificate = (socket as Partial<TLSSocket>).getPeerX509Certificate?.()
  const address = socket.remoteAddress
  return { ...(address === undefined ? {} : { address }), ...(certificate === undefined ? {} : { certificate }) }
}

function answerOf({ wire }: Answer): HttpAnswer {
  if (wire === undefined) return { status: 202, headers: { 'content-length': 0 } }
  const body = bodyOf(wire)
  const length = 'length' in wire ? wire.length : wire.body.length
  return { status: 200, headers: { 'content-type': wire.contentType, 'content-length': length }, body }
}

function bodyOf(wire: Wire | StreamedWire): Uint8Array | AsyncIterable<Uint8Array> {
  return 'length' in wire ? wire.body() : wire.body
}

/** Refuses without reading on: the rest of the body is not wanted, so the connection cannot be used again. */
function turnBack(status: number, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { ...headers, 'content-length': 0, connection: 'close' } }
}

/**
 * An answer to a body that was not read to its end. A connection that is closed on a client which is still sending takes
 * the answer with it; so what comes is thrown away until the client has noticed, or has had its time.
 */
function early(request: IncomingMessage, answer: HttpAnswer): HttpAnswer {
  if (request.complete || !(answer.body instanceof Uint8Array)) return answer
  return { ...answer, headers: { ...answer.headers, connection: 'close' }, body: lingering(request, answer.body) }
}

async function* lingering(request: IncomingMessage, body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body
  request.removeAllListeners('readable')
  request.resume()
  await finished(request, { signal: AbortSignal.timeout(LINGER_MS) }).catch(() => undefined)
}
