import type { FastifyInstance } from 'fastify'
import { mirrorCsv, type MirrorQuery, mostConsignments } from '@corridor/casework'
import { isDate } from '@corridor/customs'
import { ApiFault } from '../faults.ts'
import { accepts } from '../http/accept.ts'
import { actAnswers, doneOf, keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { documentLimit, takeBytes } from '../http/body.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts, DeclarationsPort } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import {
  claimBody,
  declarationParams,
  declarationsQuery,
  lodgeBody,
  mirrorQuery,
  takeQuery,
} from '../schemas/declarations.ts'
import { pageSize } from '../schemas/movement-list.ts'

const tags = ['declarations']

/** `/declarations`: export and import declarations that this administration and others have data of. A node that agreed on none has nothing there. */
export function declarationRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const own = (): DeclarationsPort => {
    if (ports.declarations === undefined) throw new ApiFault('not-found')
    return ports.declarations
  }
  listRoute(app, own)
  app.register(async (inner) => takeRoute(inner, own))
  partnersRoute(app, own)
  mirrorRoute(app, own)
  viewRoute(app, own)
  claimRoute(app, own)
  lodgeRoute(app, own)
}

type Own = () => DeclarationsPort

function listRoute(app: FastifyInstance, own: Own): void {
  app.get<{ Querystring: { q?: string; side?: string; state?: string; page: number } }>('/declarations', {
    config: { access: 'signed-in' },
    preValidation: readNumbers('page'),
    schema: {
      operationId: 'listDeclarations',
      summary: 'Declarations of both sides, what changed last first: of officers all, of a trader his own',
      tags,
      querystring: declarationsQuery,
      response: { 200: { description: 'One page', ...ref('DeclarationList') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => {
      const page = await own().list(callerOf(request).account, { ...request.query, pageSize })
      if (page === undefined) throw new ApiFault('wrong-role', { detail: 'This is for officers and traders only.' })
      return page
    },
  })
}

function takeRoute(app: FastifyInstance, own: Own): void {
  takeBytes(app, documentLimit, 'A declaration')
  app.post<{ Querystring: { event: string }; Body: Buffer | undefined }>('/declarations', {
    config: { access: 'mailbox' },
    schema: {
      operationId: 'takeDeclaration',
      summary: 'The export system hands over what it released or cancelled, as utility block (JSON or XML)',
      tags,
      querystring: takeQuery,
      headers: keyHeaders,
      body: { content: { 'application/json': { schema: {} }, 'application/xml': { schema: {} } } },
      response: {
        202: { description: 'Kept, and owed to the other side', ...ref('DeclarationTaken') },
        ...refusals(...signedIn, 404, 413, 415, 422),
      },
    },
    handler: async (request, reply) => {
      const { account } = callerOf(request)
      if (account.system !== 'aes')
        throw new ApiFault('act-refused', { detail: 'Only the export system hands declarations over.' })
      const { key } = requireIdempotency(request)
      const id = `api-${account.id}-${key}`
      const source = { id, actor: account.id, event: request.query.event }
      const outcome = await own().take(source, request.body ?? new Uint8Array())
      if (outcome.kind === 'key-reused') throw new ApiFault('idempotency-key-reused')
      if (outcome.kind === 'wrong') {
        const errors = outcome.findings.map(({ rule, path, value, text, remedy }) => ({
          field: path,
          ...(value !== '' && { value }),
          remedy: `${rule}: ${text} ${remedy}`,
        }))
        throw new ApiFault('invalid', { errors })
      }
      reply.code(202)
      return { outcome: outcome.kind, id: outcome.kind === 'accepted' ? outcome.id : null }
    },
  })
}

function viewRoute(app: FastifyInstance, own: Own): void {
  app.get<{ Params: { id: string } }>('/declarations/:id', {
    config: { access: 'signed-in' },
    schema: {
      operationId: 'getDeclaration',
      summary: 'One declaration, with export, draft and import element by element',
      tags,
      params: declarationParams,
      response: { 200: { description: 'The declaration', ...ref('Declaration') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => {
      const found = await own().view(callerOf(request).account, request.params.id)
      if (found === undefined) throw new ApiFault('not-found')
      return found
    },
  })
}

function claimRoute(app: FastifyInstance, own: Own): void {
  app.post<{ Body: { ucr: string } }>('/declarations/claims', {
    config: { access: 'trader' },
    schema: {
      operationId: 'claimDraft',
      summary: 'An importer claims a draft that is nobody’s by its UCR',
      tags,
      headers: keyHeaders,
      body: claimBody,
      response: actAnswers('declaration', 'Declaration'),
    },
    handler: async (request) => {
      const { account } = callerOf(request)
      const asked = { ucr: request.body.ucr, idempotency: requireIdempotency(request) }
      const { id } = doneOf(await own().claim(account, asked))
      return { declaration: await own().view(account, id) }
    },
  })
}

function lodgeRoute(app: FastifyInstance, own: Own): void {
  interface Route {
    Params: { id: string }
    Body: { version: number; values: Record<string, string | null> }
  }
  app.post<Route>('/declarations/:id/import', {
    config: { access: 'trader' },
    schema: {
      operationId: 'lodgeImport',
      summary: 'The importer completes the draft of a version of the export, and lodges the import',
      tags,
      params: declarationParams,
      headers: keyHeaders,
      body: lodgeBody,
      response: actAnswers('declaration', 'Declaration'),
    },
    handler: async (request) => {
      const { account } = callerOf(request)
      const lodging = { ...request.body, idempotency: requireIdempotency(request) }
      const { id } = doneOf(await own().lodge(account, request.params.id, lodging))
      return { declaration: await own().view(account, id) }
    },
  })
}

function partnersRoute(app: FastifyInstance, own: Own): void {
  app.get('/declarations/partners', {
    config: { access: 'officer', navigable: false },
    schema: {
      operationId: 'listDeclarationPartners',
      summary: 'The administrations with which declaration data are exchanged',
      tags,
      response: { 200: { description: 'The partners', ...ref('DeclarationPartners') }, ...refusals(...signedIn, 404) },
    },
    handler: async () => ({ partners: own().partners() }),
  })
}

function mirrorRoute(app: FastifyInstance, own: Own): void {
  app.get<{ Querystring: MirrorQuery }>('/declarations/mirror', {
    config: { access: 'officer', alsoProduces: 'text/csv' },
    schema: {
      operationId: 'getMirrorReport',
      summary: 'What one side declared at export against what the other declared at import; as CSV too',
      tags,
      querystring: mirrorQuery,
      response: {
        200: {
          description: 'The report, derived now',
          content: { 'application/json': { schema: ref('MirrorReport') }, 'text/csv': { schema: {} } },
        },
        ...refusals(...signedIn, 404, 422),
      },
    },
    handler: async (request, reply) => {
      const { from, to } = request.query
      if (!isDate(from) || !isDate(to) || from > to) {
        const errors = [{ field: 'from', value: from, remedy: 'Give two days that there are, the first one first.' }]
        throw new ApiFault('malformed', { errors })
      }
      const report = await own().mirror(callerOf(request).account, request.query, () => reply.raw.destroyed)
      if (report === undefined) throw new ApiFault('not-found')
      if (report === 'too-many') {
        const remedy = `More than ${mostConsignments} consignments are of this period. Choose a shorter one.`
        throw new ApiFault('invalid', { errors: [{ field: 'to', value: to, remedy }] })
      }
      const header = request.headers.accept
      if (accepts(header, 'application/json')) return report
      const name = `mirror-${report.party.id}-${report.direction}-${from}-${to}.csv`.replaceAll(/[^\w.-]/g, '_')
      return reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .type('text/csv; charset=utf-8')
        .send(mirrorCsv(report))
    },
  })
}
