import type { IncomingMessage } from 'node:http'
import type { ReferenceForm } from '@corridor/customs'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'

/** Longest file that is taken, in bytes. A longer one goes by the command line, which has no one waiting. */
export const uploadLimit = 128 * 1024 * 1024
/** What comes after a refusal is read and thrown away up to here, so that the sender gets the answer and not a reset. */
const drainLimit = 64 * 1024 * 1024

/** Forms of files by their media type. */
const forms: Readonly<Record<string, ReferenceForm>> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/xml': 'csrd2-xml',
  'text/xml': 'csrd2-xml',
  'application/jsonl': 'json',
  'application/x-ndjson': 'json',
}

/** Media types of files of reference data. */
export const fileTypes = Object.keys(forms)

/** Makes an encapsulated part of the server hand the bytes of files on as they come. */
export function takeFiles(app: FastifyInstance): void {
  app.addContentTypeParser(fileTypes, (_request, payload, done) => done(null, payload))
}

/** The file of a request, and its form; undefined when it brings none. @throws {ApiFault} `media-type`, `body-too-large` */
export function fileOf(
  request: FastifyRequest,
): { form: ReferenceForm; chunks: AsyncIterable<Uint8Array> } | undefined {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  const form = forms[type.trim()]
  if (form === undefined) return undefined
  const charset = parameters.map((each) => /^\s*charset="?([^"\s]+)"?\s*$/.exec(each)?.[1]).find(Boolean)
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new ApiFault('media-type', { detail: `The file is said to be ${charset}: save it as UTF-8.` })
  return { form, chunks: limited(request.body as IncomingMessage) }
}

async function* limited(payload: IncomingMessage): AsyncGenerator<Uint8Array> {
  const tooLarge = () =>
    new ApiFault('body-too-large', {
      detail: `A file has at most ${uploadLimit} bytes here. Bring it in parts, or with: corridor reference import FILE --draft.`,
    })
  if (Number(payload.headers['content-length']) > uploadLimit) throw tooLarge()
  let size = 0
  // Not destroyed when reading stops early: the answer goes over the same connection.
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > uploadLimit) throw tooLarge()
    yield chunk
  }
}

/** Reads what is left of a body that was refused, for a while, and then ends the connection. */
export function drain(request: FastifyRequest): void {
  const { raw } = request
  if (raw.complete || raw.destroyed) return
  let size = 0
  raw.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > drainLimit) raw.destroy()
  })
  raw.resume()
}
