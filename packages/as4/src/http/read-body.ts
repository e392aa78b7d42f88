import type { IncomingMessage } from 'node:http'

/** Chunks that are read whatever their size, and the bytes that each must have on average from there on. */
const FREE_CHUNKS = 2_000
const LEAST_CHUNK_BYTES = 64

/**
 * The whole body of a request, or undefined when it is larger than the limit, or comes in so many tiny chunks that
 * taking them in costs more than the message is worth (a million of one octet: two seconds of CPU).
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  // Leaving early must not destroy the connection, over which the refusal is still to go.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) return undefined
    if (chunks.push(chunk) > FREE_CHUNKS && length < chunks.length * LEAST_CHUNK_BYTES) return undefined
  }
  return Buffer.concat(chunks, length)
}
