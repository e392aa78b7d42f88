import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, isIPv6 } from 'node:net'
import { As4Fault } from '../faults.ts'
import type { ReceiverOptions } from './hooks.ts'
import { nodeHandler, type NodeHandler } from './node.ts'

/** Where and how an endpoint listens. */
export interface ListenOptions {
  /** 0 takes a free one. */
  port: number
  /** An IPv4 or IPv6 address or a name; `::`, which is both, when left out. */
  host?: string
  /** Default `/as4`; anything else is answered with 404. */
  path?: string
  /** HTTPS with this certificate (leaf first, with its intermediates) and key, as PEM; plain HTTP when left out. */
  tls?: {
    certificate: string
    key: string
    /** Authorities of clients: each client must have a certificate of theirs. */
    clientCa?: string | string[]
    minVersion?: 'TLSv1.2' | 'TLSv1.3'
    ciphers?: string
  }
  /** For all header fields, and for a whole request; default 10,000 and 60,000. */
  headersTimeoutMs?: number
  requestTimeoutMs?: number
}

/** An endpoint that listens. */
export interface Endpoint {
  url: string
  /** Takes no more, answers what is under way. */
  close(): Promise<void>
}

/** A server of its own for an endpoint, with timeouts. Faults: `bad-port` when it cannot listen there. */
export async function serve(
  options: ReceiverOptions & ListenOptions & { onFault?: (error: unknown) => void },
): Promise<Endpoint> {
  const { tls, path = '/as4', port, host } = options
  const handle = onPath(path, nodeHandler(options))
  const server = tls
    ? createHttpsServer(
        {
          cert: tls.certificate,
          key: tls.key,
          ca: tls.clientCa,
          requestCert: tls.clientCa !== undefined,
          rejectUnauthorized: tls.clientCa !== undefined,
          minVersion: tls.minVersion ?? 'TLSv1.2',
          ciphers: tls.ciphers,
          // How often the timeouts are looked at; Node's own 30 s would make short ones meaningless.
          connectionsCheckingInterval: 2_000,
        },
        handle,
      )
    : createHttpServer({ connectionsCheckingInterval: 2_000 }, handle)
  server.headersTimeout = options.headersTimeoutMs ?? 10_000
  server.requestTimeout = options.requestTimeoutMs ?? 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new As4Fault('bad-port', `Port ${port}: ${error.message}`)))
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve)
  })
  const { address, port: taken } = server.address() as AddressInfo
  const reachable = { '::': 'localhost', '0.0.0.0': '127.0.0.1' }[address] ?? address
  const name = isIPv6(reachable) ? `[${reachable}]` : reachable
  return {
    url: `${tls ? 'https' : 'http'}://${name}:${taken}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

function onPath(path: string, handle: NodeHandler): NodeHandler {
  return (request, response) => {
    if (request.url?.split('?', 1)[0] === path) handle(request, response)
    else response.writeHead(404, { 'content-length': 0, connection: 'close' }).end()
  }
}
