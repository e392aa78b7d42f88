import { readBody } from '@corridor/as4/http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import type { X509Certificate } from 'node:crypto'
import type { Context } from './context.ts'
import { ExchangeFault } from './faults.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { FairTurns, type Share } from './fair-turns.ts'
import type { Meter } from './meter.ts'
import { isOf, receive, type ReceiveContext, type Reception } from './receive.ts'
import { requireOwnTlsKey } from './own-keys.ts'
import { plainAddress, whyOutside } from './tunnel/tunnel.ts'

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
  /** Connections at the same time, those of strangers included; default 1,000. */
  mostConnections?: number
  /** Connections of one partner at the same time; default 256: four processes of a partner, each with all that it may send. */
  mostConnectionsOfPartner?: number
  /** Requests that are opened and stored at the same time, taken from all partners in turn; default 32. */
  atOnce?: number
  /** How long the end waits for what is under way; default 5,000. */
  closeWithinMs?: number
  /** What one partner may have in this process; default 256 requests and 64,000,000 bytes. It is asked to come later with more. */
  share?: Share
}

export interface As4Server {
  /** Where it listens; `path` is always /as4. */
  address: { host: string; port: number }
  /**
   * From now on another exchange of the same node answers, with other certificates. It listens on; connections stay open, but for those
   * that would not be let in any more. Throws, and changes nothing, when TLS cannot work with the certificates.
   */
  handOver(to: Successor): void
  /** Takes no more, answers what is under way, closes; what takes too long is cut off. */
  close(): Promise<void>
}

/** Who answers behind a server that listens already. */
export interface Successor {
  context: ReceiveContext
  tls: TlsPapers
  onTaken: () => void
}

/** PEM: our TLS server certificate (leaf first, with its intermediates) and its key. */
export type TlsPapers = Pick<ServeOptions, 'certificate' | 'key'>

const path = '/as4'

/**
 * The HTTPS endpoint for partners: TLS 1.2 or newer, a client certificate that comes from a partner's authority and is pinned to
 * that partner and, of one in a tunnel, comes by it, POST to /as4 only. Whoever is turned away leaves a line in the journal. Faults `exchange.bad-port`, `exchange.wrong-key`.
 */
export async function serve(context: ReceiveContext, options: ServeOptions, onTaken: () => void): Promise<As4Server> {
  const server = createServer({
    ...securityOf(context, options),
    requestCert: true,
    rejectUnauthorized: true,
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
  server.maxConnections = options.mostConnections ?? 1_000
  const doorkeeper = new Doorkeeper(context)
  const door: Door = {
    context,
    doorkeeper,
    connections: new Map(),
    answering: new Map(),
    mostOfPartner: options.mostConnectionsOfPartner ?? 256,
    limit: options.bodyLimitBytes ?? 10_000_000,
    turns: new FairTurns(options.atOnce ?? 32, options.share ?? { requests: 256, bytes: 64_000_000 }),
    onTaken,
  }
  countConnections(server, context.meter)
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    doorkeeper.turnedAway(error.code ?? error.message, socket.remoteAddress)
  })
  server.on('secureConnection', (socket) => letIn(door, socket))
  server.on('request', (request, response) => {
    door.answering.set(request.socket, response)
    response.once('close', () => door.answering.delete(request.socket))
    handle(door, request, response).catch((error: unknown) => {
      door.context.log('error', 'a request could not be answered', { error })
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
    handOver({ context: next, tls, onTaken: taken }) {
      server.setSecureContext(securityOf(next, tls))
      door.context = next
      door.onTaken = taken
      for (const [socket, party] of door.connections) if (partyOf(next, socket) !== party) endInOrder(door, socket)
    },
    close: () =>
      new Promise((resolve) => {
        // A connection over which nothing was asked yet counts as busy: it would hold the end back for as long as its partner likes. Who
        // is cut off has no receipt, and sends again.
        const cut = context.timers.setTimeout(() => server.closeAllConnections(), options.closeWithinMs ?? 5_000)
        server.close(() => {
          context.timers.clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

/** What TLS is done with. Throws when it cannot be. Fault `exchange.wrong-key`. */
function securityOf({ partners }: Context, { certificate, key }: TlsPapers): SecureContextOptions {
  requireOwnTlsKey('the key of the TLS server', certificate, key)
  const ca = [...partners.values()].flatMap((partner) => [...partner.ca])
  const security: SecureContextOptions = { cert: certificate, key, ca, minVersion: 'TLSv1.2' }
  createSecureContext(security)
  return security
}

/** Keeps a new connection, if it is that of a partner and comes by its tunnel where it has one. */
function letIn(door: Door, socket: TLSSocket): void {
  const { context, doorkeeper, connections, mostOfPartner } = door
  const certificate = socket.getPeerX509Certificate()
  const partner = certificate && partnerOf(context, certificate)
  const party = partner?.party
  const outside = partner?.tunnel && whyOutside(partner.tunnel, socket)
  if (outside !== undefined) {
    doorkeeper.turnedAway(
      `outside of the tunnel: ${outside}`,
      plainAddress(socket.remoteAddress),
      certificate,
      plainAddress(socket.localAddress),
    )
    socket.destroy()
    return
  }
  const open = [...connections.values()].filter((each) => each === party).length
  if (party === undefined || open >= mostOfPartner) {
    const reason = party === undefined ? 'a certificate that is pinned to no partner' : `${open} connections are open`
    doorkeeper.turnedAway(reason, socket.remoteAddress, certificate)
    socket.destroy()
    return
  }
  connections.set(socket, party)
  socket.once('close', () => connections.delete(socket))
}

/** Whose connection it is; nobody's, when it would not be let in. */
function partyOf(context: Context, socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate()
  const partner = certificate && partnerOf(context, certificate)
  return partner?.tunnel && whyOutside(partner.tunnel, socket) !== undefined ? undefined : partner?.party
}

/** At once, or when what was asked over it is answered. */
function endInOrder({ answering }: Door, socket: TLSSocket): void {
  const response = answering.get(socket)
  if (response === undefined) socket.destroy()
  else response.once('close', () => socket.destroySoon())
}

/** All that are open, those of strangers too. */
function countConnections(server: Server, meter: Meter): void {
  let open = 0
  const tell = (more: number): void => meter({ what: 'connections', open: (open += more) })
  server.on('connection', (socket: Socket) => {
    tell(1)
    socket.once('close', () => tell(-1))
  })
}

function partnerOf(context: Context, certificate: X509Certificate) {
  return [...context.partners.values()].find((partner) => isOf(partner, certificate))
}

/** What a request meets. */
interface Door {
  /** Of the exchange that answers now. */
  context: ReceiveContext
  doorkeeper: Doorkeeper
  /** Those of partners that are open, and of which each is. */
  connections: Map<TLSSocket, string>
  /** Connections over which an answer is owed. */
  answering: Map<Socket, ServerResponse>
  mostOfPartner: number
  limit: number
  turns: FairTurns
  onTaken: () => void
}

async function handle(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { context, limit, turns } = door
  if (request.url !== path) return turnBack(response, 404)
  if (request.method !== 'POST') return turnBack(response, 405, { allow: 'POST' })
  if (request.headers['content-encoding'] !== undefined) return turnBack(response, 415)
  const length = Number(request.headers['content-length'] ?? limit)
  if (length > limit) return turnBack(response, 413)
  // Checked when the connection was made; without one there is nothing to compare the signature with.
  const tlsCertificate = (request.socket as TLSSocket).getPeerX509Certificate()
  const party = tlsCertificate && partnerOf(context, tlsCertificate)?.party
  if (party === undefined) return turnBack(response, 403)
  const guest = turns.enter(party, length)
  if (guest === undefined) return turnBack(response, 503, { 'retry-after': String(laterSeconds(context)) })
  try {
    const body = await readBody(request, limit)
    if (body === undefined) return turnBack(response, 413)
    await guest.turn()
    const wire = { contentType: request.headers['content-type'] ?? '', body }
    const reception = await receive(context, wire, { tlsCertificate })
    answer(response, reception)
    if (reception.status === 200) door.onTaken()
  } finally {
    guest.leave()
  }
}

/** Not the same for all, so that they do not all come back at once. */
function laterSeconds({ random }: Context): number {
  return 1 + Math.floor(random() * 5)
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
