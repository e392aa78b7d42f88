import type { NotReconciled } from '@corridor/exchange'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { decodeCursor, encodeCursor } from '../http/cursor.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { readNumberInPath } from '../http/query.ts'
import type { ApiPorts, ReconciliationOutcome } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import {
  differencesQuery,
  mendBody,
  returnedParams,
  runParams,
  runsQuery,
  wantBody,
} from '../schemas/reconciliation.ts'

const tags = ['exchange']
const access = 'operations'
const runsOnPage = 50
const differencesOnPage = 200

const wantedAnswers = {
  202: { description: 'It begins at once; look at it under its number', ...ref('ReconciliationWanted') },
  ...refusals(...signedIn, 404, 409, 413, 415, 422),
}

/** `/exchange/reconciliation`: what both sides of a link have of the messages of a day, held against each other. */
export function reconciliationRoutes(app: FastifyInstance, ports: ApiPorts): void {
  listRoutes(app, ports)
  viewRoutes(app, ports)
  actRoutes(app, ports)
}

function listRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { partner?: string; day?: string; cursor?: string } }>('/exchange/reconciliation', {
    config: { access },
    schema: {
      operationId: 'listReconciliations',
      summary: 'Comparisons with partners, ours and theirs, the newest first',
      tags,
      querystring: runsQuery,
      response: { 200: { description: 'One page', ...ref('Reconciliations') }, ...refusals(...signedIn) },
    },
    handler: async ({ query: { partner, day, cursor } }) => {
      const below = cursor === undefined ? undefined : numberOf(cursor)
      const runs = await ports.reconciliation.list({ partner, day, below, limit: runsOnPage })
      const last = runs.length < runsOnPage ? undefined : runs.at(-1)
      return { runs, next: last === undefined ? null : encodeCursor(String(last.number)) }
    },
  })
  app.get<{ Params: { number: number }; Querystring: { cursor?: string } }>(
    '/exchange/reconciliation/:number/differences',
    {
      config: { access },
      preValidation: readNumberInPath('number'),
      schema: {
        operationId: 'listReconciliationDifferences',
        summary: 'What differs, message by message, and how it stands now',
        tags,
        params: runParams,
        querystring: differencesQuery,
        response: {
          200: { description: 'One page', ...ref('ReconciliationDifferences') },
          ...refusals(...signedIn, 404),
        },
      },
      handler: async ({ params: { number }, query: { cursor } }) => {
        if ((await ports.reconciliation.one(number)) === undefined) throw new ApiFault('not-found')
        const after = cursor === undefined ? undefined : placeOf(cursor)
        const differences = await ports.reconciliation.differences(number, { after, limit: differencesOnPage })
        const last = differences.length < differencesOnPage ? undefined : differences.at(-1)
        return { differences, next: last === undefined ? null : encodeCursor(`${last.direction} ${last.messageId}`) }
      },
    },
  )
}

function viewRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { number: number } }>('/exchange/reconciliation/:number', {
    config: { access },
    preValidation: readNumberInPath('number'),
    schema: {
      operationId: 'getReconciliation',
      summary: 'One comparison',
      tags,
      params: runParams,
      response: { 200: { description: 'The comparison', ...ref('Reconciliation') }, ...refusals(...signedIn, 404) },
    },
    handler: async ({ params }) => there(await ports.reconciliation.one(params.number)),
  })
  app.get<{ Params: { partner: string; messageId: string } }>('/exchange/returned/:partner/:messageId', {
    config: { access, navigable: false },
    schema: {
      operationId: 'getReturnedMessage',
      summary: 'A message of ours that this node did not remember, as its addressee gave it back',
      tags,
      params: returnedParams,
      response: { 200: { description: 'The message', ...ref('ReturnedMessage') }, ...refusals(...signedIn, 404) },
    },
    handler: async ({ params: { partner, messageId } }) => {
      const { document, signed, receipt, ...view } = there(await ports.reconciliation.returned(partner, messageId))
      const written = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
      return {
        ...view,
        document: written(document),
        signed: { contentType: signed.contentType, bytes: written(signed.body) },
        receipt: { contentType: receipt.contentType, bytes: written(receipt.body) },
      }
    },
  })
}

function actRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.post<{ Body: { partner: string; day: string; repair?: boolean; reason: string } }>('/exchange/reconciliation', {
    config: { access },
    schema: {
      operationId: 'wantReconciliation',
      summary: 'Compare a day with a partner now; with `repair`, mend what is found as well',
      tags,
      headers: keyHeaders,
      body: wantBody,
      response: wantedAnswers,
    },
    handler: async (request, reply) => {
      const key = requireIdempotency(request)
      const { repair = false, ...wanted } = request.body
      reply.code(202)
      return numberedOf(await ports.reconciliation.want(callerOf(request).account, { ...wanted, repair }, key))
    },
  })
  app.post<{ Params: { number: number }; Body: { reason: string } }>('/exchange/reconciliation/:number/repair', {
    config: { access },
    preValidation: readNumberInPath('number'),
    schema: {
      operationId: 'mendReconciliation',
      summary: 'Send again what the partner misses, ask for what this node misses, bring back what it has forgotten',
      tags,
      params: runParams,
      headers: keyHeaders,
      body: mendBody,
      response: wantedAnswers,
    },
    handler: async (request, reply) => {
      const key = requireIdempotency(request)
      const { number } = request.params
      there(await ports.reconciliation.one(number))
      reply.code(202)
      return numberedOf(await ports.reconciliation.mend(callerOf(request).account, { number, ...request.body }, key))
    },
  })
}

/** @throws {ApiFault} for each way in which nothing was begun */
function numberedOf(outcome: ReconciliationOutcome): { number: number } {
  if (outcome.kind === 'wanted') return { number: outcome.number }
  if (outcome.kind === 'key-reused') throw new ApiFault('idempotency-key-reused')
  throw faultOf(outcome)
}

function faultOf(refused: NotReconciled): ApiFault {
  if (refused.kind === 'unknown-partner')
    return new ApiFault('invalid', { errors: [{ field: 'partner', remedy: 'Name a partner of this node.' }] })
  if (refused.kind === 'day') return new ApiFault('invalid', { errors: [{ field: 'day', remedy: `${refused.why}.` }] })
  return new ApiFault('reconciliation-state', {
    detail: 'It was not begun here, is not compared yet, or was mended before: begin another one.',
  })
}

function there<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new ApiFault('not-found')
  return found
}

function numberOf(cursor: string): number {
  const text = decodeCursor(cursor) ?? ''
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new ApiFault('bad-cursor')
  return Number(text)
}

function placeOf(cursor: string): { direction: string; messageId: string } {
  const [, direction, messageId] = /^(in|out) ([!-~]{1,255})$/.exec(decodeCursor(cursor) ?? '') ?? []
  if (direction === undefined || messageId === undefined) throw new ApiFault('bad-cursor')
  return { direction, messageId }
}
