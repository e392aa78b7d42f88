import type { DraftTerms, ReferenceChange, ReferenceDone, ReferenceOutcome } from '@corridor/casework'
import type { Account, IdempotentRequest } from '@corridor/registry'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../http/authentication.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { readNumberInPath, readNumbers } from '../http/query.ts'
import { drain, fileOf, fileTypes, takeFiles } from '../http/upload.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn, text, type Schema } from '../schemas/common.ts'
import { listParams } from '../schemas/reference.ts'
import { draftBody, fileQuery, publishBody, restoreBody, versionParams } from '../schemas/reference-versions.ts'
import { doneOf, refuse } from './reference-refusals.ts'

const tags = ['reference']
/** Longest JSON body of a draft, in bytes: records of customs offices are large. */
const draftLimit = 2 * 1024 * 1024
/** Rows of a file; the longest published list has 116,000. */
const mostRows = 250_000

const keyHeader = (what: string): Schema => ({
  type: 'object',
  properties: { 'idempotency-key': { ...text, description: what } },
})
const refusedActs = refusals(...signedIn, 404, 409, 413, 415, 422)

/** `/reference/…/versions`: a manager drafts, reviews, publishes, discards, restores. */
export function referenceActRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.register(async (inner) => draftRoute(inner, ports))
  actRoute(app, 'review', 'A second person has looked at a draft', 'reviewed', undefined, (asked) =>
    ports.referenceActs.review(asked.by, asked.list, asked.number, asked.key),
  )
  actRoute(app, 'publish', 'Put a reviewed version into use', 'published', publishBody, (asked) =>
    ports.referenceActs.publish(asked.by, asked.list, asked.number, asked.body.reason ?? '', asked.key),
  )
  actRoute(app, 'discard', 'Take a version back that is not in use', 'discarded', undefined, (asked) =>
    ports.referenceActs.discard(asked.by, asked.list, asked.number, asked.key),
  )
  actRoute(app, 'restore', 'Draft a version that has what an earlier one had', 'draft', restoreBody, (asked) =>
    ports.referenceActs.restore(asked.by, asked.list, asked.number, asked.body as DraftTerms, asked.key),
  )
}

interface DraftRoute {
  Params: { list: string }
  Querystring: Partial<DraftTerms> & { covers?: 'whole' | 'addition'; ending?: string }
  Body: DraftTerms & { changes: ReferenceChange[] }
}

function draftRoute(app: FastifyInstance, ports: ApiPorts): void {
  takeFiles(app)
  const files = Object.fromEntries(fileTypes.map((type) => [type, { schema: {} }]))
  app.post<DraftRoute>('/reference/:list/versions', {
    config: { access: 'reference' },
    bodyLimit: draftLimit,
    preValidation: readNumbers('base'),
    schema: {
      operationId: 'draftReferenceVersion',
      summary: 'A new version of a list as a draft: from changes as JSON, or from a file with its terms in the query',
      tags,
      params: listParams,
      querystring: fileQuery,
      headers: keyHeader('Needed with JSON; a UUID is good. With a file not: a second time the version is open, 409'),
      body: { content: { 'application/json': { schema: draftBody }, ...files } },
      response: { 201: { description: 'Drafted', ...ref('ReferenceActDone') }, ...refusedActs },
    },
    handler: async (request, reply) => {
      const { list } = request.params
      const { account } = callerOf(request)
      return created(reply, doneOf(await drafted(request, list, account, ports).catch(refuse)))
    },
  })
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode >= 400) drain(request)
  })
}

async function drafted(
  request: FastifyRequest<DraftRoute>,
  list: string,
  account: Account,
  { referenceActs: acts }: ApiPorts,
): Promise<ReferenceOutcome> {
  const file = fileOf(request)
  if (file !== undefined) {
    const { effective = '', note = '', base, covers = 'whole', ending } = request.query
    const terms = { effective, note, ending: ending === 'true', ...(base !== undefined && { base }) }
    return acts.draftFile(account, list, terms, { ...file, covers, mostRows })
  }
  const { changes, ...terms } = request.body
  return acts.draft(account, list, terms, changes, requireIdempotency(request))
}

interface ActRoute {
  Params: { list: string; number: number }
  Body: Partial<DraftTerms> & { reason?: string }
}

interface Asked {
  by: Account
  list: string
  number: number
  body: ActRoute['Body']
  key: IdempotentRequest
}

function actRoute(
  app: FastifyInstance,
  act: string,
  summary: string,
  state: 'draft' | 'reviewed' | 'published' | 'discarded',
  body: Schema | undefined,
  work: (asked: Asked) => Promise<ReferenceOutcome>,
): void {
  const makes = state === 'draft'
  app.post<ActRoute>(`/reference/:list/versions/:number/${act}`, {
    config: { access: 'reference' },
    preValidation: readNumberInPath('number'),
    schema: {
      operationId: `${act}ReferenceVersion`,
      summary,
      tags,
      params: versionParams,
      headers: keyHeader('Needed; a UUID is good'),
      ...(body && { body }),
      response: { [makes ? 201 : 200]: { description: 'Done', ...ref('ReferenceActDone') }, ...refusedActs },
    },
    handler: async (request, reply) => {
      const { list, number } = request.params
      const key = requireIdempotency(request)
      const asked = { by: callerOf(request).account, list, number, body: request.body ?? {}, key }
      const done = doneOf(await work(asked).catch(refuse))
      return makes ? created(reply, done) : answerOf(done, state)
    },
  })
}

function created(reply: FastifyReply, done: ReferenceDone) {
  reply.code(201).header('location', `/reference/${encodeURIComponent(done.list)}/versions/${done.number}`)
  return answerOf(done, 'draft')
}

function answerOf({ kind: _, ...done }: ReferenceDone, state: string) {
  return { ...done, state }
}
