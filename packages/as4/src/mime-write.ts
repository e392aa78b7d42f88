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
  const { contentType, frame } = multipartFrame(envelope, attachments, boundary)
  return { contentType, body: ownBytes(frame.flatMap((piece, n) => [piece, attachments[n]?.body ?? NOTHING])) }
}

const NOTHING = new Uint8Array()

/** The same without the attachments: what stands before each of them, and after the last. */
export function multipartFrame(
  envelope: Uint8Array,
  attachments: readonly Omit<Attachment, 'body'>[],
  boundary: string,
): { contentType: string; frame: Uint8Array[] } {
  const frame: Uint8Array[] = []
  let text = `--${boundary}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Transfer-Encoding: binary\r\n\r\n`
  let before = [Buffer.from(text), envelope]
  for (const { mimeType, contentId } of attachments) {
    const fields = `Content-Type: ${mimeType}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${contentId}>`
    text = `\r\n--${boundary}\r\n${fields}\r\n\r\n`
    frame.push(Buffer.concat([...before, Buffer.from(text)]))
    before = []
  }
  frame.push(Buffer.concat([...before, Buffer.from(`\r\n--${boundary}--\r\n`)]))
  return { contentType: `multipart/related; boundary="${boundary}"; type="application/soap+xml"`, frame }
}
