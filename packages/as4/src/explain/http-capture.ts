import { gunzipSync } from 'node:zlib'
import type { Wire } from '../model.ts'

/** Bytes that were captured: an HTTP request or answer, or only a body. */
export interface Capture {
  /** The request or status line; undefined for a bare body. */
  startLine: string | undefined
  headers: [name: string, value: string][]
  wire: Wire
  /** What had to be undone or guessed to get at the body. */
  notes: string[]
}

const SOAP = 'application/soap+xml'
const MOST_BYTES = 512 * 1024 * 1024

/**
 * Takes raw HTTP apart (chunks joined, gzip undone), or a body that begins with its MIME header, its boundary or its XML.
 * Never throws; where the bytes end too early, `notes` says so.
 */
export function readCapture(bytes: Uint8Array): Capture {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const notes: string[] = []
  const firstLine = buffer.subarray(0, 4096).toString('latin1').split(/\r?\n/, 1)[0]!
  const isHttp = /^([A-Z]+ \S+ HTTP\/\d|HTTP\/\d(\.\d)? \d{3})/.test(firstLine)
  const hasHeader = isHttp || /^[A-Za-z][A-Za-z0-9-]*:/.test(firstLine)
  if (!hasHeader) return { startLine: undefined, headers: [], wire: guessBody(buffer, notes), notes }

  const end = endOfHeader(buffer)
  const lines = buffer
    .subarray(0, end.at)
    .toString('latin1')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
  const startLine = isHttp ? lines.shift() : undefined
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
  })
  const value = (name: string): string => headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? ''
  let body = buffer.subarray(end.at + end.length)
  if (/\bchunked\b/i.test(value('transfer-encoding'))) body = joinChunks(body, notes)
  const length = Number(value('content-length') || Number.NaN)
  if (body.length < length) notes.push(`the body has ${body.length} bytes and was to have ${length}`)
  if (/^(x-)?gzip$/i.test(value('content-encoding'))) body = inflate(body, notes)
  const contentType = value('content-type')
  if (contentType === '') return { startLine, headers, wire: guessBody(body, notes), notes }
  return { startLine, headers, wire: { contentType, body }, notes }
}

function endOfHeader(buffer: Buffer): { at: number; length: number } {
  const strict = buffer.indexOf('\r\n\r\n')
  const loose = buffer.indexOf('\n\n')
  if (strict >= 0 && (loose < 0 || strict < loose)) return { at: strict, length: 4 }
  return loose >= 0 ? { at: loose, length: 2 } : { at: buffer.length, length: 0 }
}

function joinChunks(body: Buffer, notes: string[]): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at)
    const size =
      lineEnd < 0 ? undefined : /^[0-9A-Fa-f]{1,8}(?=;|$)/.exec(body.subarray(at, lineEnd).toString('latin1'))?.[0]
    if (size === undefined) {
      notes.push('the chunks end too early')
      break
    }
    const length = Number.parseInt(size, 16)
    if (length === 0) break
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
  return Buffer.concat(chunks)
}

function inflate(body: Buffer, notes: string[]): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    notes.push(`the body is said to be gzip and is not: ${(error as Error).message}`)
    return body
  }
}

function guessBody(body: Buffer, notes: string[]): Wire {
  const start = body.subarray(0, 300).toString('latin1')
  const boundary = /^(?:\r?\n)?--([^\r\n]{1,70}?)[ \t]*\r?\n/.exec(start)?.[1]
  if (boundary !== undefined) {
    notes.push('there is no Content-Type; the boundary is taken from the first line')
    return { contentType: `multipart/related; boundary="${boundary}"; type="${SOAP}"`, body }
  }
  if (/^(\u00EF\u00BB\u00BF)?\s*</.test(start)) notes.push('there is no Content-Type; the body looks like XML')
  else notes.push('there is no Content-Type, and the body is neither MIME nor XML')
  return { contentType: SOAP, body }
}
