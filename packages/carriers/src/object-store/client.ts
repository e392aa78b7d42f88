import { createHash } from 'node:crypto'
import aws4 from 'aws4'
import { Agent, errors } from 'undici'
import { faultOf, StoreFault } from './faults.ts'
import { type ListPage, mostListingBytes, readErrorCode, readListing } from './listing.ts'
import type { StoreSettings } from './settings.ts'

/** What a store says an object is. */
export interface StoredObject {
  bytes: Uint8Array
  /** In small letters. */
  headers: Readonly<Record<string, string | undefined>>
}

/** The six requests of S3 that are used here, signed with Signature Version 4, with the bucket in the path. */
export interface StoreClient {
  /** Writes only where nothing lies under the key. `taken`: something does. */
  putNew(key: string, bytes: Uint8Array, metadata: Record<string, string>): Promise<'put' | 'taken'>
  /** Undefined when nothing lies there. */
  get(key: string, mostBytes: number): Promise<StoredObject | undefined>
  /** What stands beside an object, without its bytes; undefined when nothing lies there, or when the store does not say. */
  head(key: string): Promise<StoredObject['headers'] | undefined>
  /** No error when nothing lies there. */
  remove(key: string): Promise<void>
  /** At most `limit` (1000) keys of a prefix, in the order of their bytes. */
  list(prefix: string, limit: number, startAfter?: string): Promise<ListPage>
  /** A request about the bucket itself: to make it, to give it a policy. */
  bucket(method: 'PUT' | 'HEAD', query?: Record<string, string>, body?: Uint8Array): Promise<void>
  close(): Promise<void>
}

export interface ClientOptions {
  /** Of the machine: a store takes no signature of another time, whatever clock a demonstration has. */
  clock?: () => Date
  /** For the answer to begin, and between its parts; default 20,000. */
  answerTimeoutMs?: number
  /** For the TCP and TLS handshake; default 10,000. */
  connectTimeoutMs?: number
}

interface Asked {
  method: 'GET' | 'PUT' | 'DELETE' | 'HEAD'
  key?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array
  /** The answer's body is read so far. */
  mostBytes: number
  /** What it is for, in words. */
  doing: string
}

interface Answered {
  status: number
  headers: Readonly<Record<string, string | undefined>>
  body: Buffer
}

const mostErrorBytes = 64_000

/** What lies there is longer than what was asked for. */
export class LongerFault extends StoreFault {}

/** Every sender chooses keys of its own: none of them may become another path, or a query. */
function pathOf(key: string): string {
  const segments = key.split('/')
  // Whatever is between here and the disk of the store may make another path of it.
  if (segments.some((each) => each === '.' || each === '..'))
    throw new StoreFault('store.refused', 'a key with . or .. as a part of its path is asked for by nobody')
  return segments.map(encodeURIComponent).join('/')
}

/** Every request rejects with a StoreFault, and may be repeated. */
export function storeClient(settings: StoreSettings, options: ClientOptions = {}): StoreClient {
  const agent = agentOf(settings, options)
  const ask = (asked: Asked): Promise<Answered> => asking({ settings, agent, ...options }, asked)
  return {
    async putNew(key, bytes, metadata) {
      const headers = { ...metadata, 'content-type': 'application/pkcs7-mime', 'if-none-match': '*' }
      const doing = 'to leave an object'
      const answer = await ask({ method: 'PUT', key, headers, body: bytes, mostBytes: mostErrorBytes, doing })
      if (answer.status === 412) return 'taken'
      requireStatus(answer, 200, doing)
      return 'put'
    },
    async get(key, mostBytes) {
      const doing = 'to read an object'
      const answer = await ask({ method: 'GET', key, mostBytes, doing })
      if (answer.status === 404 && readErrorCode(answer.body) !== 'NoSuchBucket') return undefined
      requireStatus(answer, 200, doing)
      return { bytes: answer.body, headers: answer.headers }
    },
    async head(key) {
      const doing = 'to ask for an object'
      const answer = await ask({ method: 'HEAD', key, mostBytes: 0, doing })
      // Of what is not there some stores say only to who may list that it is not.
      if (answer.status === 404 || answer.status === 403) return undefined
      requireStatus(answer, 200, doing)
      return answer.headers
    },
    async remove(key) {
      const doing = 'to remove an object'
      const answer = await ask({ method: 'DELETE', key, mostBytes: mostErrorBytes, doing })
      if (answer.status === 404 && readErrorCode(answer.body) !== 'NoSuchBucket') return
      requireStatus(answer, answer.status === 200 ? 200 : 204, doing)
    },
    async list(prefix, limit, startAfter) {
      const doing = 'to list what lies there'
      const query = {
        'list-type': '2',
        'max-keys': String(limit),
        // XML has no way to write every character that a key may have.
        'encoding-type': 'url',
        prefix,
        ...(startAfter !== undefined && { 'start-after': startAfter }),
      }
      const answer = await ask({ method: 'GET', query, mostBytes: mostListingBytes, doing })
      requireStatus(answer, 200, doing)
      return readListing(answer.body)
    },
    async bucket(method, query = {}, body) {
      const doing = 'to prepare the bucket'
      const answer = await ask({ method, query, ...(body && { body }), mostBytes: mostErrorBytes, doing })
      if (answer.status !== 204) requireStatus(answer, 200, doing)
    },
    close: () => agent.close(),
  }
}

function agentOf({ authority }: StoreSettings, options: ClientOptions): Agent {
  const answerTimeoutMs = options.answerTimeoutMs ?? 20_000
  return new Agent({
    connections: 16,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    connect: {
      timeout: options.connectTimeoutMs ?? 10_000,
      minVersion: 'TLSv1.2',
      ...(authority !== undefined && { ca: authority }),
    },
  })
}

async function asking(
  { settings, agent, clock = () => new Date() }: { settings: StoreSettings; agent: Agent } & ClientOptions,
  { method, key, query = {}, headers = {}, body, mostBytes, doing }: Asked,
): Promise<Answered> {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = settings
  const asked = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='))
  const path = `/${bucket}${key === undefined ? '' : `/${pathOf(key)}`}${asked.length > 0 ? `?${asked.join('&')}` : ''}`
  const signed = aws4.sign(
    {
      service: 's3',
      region,
      host: endpoint.host,
      method,
      path,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-length': body.length }),
        'x-amz-date': clock()
          .toISOString()
          .replaceAll(/[-:]|\.\d+/g, ''),
        'x-amz-content-sha256': createHash('sha256')
          .update(body ?? '')
          .digest('hex'),
      },
    },
    { accessKeyId, secretAccessKey },
  )
  try {
    const answer = await agent.request({
      origin: endpoint.origin,
      path,
      method,
      headers: signed.headers as Record<string, string>,
      body: body ?? null,
    })
    const found = answer.statusCode < 300
    const read = await bounded(answer.body, found ? mostBytes : mostErrorBytes, found ? LongerFault : StoreFault)
    return { status: answer.statusCode, headers: plain(answer.headers), body: read }
  } catch (error) {
    throw asStoreFault(doing, error)
  }
}

async function bounded(body: AsyncIterable<Uint8Array>, most: number, Fault: typeof StoreFault): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > most) throw new Fault('store.broken-answer', `the answer is larger than ${most} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}

function requireStatus({ status, body }: Answered, wanted: number, doing: string): void {
  if (status !== wanted) throw faultOf(doing, status, readErrorCode(body))
}

function asStoreFault(doing: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreFault) return error
  const code = 'code' in error ? String(error.code) : error.name
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|ERR_SSL|EPROTO/.test(code))
    return new StoreFault('store.not-trusted', `${doing}: ${code}`, error)
  // The connection ended in the middle of an answer, or it was no HTTP.
  if (error instanceof errors.HTTPParserError || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return new StoreFault('store.broken-answer', `${doing}: ${code}`, error)
  return new StoreFault('store.unreachable', `${doing}: ${code}`, error)
}
