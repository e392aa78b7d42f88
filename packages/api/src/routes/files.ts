import { mostFileBytes } from '@corridor/casework'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { ApiFault } from '../faults.ts'
import { actAnswers, doneOf, keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { takeBytes } from '../http/body.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts } from '../ports.ts'
import { answerOf, ref, refusals, signedIn } from '../schemas/common.ts'
import { askBody, attachQuery, decisionBody, fileParams, filesParams } from '../schemas/files.ts'

const tags = ['files']

/** `/movements/:mrn/files` and `/movements/:mrn/file-requests`: files of supporting documents, and asking another administration for them. */
export function fileRoutes(app: FastifyInstance, ports: ApiPorts): void {
  listRoute(app, ports)
  app.register(async (inner) => attachRoute(inner, ports))
  openRoute(app, ports)
  askRoute(app, ports)
  decideRoute(app, ports)
}

function listRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { mrn: string } }>('/movements/:mrn/files', {
    config: { access: 'signed-in' },
    schema: {
      operationId: 'listFiles',
      summary: 'The files of a movement: for officers who have it, and for the trader who declared it',
      tags,
      params: filesParams,
      response: { 200: { description: 'The files', ...ref('MovementFiles') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => {
      const files = await ports.files(callerOf(request).account, request.params.mrn)
      if (!files) throw new ApiFault('not-found')
      return files
    },
  })
}

function attachRoute(app: FastifyInstance, ports: ApiPorts): void {
  takeBytes(app, Math.min(ports.fileBytes, mostFileBytes), 'A file')
  interface Route {
    Params: { mrn: string }
    Querystring: { name: string; type: string; reference: string; item?: number; replaces?: string }
    Body: Buffer | undefined
  }
  app.post<Route>('/movements/:mrn/files', {
    config: { access: 'signed-in' },
    preValidation: readNumbers('item'),
    schema: {
      operationId: 'attachFile',
      summary:
        'Attach a file to a document of the declaration: PDF, JPEG, PNG, TIFF, XML or plain text, looked at first',
      tags,
      params: filesParams,
      querystring: attachQuery,
      headers: keyHeaders,
      body: { content: { '*/*': { schema: {} } } },
      response: {
        201: { description: 'Kept; its digest is in the journal', ...ref('MovementFile') },
        ...refusals(...signedIn, 404, 409, 413, 415, 422),
      },
    },
    handler: async (request, reply) => {
      const { name, type, reference, item, replaces } = request.query
      const { file } = doneOf(
        await ports.attachFile(callerOf(request).account, request.params.mrn, {
          content: request.body ?? new Uint8Array(),
          mediaType: request.headers['content-type'] ?? '',
          name,
          document: { type, reference, ...(item !== undefined && { item }) },
          ...(replaces !== undefined && { replaces }),
          idempotency: requireIdempotency(request),
        }),
      )
      reply.code(201).header('location', `/movements/${request.params.mrn}/files/${file.id}`)
      return file
    },
  })
}

function openRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { mrn: string; id: string } }>('/movements/:mrn/files/:id', {
    config: { access: 'signed-in', produces: '*/*', navigable: false },
    schema: {
      operationId: 'openFile',
      summary:
        'A file, byte for byte as it was attached, to be saved; refused when what is stored is not that any more',
      tags,
      params: fileParams,
      response: { 200: answerOf('*/*', 'The file'), ...refusals(...signedIn, 404, 409) },
    },
    handler: async (request, reply) => {
      const { mrn, id } = request.params
      const opened = await ports.openFile(callerOf(request).account, mrn, id)
      if (opened === undefined) throw new ApiFault('not-found')
      if (opened.kind === 'damaged') {
        const detail = `What is stored has not the digest that the journal has (SHA-256 ${opened.digest}). It is not shown: tell the operator of this node.`
        throw new ApiFault('file-damaged', { detail })
      }
      return sendFile(reply, opened)
    },
  })
}

/** It came from outside: it is saved and not shown, and a browser that shows it all the same gives it a sandbox. */
function sendFile(
  reply: FastifyReply,
  { name, mediaType, digest, content }: { name: string; mediaType: string; digest: string; content: Uint8Array },
): FastifyReply {
  const plain = name.replaceAll(/[^\w .()-]/g, '_')
  return reply
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded(name)}`)
    .header('repr-digest', `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`)
    .header('cache-control', 'no-store')
    .type(mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType)
    .send(Buffer.from(content.buffer, content.byteOffset, content.byteLength))
}

/** As RFC 8187 has it: what encodeURIComponent leaves and the RFC does not. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)

function askRoute(app: FastifyInstance, ports: ApiPorts): void {
  interface Route {
    Params: { mrn: string }
    Body: { document?: { type: string; reference: string } | null; reason: string }
  }
  app.post<Route>('/movements/:mrn/file-requests', {
    config: { access: 'desk' },
    schema: {
      operationId: 'askForFiles',
      summary: 'Ask the administration of departure for the files of a movement',
      tags,
      params: filesParams,
      headers: keyHeaders,
      body: askBody,
      response: actAnswers('files', 'MovementFiles'),
    },
    handler: async (request) => {
      const { document = null, reason } = request.body
      const asked = { document, reason, idempotency: requireIdempotency(request) }
      return { files: doneOf(await ports.askForFiles(callerOf(request).account, request.params.mrn, asked)).files }
    },
  })
}

function decideRoute(app: FastifyInstance, ports: ApiPorts): void {
  interface Route {
    Params: { mrn: string; id: string }
    Body: { decision: 'give' | 'refuse'; note?: string }
  }
  app.post<Route>('/movements/:mrn/file-requests/:id', {
    config: { access: 'desk' },
    schema: {
      operationId: 'decideOnFiles',
      summary: 'Give or refuse the files that another administration asked for, where that waits for an officer',
      tags,
      params: fileParams,
      headers: keyHeaders,
      body: decisionBody,
      response: actAnswers('files', 'MovementFiles'),
    },
    handler: async (request) => {
      const { mrn, id } = request.params
      const { decision, note = '' } = request.body
      const decided = { decision, note, idempotency: requireIdempotency(request) }
      return { files: doneOf(await ports.decideOnFiles(callerOf(request).account, mrn, id, decided)).files }
    },
  })
}
