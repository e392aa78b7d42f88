import type { Wire } from './model.ts'
import { ownBytes } from './own-bytes.ts'

/** An attachment to write; `contentId` without brackets. */
export interface Attachment {
  contentId: string
  mimeType: string
  body: Uint8Array
}

/**
 * A SOAP envelope with attachments as multipart/related (RFC 2387; SOAP Messages with Attachments), everything binary.
 * The boundary must be random, so that no payload can contain it.
 */
export function writeMultipart(envelope: Uint8Array, attachments: readonly Attachment[], boundary: string): Wire {
  const chunks: Uint8Array[] = [
    Buffer.from(
      `--${boundary}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Transfer-Encoding: binary\r\n\r\n`,
    ),
    envelope,
  ]
  for (const each of attachments) {
    const fields = `Content-Type: ${each.mimeType}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${each.contentId}>`
    chunks.push(Buffer.from(`\r\n--${boundary}\r\n${fields}\r\n\r\n`), each.body)
  }
  chunks.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return {
    contentType: `multipart/related; boundary="${boundary}"; type="application/soap+xml"`,
    body: ownBytes(chunks),
  }
}
