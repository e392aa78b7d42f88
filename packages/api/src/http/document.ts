import type { FastifyReply } from 'fastify'
import { ApiFault } from '../faults.ts'

const openBrace = 0x7b

/**
 * Answers with a document, XML or JSON, byte for byte. It came from outside: the browser that shows it gets a sandbox without scripts,
 * styles or further requests.
 * @throws {ApiFault} `not-found` for undefined.
 */
export function sendDocument(reply: FastifyReply, bytes: Uint8Array | undefined): FastifyReply {
  if (!bytes) throw new ApiFault('not-found')
  return reply
    .header('content-security-policy', "sandbox; default-src 'none'")
    .type(bytes[0] === openBrace ? 'application/json' : 'application/xml; charset=utf-8')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
