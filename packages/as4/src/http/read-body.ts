import type { IncomingMessage } from 'node:http'

/** Chunks that are read whatever their size, and the bytes that each must have on average from there on. */
const FREE_CHUNKS = 2_000
const LEAST_CHUNK_BYTES = 64

/**
 * The whole body of a request, or undefined when it is larger than the limit, or comes in so many tiny chunks that
 * taking them in costs more than the message is worth (a million of one octet: two seconds of CPU). Rejects when the
 * client goes away in the middle.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      const tiny = chunks.push(chunk) > FREE_CHUNKS && length < chunks.length * LEAST_CHUNK_BYTES
      if (length <= limit && !tiny) return
      // The connection stays, for the refusal still to go over; what more comes is not read.
      request.removeAllListeners('data')
      request.pause()
      resolve(undefined)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('the client went away in the middle of its request')))
  })
}
