import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { BucketPolicy } from '../policy.ts'
import { isAllowed, readPolicy, type Wanted } from './access.ts'
import { errorBody, listingBody, Refusal } from './answers.ts'
import { type Received, signerOf } from './signature.ts'
import { Storage } from './storage.ts'

/** A pair that signs requests. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
}

export interface StandInOptions {
  /** Everything is kept below it. */
  folder: string
  /** 0 for any. */
  port: number
  /** Who makes buckets and gives them policies. */
  owner: Credentials
  /** Everybody else: what they may do is said by the policy of the bucket, in which their access key stands as the principal. */
  members: readonly Credentials[]
  clock?: () => Date
}

/** A stand-in that listens. */
export interface StandIn {
  endpoint: URL
  close(): Promise<void>
}

const largestBytes = 20_000_000
const isBucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/**
 * A stand-in for an S3-compatible store, so that a demonstration runs where none can be had: one process, files on a disk, HTTP on the
 * loopback address. It checks signatures, the policy of the bucket and conditions as a real one does, and knows no other requests than
 * those that are made here. Not for the data of anybody.
 */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const store = new Store(options)
  const server = createServer((request, response) => {
    store.answer(request, response).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal('InternalError')
      if (response.headersSent) response.destroy()
      else send(response, refusal.status, request.method === 'HEAD' ? '' : errorBody(refusal.code))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    endpoint: new URL(`http://127.0.0.1:${port}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

class Store {
  readonly #folder: string
  readonly #owner: string
  readonly #secrets: ReadonlyMap<string, string>
  readonly #clock: () => Date

  constructor({ folder, owner, members, clock = () => new Date() }: StandInOptions) {
    this.#folder = folder
    this.#owner = owner.accessKeyId
    this.#secrets = new Map([owner, ...members].map((each) => [each.accessKeyId, each.secretAccessKey]))
    this.#clock = clock
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Not as a URL: that would make another path of `..`.
    const [, path = '/', search] = /^([^?]*)(?:\?(.*))?$/.exec(request.url ?? '/') ?? []
    const received: Received = { request, path, query: new URLSearchParams(search), body: await bodyOf(request) }
    const who = signerOf(received, this.#secrets, this.#clock())
    const [, bucket = '', key = ''] = /^\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
    if (!isBucket.test(bucket)) throw new Refusal('InvalidRequest')
    if (key === '') await this.#answerBucket(bucket, received, who, response)
    else await this.#answerObject(bucket, keyIn(key), received, who, response)
  }

  async #answerBucket(bucket: string, { request, query, body }: Received, who: string, response: ServerResponse) {
    const folder = join(this.#folder, bucket)
    if (request.method === 'GET' && query.get('list-type') === '2') {
      const prefix = query.get('prefix') ?? ''
      await this.#require(who, { action: 's3:ListBucket', bucket, prefix })
      const limit = Math.min(1_000, Number(query.get('max-keys') ?? '1000'))
      const { objects, truncated } = await new Storage(folder).list(prefix, query.get('start-after') ?? '', limit)
      return send(response, 200, listingBody(bucket, prefix, objects, truncated))
    }
    if (who !== this.#owner) throw new Refusal('AccessDenied')
    if (request.method === 'HEAD') {
      await this.#requireBucket(bucket)
      return send(response, 200, '')
    }
    if (request.method !== 'PUT') throw new Refusal('MethodNotAllowed')
    if (query.has('policy')) {
      await this.#requireBucket(bucket)
      const policy = readPolicy(Buffer.from(body).toString())
      await writeFile(join(folder, 'policy.json'), JSON.stringify(policy))
      return send(response, 204, '')
    }
    await mkdir(folder, { recursive: true })
    return send(response, 200, '')
  }

  async #answerObject(bucket: string, key: string, received: Received, who: string, response: ServerResponse) {
    const { request, body } = received
    const actions: Record<string, string> = {
      GET: 's3:GetObject',
      HEAD: 's3:GetObject',
      PUT: 's3:PutObject',
      DELETE: 's3:DeleteObject',
    }
    const action = actions[request.method ?? '']
    if (action === undefined) throw new Refusal('MethodNotAllowed')
    await this.#require(who, { action, bucket, key })
    const storage = new Storage(join(this.#folder, bucket))
    if (request.method === 'PUT') {
      const condition = request.headers['if-none-match']
      if (condition !== undefined && condition !== '*') throw new Refusal('NotImplemented')
      await storage.put(key, body, metadataIn(request), condition === '*')
      return send(response, 200, '')
    }
    if (request.method === 'DELETE') {
      await storage.remove(key)
      return send(response, 204, '')
    }
    const kept = await storage.get(key)
    if (kept === undefined) throw new Refusal('NoSuchKey')
    response.writeHead(200, {
      ...kept.metadata,
      'content-length': kept.bytes.length,
      'last-modified': kept.lastModified.toUTCString(),
    })
    response.end(kept.bytes)
  }

  async #require(who: string, wanted: Wanted): Promise<void> {
    await this.#requireBucket(wanted.bucket)
    if (who !== this.#owner && !isAllowed(await this.#policyOf(wanted.bucket), who, wanted))
      throw new Refusal('AccessDenied')
  }

  async #policyOf(bucket: string): Promise<BucketPolicy> {
    const text = await readFile(join(this.#folder, bucket, 'policy.json'), 'utf8').catch(() => undefined)
    return text === undefined ? { Version: '2012-10-17', Statement: [] } : readPolicy(text)
  }

  async #requireBucket(bucket: string): Promise<void> {
    if (!(await stat(join(this.#folder, bucket)).catch(() => undefined))?.isDirectory())
      throw new Refusal('NoSuchBucket')
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    // The rest is read and thrown away, so that the sender hears the answer.
    if (size <= largestBytes) parts.push(part)
  }
  if (size > largestBytes) throw new Refusal('EntityTooLarge')
  return Buffer.concat(parts)
}

function keyIn(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new Refusal('InvalidRequest')
  }
}

function metadataIn({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') && typeof value === 'string' ? [[name, value]] : [],
    ),
  )
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
