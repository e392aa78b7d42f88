import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'

/** Longest document that is taken, in bytes: 5 MB, read as 5 × 1024 × 1024. */
export const documentLimit = 5 * 1024 * 1024
/** Longest JSON body that is taken, in bytes. */
export const jsonLimit = 64 * 1024
/** A body that is too long is still read and thrown away up to here, so that the sender gets the answer and not a reset. */
const drainLimit = 64 * 1024 * 1024

/** Makes an encapsulated part of the server take XML bodies as bytes and nothing else. */
export function takeXmlOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/xml', 'text/xml'], async (_request: unknown, payload: IncomingMessage) =>
    readBytes(payload, documentLimit, 'A document'),
  )
}

/** Makes an encapsulated part of the server take bodies of any kind as bytes, up to a limit. @param what it is, for who sent too much */
export function takeBytes(app: FastifyInstance, limit: number, what: string): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_request: unknown, payload: IncomingMessage) => readBytes(payload, limit, what))
}

async function readBytes(payload: IncomingMessage, limit: number, what: string): Promise<Buffer> {
  const tooLarge = () => new ApiFault('body-too-large', { detail: `${what} has at most ${limit} bytes.` })
  if (Number(payload.headers['content-length']) > drainLimit) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
    else chunks.length = 0
    if (size > drainLimit) throw tooLarge()
  }
  if (size > limit) throw tooLarge()
  return Buffer.concat(chunks)
}
