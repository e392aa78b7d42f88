/** Where a national system pushes declarations and fetches results, when it is the one that asks. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { ConnectorsFault } from '../faults.ts'
import { events, isEvent } from '../national-system.ts'
import { isLoopback } from './http.ts'
import { openapi } from './openapi.ts'
import type { Spool } from './spool.ts'

/** How the door is guarded. One of token and client certificate at least. */
export interface PushOptions {
  /** 127.0.0.1 unless told; elsewhere only with `tls` */
  readonly host?: string
  /** 0 takes a free one */
  readonly port: number
  /** SHA-256 of the bearer token, hex: the token itself is kept by the national system alone */
  readonly tokenDigest?: string
  /** of the server, as PEM; with `clients`, certificates of the national system: whose SHA-256 fingerprint it must have (hex) */
  readonly tls?: {
    readonly certificate: string
    readonly key: string
    readonly clients?: { readonly authority: string; readonly fingerprints: readonly string[] }
  }
  /** most bytes of a declaration; 5,000,000 unless told */
  readonly limitBytes?: number
  readonly onFault: (error: unknown) => void
}

export interface PushServer {
  readonly port: number
  close(): Promise<void>
}

/** Serves `/declarations/{id}` and `/results`. Faults: `connectors.remote` for a door that nobody guards. */
export async function pushServer(spool: Spool, options: PushOptions): Promise<PushServer> {
  const host = options.host ?? '127.0.0.1'
  const { tls, tokenDigest } = options
  if ((tls === undefined && !isLoopback(host)) || (tokenDigest === undefined && tls?.clients === undefined))
    throw new ConnectorsFault(
      'connectors.remote',
      'the door needs a token or client certificates, and TLS beyond this machine',
    )
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(spool, options, request, response).catch((error: unknown) => {
      options.onFault(error)
      problem(response, 503, 'The declaration could not be stored just now. Send the same again.')
    })
  }
  const server: Server = tls
    ? createTls(
        {
          cert: tls.certificate,
          key: tls.key,
          minVersion: 'TLSv1.2',
          ...(tls.clients && { ca: tls.clients.authority, requestCert: true, rejectUnauthorized: true }),
        },
        listener,
      )
    : createPlain(listener)
  server.requestTimeout = 60_000
  server.headersTimeout = 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  spool: Spool,
  options: PushOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://gateway')
  if (request.method === 'GET' && url.pathname === '/openapi.json') return json(response, 200, openapi)
  if (!isKnown(options, request))
    return problem(response, 401, 'Give the bearer token or the client certificate that was agreed on.')
  const [, kind, rawId = '', act] = /^\/(declarations|results)(?:\/([^/]+)(?:\/(taken))?)?$/.exec(url.pathname) ?? []
  const id = decoded(rawId)
  if (kind === undefined || id === undefined)
    return problem(response, 404, 'There is nothing here. /openapi.json says what there is.')
  const what = `${request.method} ${kind}${rawId === '' ? '' : '/id'}${act === undefined ? '' : `/${act}`}`
  switch (what) {
    case 'PUT declarations/id':
      return push(spool, options, request, response, id)
    case 'GET declarations/id': {
      const state = isUuid(id) ? await spool.state(id) : undefined
      return state === undefined
        ? problem(response, 404, 'No declaration came under this id.')
        : json(response, 200, state)
    }
    case 'GET results':
      return results(spool, url, response)
    case 'POST results/id/taken':
      await spool.resultTaken(id)
      response.writeHead(204).end()
      return
    default:
      return problem(response, 405, 'This cannot be done here. /openapi.json says what can.')
  }
}

async function push(
  spool: Spool,
  { limitBytes = 5_000_000 }: PushOptions,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  if (!isUuid(id)) return problem(response, 400, 'The id of a declaration that is pushed is a UUID.')
  const declaration = decoded(request.headers['corridor-declaration'])
  const event = request.headers['corridor-event'] ?? 'released'
  if (declaration === undefined || !/^[^\p{C}]{1,200}$/u.test(declaration))
    return problem(
      response,
      400,
      'The header Corridor-Declaration says the number of the declaration, percent-encoded.',
    )
  if (typeof event !== 'string' || !isEvent(event))
    return problem(response, 400, `The header Corridor-Event is one of ${events.join(', ')}.`)
  const bytes = await bodyOf(request, limitBytes)
  if (bytes === undefined) return problem(response, 413, `A declaration has at most ${limitBytes} bytes.`)
  if (bytes.length === 0) return problem(response, 400, 'The body is the declaration; it is empty.')
  const outcome = await spool.push(id, declaration, event, bytes)
  if (outcome === 'conflict')
    return problem(response, 409, 'Another declaration came under this id. Give it an id of its own.')
  json(response, outcome === 'pushed' ? 201 : 200, { id, state: 'waiting' })
}

async function results(spool: Spool, url: URL, response: ServerResponse): Promise<void> {
  const limit = Number(url.searchParams.get('limit') ?? '20')
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    return problem(response, 400, 'limit is a whole number from 1 to 200.')
  const waiting = await spool.results(limit)
  json(response, 200, {
    results: waiting.map(({ content, ...rest }) => ({ ...rest, content: Buffer.from(content).toString('base64') })),
  })
}

/** Whether the caller has the token, or a certificate that was agreed on. */
function isKnown({ tokenDigest, tls }: PushOptions, request: IncomingMessage): boolean {
  const [, token] = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(request.headers.authorization ?? '') ?? []
  if (tokenDigest !== undefined) {
    const given = createHash('sha256')
      .update(token ?? '')
      .digest()
    return token !== undefined && timingSafeEqual(given, Buffer.from(tokenDigest, 'hex'))
  }
  const certificate = (request.socket as TLSSocket).getPeerX509Certificate()
  const fingerprint = certificate?.fingerprint256.replaceAll(':', '').toLowerCase()
  return (
    fingerprint !== undefined && (tls?.clients?.fingerprints ?? []).some((each) => each.toLowerCase() === fingerprint)
  )
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

function decoded(text: string | string[] | undefined): string | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The whole body; undefined when it is longer than it may be. */
async function bodyOf(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length
    // What is too long is read on to its end and thrown away, so that the answer is heard.
    if (length <= limit) chunks.push(chunk)
  }
  return length > limit ? undefined : Buffer.concat(chunks)
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** RFC 9457. */
function problem(response: ServerResponse, status: number, detail: string): void {
  if (response.headersSent) return
  // A body that is refused is not waited for.
  const ending = status === 413 ? { connection: 'close' } : {}
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...ending })
  response.end(JSON.stringify({ type: 'about:blank', status, detail }))
}
