import type { As4Limits } from './limits.ts'
import { type MediaType, readMediaType } from './media-type.ts'
import type { Wire } from './model.ts'
import { demand } from './refusal.ts'

/** What one MIME part says of itself: its type, and its Content-ID without brackets. */
export interface MimeHeader {
  mediaType: MediaType
  contentId: string | undefined
}

/** One MIME part with a view of its octets. */
export interface MimePart extends MimeHeader {
  body: Buffer
}

/** A message taken apart: the SOAP envelope and the attachments by Content-ID, in their order. */
export interface MimeMessage {
  envelope: Buffer
  attachments: ReadonlyMap<string, MimePart>
}

const SOAP = 'application/soap+xml'
const CRLF = Buffer.from('\r\n')
// What RFC 2046, 5.1.1 allows, less the space.
const BOUNDARY = /^[0-9A-Za-z'()+_,./:=?-]{1,70}$/
const IDENTITY_ENCODINGS = new Set(['binary', '8bit', '7bit'])

/**
 * Takes a message apart: a bare SOAP 1.2 envelope, or multipart/related with the envelope first
 * (RFC 2387; ebMS 3.0 Core 5.1.1). Copies nothing. Refuses with EBMS:0007 whatever two readers could see differently:
 * loose boundaries, repeated header fields or Content-IDs, text around the parts, transfer encodings.
 */
export function readMime(wire: Wire, limits: As4Limits): MimeMessage {
  const { body } = wire
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  demand(bytes.length <= limits.bodyBytes, 'EBMS:0007', `the body has ${bytes.length} bytes`)
  const outer = readOuter(wire.contentType)
  if (outer.kind === 'bare') return { envelope: bounded(bytes, limits), attachments: new Map() }
  const [root, ...rest] = split(bytes, outer.boundary, limits)
  demand(root !== undefined, 'EBMS:0007', 'there are no parts')
  checkRoot(root, outer)
  const attachments = new Map<string, MimePart>()
  for (const part of rest) {
    checkAttachment(part, root, attachments)
    attachments.set(part.contentId, part)
  }
  return { envelope: bounded(root.body, limits), attachments }
}

/** What a Content-Type says of the whole: a bare envelope, or parts. */
export type Outer = { kind: 'bare' } | { kind: 'multipart'; boundary: string; start: string | undefined }

/** Reads the Content-Type of a message. Refuses with EBMS:0007 what can be no AS4 message. */
export function readOuter(contentType: string): Outer {
  const outer = readMediaType(contentType)
  if (outer.type === SOAP) {
    checkCharset(outer)
    return { kind: 'bare' }
  }
  demand(outer.type === 'multipart/related', 'EBMS:0007', `the body is ${outer.type}`)
  const type = outer.parameters.get('type')
  demand(type === undefined || readMediaType(type).type === SOAP, 'EBMS:0007', `the root part is said to be ${type}`)
  const boundary = outer.parameters.get('boundary')
  demand(boundary !== undefined && BOUNDARY.test(boundary), 'EBMS:0007', 'the boundary is missing or not allowed')
  return { kind: 'multipart', boundary, start: outer.parameters.get('start') }
}

/** Refuses (EBMS:0007) a first part that is not the envelope. */
export function checkRoot(root: MimeHeader, { start }: { start: string | undefined }): void {
  demand(root.mediaType.type === SOAP, 'EBMS:0007', `the first part is ${root.mediaType.type}`)
  checkCharset(root.mediaType)
  demand(start === undefined || start === `<${root.contentId}>`, 'EBMS:0007', 'start is not the first part')
}

/** Refuses (EBMS:0007) an attachment whose Content-ID does not tell it from all before. */
export function checkAttachment<T extends MimeHeader>(
  part: T,
  root: MimeHeader,
  before: { has(contentId: string): boolean },
): asserts part is T & { contentId: string } {
  demand(part.contentId !== undefined, 'EBMS:0007', 'an attachment has no Content-ID')
  demand(part.contentId !== root.contentId, 'EBMS:0007', 'an attachment has the Content-ID of the envelope')
  demand(!before.has(part.contentId), 'EBMS:0007', 'two attachments have the same Content-ID')
}

function checkCharset(mediaType: MediaType): void {
  const charset = mediaType.parameters.get('charset') ?? 'utf-8'
  demand(charset.toLowerCase() === 'utf-8', 'EBMS:0007', `the envelope is said to be in ${charset}`)
}

function bounded(envelope: Buffer, limits: As4Limits): Buffer {
  demand(envelope.length <= limits.envelopeBytes, 'EBMS:0007', `the envelope has ${envelope.length} bytes`)
  return envelope
}

function split(bytes: Buffer, boundary: string, limits: As4Limits): MimePart[] {
  const opening = Buffer.from(`--${boundary}`)
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const parts: MimePart[] = []
  // Some writers put an empty line before the first delimiter.
  let at = startsWith(bytes, CRLF, 0) ? 2 : 0
  demand(startsWith(bytes, opening, at), 'EBMS:0007', 'the body does not start with its boundary')
  at += opening.length
  while (!startsWith(bytes, Buffer.from('--'), at)) {
    demand(startsWith(bytes, CRLF, at), 'EBMS:0007', 'a boundary does not end its line')
    demand(parts.length <= limits.parts, 'EBMS:0007', `there are more than ${limits.parts} attachments`)
    const fieldsEnd = bytes.subarray(0, at + limits.headerBytes).indexOf('\r\n\r\n', at)
    demand(fieldsEnd >= 0, 'EBMS:0007', `a part has no end of its header within ${limits.headerBytes} bytes`)
    const start = fieldsEnd + 4
    demand(!startsWith(bytes, opening, start), 'EBMS:0007', 'a part has no line end between its header and boundary')
    const end = bytes.indexOf(delimiter, start)
    demand(end >= 0, 'EBMS:0007', 'the last boundary is missing')
    parts.push({ ...readMimeHeader(bytes.subarray(at + 2, fieldsEnd)), body: bytes.subarray(start, end) })
    at = end + delimiter.length
  }
  const rest = bytes.subarray(at + 2)
  demand(rest.length === 0 || rest.equals(CRLF), 'EBMS:0007', 'there are bytes after the last boundary')
  return parts
}

function startsWith(bytes: Buffer, what: Buffer, at: number): boolean {
  return bytes.subarray(at, at + what.length).equals(what)
}

/** Reads the header fields of one part, without the empty line after them. Refuses with EBMS:0007. */
export function readMimeHeader(fields: Buffer): MimeHeader {
  const text = fields.toString('latin1')
  demand(/^[\t\r\n -~]*$/.test(text), 'EBMS:0007', 'a part header has characters that are not allowed')
  const values = new Map<string, string>()
  for (const line of text.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*)$/.exec(line)
    demand(found, 'EBMS:0007', 'a part has a broken header line')
    const name = found[1]!.toLowerCase()
    demand(!values.has(name), 'EBMS:0007', `a part has ${name} twice`)
    values.set(name, found[2]!.trimEnd())
  }
  const encoding = values.get('content-transfer-encoding') ?? 'binary'
  demand(IDENTITY_ENCODINGS.has(encoding.toLowerCase()), 'EBMS:0007', `a part is encoded as ${encoding}`)
  return {
    mediaType: readMediaType(values.get('content-type') ?? 'application/octet-stream'),
    contentId: readContentId(values.get('content-id')),
  }
}

function readContentId(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const found = /^<([!-;=?-~]{1,255})>$/.exec(value)
  demand(found, 'EBMS:0007', 'a Content-ID is not allowed')
  return found[1]!
}
