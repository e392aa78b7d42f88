import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReceiverOptions } from './hooks.ts'
import { createResponder, wentAway, writeAnswer } from './respond.ts'

/** A request listener of node:http or node:https. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Answers AS4 requests of a plain node:http or node:https server, whatever their path. Bodies are read into memory up
 * to `limits.bodyBytes`, or beyond what `spool` says into files; give the server its timeouts. Receipts, errors and pulled
 * messages go with status 200; a signal gets 202 and nothing else; what is not AS4 at all gets 405, 413 or 415. A hook
 * other than `onMessage` that throws ends in `onFault` and status 500. Faults: `spool-failed`.
 */
export function nodeHandler(options: ReceiverOptions & { onFault?: (error: unknown) => void }): NodeHandler {
  const respond = createResponder(options)
  return (request, response) => {
    respond(request)
      .then((answer) => writeAnswer(response, answer))
      .catch((error: unknown) => {
        if (!wentAway(request)) options.onFault?.(error)
        if (response.headersSent) response.destroy()
        else response.writeHead(500, { 'content-length': 0, connection: 'close' }).end()
      })
  }
}
