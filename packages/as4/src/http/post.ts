import type { X509Certificate } from 'node:crypto'
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { As4Fault } from '../faults.ts'
import type { Wire } from '../model.ts'
import type { StreamedMessage } from '../stream/seal-stream.ts'

/** How a TLS connection to a partner is made. Keep one object for each partner: its connections are shared by it. */
export interface TlsOptions {
  /** Our client certificate (leaf first, with its intermediates) and its key, as PEM. */
  certificate?: string
  key?: string
  /** The authorities that may vouch for the partner's server, as PEM; those of Node when left out. */
  ca?: string | string[]
  /** The partner's server certificates. When given, one of them is needed, and the name of the server plays no part. */
  pinned?: readonly X509Certificate[]
  /** Defaults to TLSv1.2 (eDelivery AS4 1.15, 1.4.2.6). */
  minVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** In OpenSSL's form; Node's own when left out. */
  ciphers?: string
  /** Of this machine's addresses the one to connect from. */
  localAddress?: string
}

/** A body that is read while it is sent. */
export type StreamedWire = Pick<StreamedMessage, 'contentType' | 'length' | 'body'>

/** Options of one POST. */
export interface PostOptions {
  tls?: TlsOptions
  /** For the whole exchange, from the connection to the last byte of the answer; default 60,000. */
  timeoutMs?: number
  /** Bytes of the answer; default 1,000,000, which is much for a receipt. */
  answerBytes?: number
  signal?: AbortSignal
}

/** The outcome of {@link postWire}. */
export type PostOutcome =
  | { kind: 'answer'; status: number; headers: Readonly<Record<string, string>>; wire: Wire }
  | Failed

/** There is no whole answer; whether the partner has what was sent is not known. */
export interface Failed {
  kind: 'failed'
  reason: string
}

/**
 * POSTs a sealed message or signal to `http:` or `https:`, by name, IPv4 or IPv6 address, over connections that are
 * kept for the next. Redirections are not followed. Throws {@link As4Fault} `bad-url` for any other address.
 */
export function postWire(
  url: string | URL,
  wire: Wire | StreamedWire,
  options: PostOptions = {},
): Promise<PostOutcome> {
  const { answerBytes = 1_000_000 } = options
  return postFor(url, wire, options, (response) => readAnswer(response, answerBytes))
}

/** The same for an answer that is read by `read`, which is done with it when it resolves; what it rejects with is a failure. */
export async function postFor<T>(
  url: string | URL,
  wire: Wire | StreamedWire,
  options: PostOptions,
  read: (response: IncomingMessage) => Promise<T>,
): Promise<T | Failed> {
  const target = URL.canParse(String(url)) ? new URL(url) : undefined
  const secure = target?.protocol === 'https:'
  if (!target || (!secure && target.protocol !== 'http:')) {
    throw new As4Fault('bad-url', `Not the address of an AS4 endpoint: ${String(url).slice(0, 200)}`)
  }
  const send = (): ClientRequest =>
    (secure ? httpsRequest : httpRequest)(target, {
      method: 'POST',
      agent: secure ? agentFor(options.tls) : plainAgent,
      headers: {
        'content-type': wire.contentType,
        'content-length': 'length' in wire ? wire.length : wire.body.length,
        'accept-encoding': 'identity',
      },
    })
  const first = await exchange(send(), wire, options, read)
  // A kept connection may have been closed by the other end in this very moment: nothing was read there.
  return first === 'stale' ? ((await exchange(send(), wire, options, read)) as T | Failed) : first
}

const plainAgent = new HttpAgent({ keepAlive: true })
const defaultAgent = new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2' })
const agents = new WeakMap<TlsOptions, HttpsAgent>()

function agentFor(tls: TlsOptions | undefined): HttpsAgent {
  if (tls === undefined) return defaultAgent
  const known = agents.get(tls)
  if (known) return known
  const { pinned } = tls
  const agent = new HttpsAgent({
    keepAlive: true,
    cert: tls.certificate,
    key: tls.key,
    ca: tls.ca,
    ciphers: tls.ciphers,
    localAddress: tls.localAddress,
    minVersion: tls.minVersion ?? 'TLSv1.2',
    // A resumed session is not checked again: each connection is to prove itself.
    maxCachedSessions: 0,
    ...(pinned && {
      checkServerIdentity: (_, { fingerprint256 }) =>
        pinned.some((each) => each.fingerprint256 === fingerprint256)
          ? undefined
          : new Error(`the certificate of the server is not one that is pinned: ${fingerprint256}`),
    }),
  })
  agents.set(tls, agent)
  return agent
}

function exchange<T>(
  request: ClientRequest,
  wire: Wire | StreamedWire,
  { timeoutMs = 60_000, signal }: PostOptions,
  read: (response: IncomingMessage) => Promise<T>,
): Promise<T | Failed | 'stale'> {
  let stopped = false
  const stop = (reason: string): void => {
    stopped = true
    request.destroy(new Error(reason))
  }
  const giveUp = (): void => stop('given up')
  // Ends with the exchange, which a timeout signal does not: there would be one for every message of the last minute.
  const deadline = setTimeout(() => stop(`no whole answer within ${timeoutMs} ms`), timeoutMs)
  return new Promise<T | Failed | 'stale'>((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const stale = request.reusedSocket && error.code === 'ECONNRESET' && !stopped
      resolve(stale ? 'stale' : { kind: 'failed', reason: messageOf(error) })
    }
    request.on('error', fail)
    request.on('response', (response) => {
      const done = (outcome: T | Failed): void => {
        // The connection is of no more use when something is still to come on it.
        if (!response.complete) request.destroy()
        resolve(outcome)
      }
      read(response).then(done, (error: Error) => done({ kind: 'failed', reason: messageOf(error) }))
    })
    if (signal?.aborted) giveUp()
    else signal?.addEventListener('abort', giveUp, { once: true })
    if ('length' in wire) sendAll(wire.body(), request)
    else request.end(wire.body)
  }).finally(() => {
    clearTimeout(deadline)
    signal?.removeEventListener('abort', giveUp)
  })
}

// Octet by octet as fast as the other end takes them; what goes wrong ends the request, which tells of it.
function sendAll(body: AsyncIterable<Uint8Array>, request: ClientRequest): void {
  pipeline(Readable.from(body), request).catch((error: Error) => request.destroy(error))
}

/** Reads an answer into memory. Rejects when it is larger than the limit or breaks off. */
export async function readAnswer(response: IncomingMessage, limit: number): Promise<PostOutcome> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw new Error(`the answer has more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return answerOf(response, Buffer.concat(chunks, length))
}

/** An answer whose body was read. Throws when it is encoded in some way. */
export function answerOf(response: IncomingMessage, body: Buffer): PostOutcome {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw new Error(`the answer is encoded as ${encoding.slice(0, 40)}, which was not asked for`)
  const wire = { contentType: headers['content-type'] ?? '', body }
  return { kind: 'answer', status: response.statusCode ?? 0, headers, wire }
}

// An AggregateError (one try for each address of a name) has no message of its own.
function messageOf(error: Error & { code?: string; errors?: readonly Error[] }): string {
  const inner = error.errors?.map((each) => each.message).join('; ')
  return error.message || inner || error.code || 'the connection failed'
}
