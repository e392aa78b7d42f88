import type { IncomingMessage } from 'node:http'

/** Chunks that are read whatever their size, and the bytes that each must have on average from there on. */
const FREE_CHUNKS = 2_000
const LEAST_CHUNK_BYTES = 64

/** A body is larger than is allowed, or is sent at more cost than it is worth: HTTP status 413. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused'
}

/**
 * Counts a body while it comes in. Too much is more than the limit, or so many tiny chunks that taking them in costs more
 * than the message is worth (a million of one octet: two seconds of CPU).
 */
class Meter {
  readonly #limit: number
  #chunks = 0
  length = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  isTooMuch(chunk: Uint8Array): boolean {
    this.length += chunk.length
    const tiny = ++this.#chunks > FREE_CHUNKS && this.length < this.#chunks * LEAST_CHUNK_BYTES
    return this.length > this.#limit || tiny
  }
}

/**
 * The whole body of a request, or undefined when it is larger than the limit or comes in too many tiny chunks. Rejects
 * when the client goes away in the middle.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const meter = new Meter(limit)
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (!meter.isTooMuch(chunk)) return
      // The connection stays, for the refusal still to go over; what more comes is not read.
      request.removeAllListeners('data')
      request.pause()
      resolve(undefined)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, meter.length)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('the client went away in the middle of its request')))
  })
}

/**
 * The body of a request as it comes, by the same rules: throws {@link BodyRefused} for what is too much, and an error of
 * Node's when the client goes away. Who stops reading leaves the connection as it is, for an answer still to go over.
 */
export async function* streamBody(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  const meter = new Meter(limit)
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (meter.isTooMuch(chunk)) throw new BodyRefused(`the body has more than ${limit} bytes, or too many tiny chunks`)
    yield chunk
  }
}
