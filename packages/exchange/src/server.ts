import { readBody } from '@corridor/as4/http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { X509Certificate } from 'node:crypto'
import type { Context } from './context.ts'
import { ExchangeFault } from './faults.ts'
import { writeJournal } from './journal.ts'
import { isOf, receive, type ReceiveContext, type Reception } from './receive.ts'

export interface ServeOptions {
  /** Default 0.0.0.0. */
  host?: string
  /** 0 takes a free one. */
  port: number
  /** Our TLS server certificate (leaf first, with its intermediates) and its key, as PEM. */
  certificate: string
  key: string
  /** Largest body; default 10,000,000 bytes. */
  bodyLimitBytes?: number
  /** For the TLS handshake and again for all headers, and for a whole request; default 10,000 and 60,000. */
  headersTimeoutMs?: number
  requestTimeoutMs?: number
  /** Connections at the same time, those of strangers included; default 500. */
  mostConnections?: number
}

export interface As4Server {
  /** Where it listens; `path` is always /as4. */
  address: { host: string; port: number }
  /** Takes no more, answers what is under way, closes. */
  close(): Promise<void>
}

const path = '/as4'

/**
 * The HTTPS endpoint for partners: TLS 1.2 or newer, a client certificate that comes from a partner's authority and is pinned to
 * that partner, POST to /as4 only. Whoever is turned away leaves a line in the journal. Fault `exchange.bad-port`.
 */
export async function serve(context: ReceiveContext, options: ServeOptions, onTaken: () => void): Promise<As4Server> {
  const server = createServer({
    cert: options.certificate,
    key: options.key,
    ca: [...context.partners.values()].flatMap(({ ca }) => [...ca]),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // Node's own 120 s would let a stranger who says nothing keep a connection that long.
    handshakeTimeout: options.headersTimeoutMs ?? 10_000,
    maxHeaderSize: 16_384,
    // How often the two limits below are looked at; Node's own 30 s would make short ones meaningless.
    connectionsCheckingInterval: 2_000,
  })
  server.headersTimeout = options.headersTimeoutMs ?? 10_000
  server.requestTimeout = options.requestTimeoutMs ?? 60_000
  server.keepAliveTimeout = 60_000
  // Whoever opens more is turned away at once: the files that this process may open are for the database and the consoles too.
  server.maxConnections = options.mostConnections ?? 500
  const doorkeeper = new Doorkeeper(context)
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    doorkeeper.turnedAway(error.code ?? error.message, socket.remoteAddress)
  })
  server.on('secureConnection', (socket) => {
    const certificate = socket.getPeerX509Certificate()
    if (certificate !== undefined && partnerOf(context, certificate) !== undefined) return
    doorkeeper.turnedAway('a certificate that is pinned to no partner', socket.remoteAddress, certificate)
    socket.destroy()
  })
  const limit = options.bodyLimitBytes ?? 10_000_000
  server.on('request', (request, response) => {
    handle(context, request, response, limit, onTaken).catch((error: unknown) => {
      context.log('error', 'a request could not be answered', { error })
      request.socket.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new ExchangeFault('exchange.bad-port', `port ${options.port}: ${error.message}`, error)),
    )
    server.listen(options.port, options.host ?? '0.0.0.0', resolve)
  })
  const { address, port } = server.address() as AddressInfo
  return {
    address: { host: address, port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

function partnerOf(context: Context, certificate: X509Certificate) {
  return [...context.partners.values()].find((partner) => isOf(partner, certificate))
}

async function handle(
  context: ReceiveContext,
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  onTaken: () => void,
): Promise<void> {
  if (request.url !== path) return turnBack(response, 404)
  if (request.method !== 'POST') return turnBack(response, 405, { allow: 'POST' })
  if (request.headers['content-encoding'] !== undefined) return turnBack(response, 415)
  if (Number(request.headers['content-length'] ?? 0) > limit) return turnBack(response, 413)
  const body = await readBody(request, limit)
  if (body === undefined) return turnBack(response, 413)
  const tlsCertificate = (request.socket as TLSSocket).getPeerX509Certificate()
  // Checked when the connection was made; without one there is nothing to compare the signature with.
  if (tlsCertificate === undefined) return turnBack(response, 403)
  const reception = await receive(
    context,
    { contentType: request.headers['content-type'] ?? '', body },
    { tlsCertificate },
  )
  answer(response, reception)
  if (reception.status === 200) onTaken()
}

function answer(response: ServerResponse, { status, wire, retryAfterSeconds }: Reception): void {
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds))
  if (wire === undefined) {
    response.writeHead(status, { 'content-length': 0 }).end()
    return
  }
  response.writeHead(status, { 'content-type': wire.contentType, 'content-length': wire.body.length }).end(wire.body)
}

/** Refuses without reading on: the rest of the body is not wanted, so the connection cannot be used again. */
function turnBack(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': 0, connection: 'close' }).end()
}

/** Writes down who was turned away at the door; anybody on the network can knock, so not more than so many lines in a minute. */
class Doorkeeper {
  readonly #context: Context
  #minute = 0
  #lines = 0

  constructor(context: Context) {
    this.#context = context
  }

  turnedAway(reason: string, address: string | undefined, certificate?: X509Certificate): void {
    const { clock, db, log } = this.#context
    const now = clock()
    const minute = Math.floor(now.getTime() / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#lines = 0
    }
    this.#lines++
    if (this.#lines > mostLinesAMinute) return
    const last = this.#lines === mostLinesAMinute
    const detail = {
      reason,
      address,
      certificate: certificate?.fingerprint256,
      more: last ? 'not written down this minute' : undefined,
    }
    writeJournal(db, now, [{ kind: 'connection.refused', detail }]).catch((error: unknown) => {
      log('warn', 'a refused connection could not be written down', { reason, address, error })
    })
  }
}

const mostLinesAMinute = 60
