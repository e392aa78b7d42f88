import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { Wire } from '../model.ts'
import type { Peer, ReceiverOptions } from './hooks.ts'
import { readBody } from './read-body.ts'
import { createReceiver } from './receiver.ts'

/** A request listener of node:http or node:https. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Answers AS4 requests of a plain node:http or node:https server, whatever their path. Bodies are read into memory up
 * to `limits.bodyBytes`; give the server its timeouts. Receipts, errors and pulled messages go with status 200; a
 * signal gets 202 and nothing else; what is not AS4 at all gets 405, 413 or 415. A hook other than `onMessage` that
 * throws ends in `onFault` and status 500.
 */
export function nodeHandler(options: ReceiverOptions & { onFault?: (error: unknown) => void }): NodeHandler {
  const receive = createReceiver(options)
  const limit = options.limits?.bodyBytes ?? DEFAULT_LIMITS.bodyBytes
  return (request, response) => {
    answer(request, response, limit, receive).catch((error: unknown) => {
      // A client that goes away in the middle is no fault of ours.
      if (!request.destroyed || request.complete) options.onFault?.(error)
      if (response.headersSent) response.destroy()
      else turnBack(response, 500)
    })
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  receive: ReturnType<typeof createReceiver>,
): Promise<void> {
  if (request.method !== 'POST') return turnBack(response, 405, { allow: 'POST' })
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') return turnBack(response, 415)
  if (Number(request.headers['content-length'] ?? 0) > limit) return turnBack(response, 413)
  const body = await readBody(request, limit)
  if (body === undefined) return turnBack(response, 413)
  const { wire } = await receive({ contentType: request.headers['content-type'] ?? '', body }, peerOf(request))
  if (wire === undefined) response.writeHead(202, { 'content-length': 0 }).end()
  else response.writeHead(200, headersOf(wire)).end(wire.body)
}

/** Who a request is from: its address and the certificate of the TLS client. */
export function peerOf({ socket }: IncomingMessage): Peer {
  const certificate = (socket as Partial<TLSSocket>).getPeerX509Certificate?.()
  const address = socket.remoteAddress
  return { ...(address === undefined ? {} : { address }), ...(certificate === undefined ? {} : { certificate }) }
}

/** The header fields that a wire goes with. */
export function headersOf({ contentType, body }: Wire): Record<string, string | number> {
  return { 'content-type': contentType, 'content-length': body.length }
}

/** Refuses without reading on: the rest of the body is not wanted, so the connection cannot be used again. */
function turnBack(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': 0, connection: 'close' }).end()
}
