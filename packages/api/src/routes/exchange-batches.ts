import { type BatchAct, batchRefusals, type BatchState } from '@corridor/exchange'
import type { FastifyInstance } from 'fastify'
import type { BatchesPort, BatchOutcome, BatchView } from '../batches-port.ts'
import { ApiFault } from '../faults.ts'
import { keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { type FilterText, readFilter } from '../http/message-filter.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts } from '../ports.ts'
import { object, ref, refusals, signedIn } from '../schemas/common.ts'
import {
  batchBody,
  batchesQuery,
  batchParams,
  correctionBody,
  dryRunBody,
  itemsQuery,
  refusalBody,
} from '../schemas/exchange-batches.ts'
import { exchangeMessageParams } from '../schemas/exchange-messages.ts'

const tags = ['exchange']
const access = 'operations'
const answers = {
  200: { description: 'The batch', ...object({ batch: ref('MessageBatch') }) },
  ...refusals(...signedIn, 404, 409, 413, 415, 422),
}

type Own = () => BatchesPort

/** `/exchange/batches`, `/exchange/messages/{id}/…`: repairs that two people of the operations desk make together. */
export function exchangeBatchRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const own = (): BatchesPort => {
    if (ports.exchangeBatches === undefined) throw new ApiFault('not-found')
    return ports.exchangeBatches
  }
  viewRoutes(app, own)
  requestRoutes(app, own)
  decideRoutes(app, own)
  messageRoutes(app, own)
}

/** @throws {ApiFault} for each way in which it was not taken on */
function batchOf(outcome: BatchOutcome): { batch: BatchView } {
  if (outcome.kind === 'batch') return { batch: outcome.batch }
  if (outcome.kind === 'key-reused') throw new ApiFault('idempotency-key-reused')
  const { code, count, batch } = outcome
  const more = [
    ...(count === undefined ? [] : [`Messages: ${count}.`]),
    ...(batch === undefined ? [] : [`Batch: ${batch}.`]),
  ]
  const detail = [batchRefusals[code], ...more].join(' ')
  switch (code) {
    case 'unknown-batch':
    case 'unknown-message':
      throw new ApiFault('not-found')
    case 'same-person':
      throw new ApiFault('second-person', { detail })
    case 'reason-missing':
      throw new ApiFault('invalid', { detail, errors: [{ field: 'reason', remedy: batchRefusals[code] }] })
    case 'everything':
      throw new ApiFault('invalid', { detail, errors: [{ field: 'count', remedy: detail }] })
    case 'document-missing':
    case 'document-same':
      throw new ApiFault('invalid', { detail, errors: [{ field: 'document', remedy: batchRefusals[code] }] })
    case 'nothing-found':
    case 'too-many':
      throw new ApiFault('invalid', { detail, errors: [{ field: 'filter', remedy: batchRefusals[code] }] })
    default:
      throw new ApiFault('batch-refused', { detail })
  }
}

function there<T>(found: T | undefined): T {
  if (found === undefined) throw new ApiFault('not-found')
  return found
}

function viewRoutes(app: FastifyInstance, own: Own): void {
  app.get<{ Querystring: { state?: BatchState; before?: string; limit: number } }>('/exchange/batches', {
    config: { access },
    preValidation: readNumbers('limit'),
    schema: {
      operationId: 'listMessageBatches',
      summary: 'Repairs that were asked for, the newest first',
      tags,
      querystring: batchesQuery,
      response: { 200: { description: 'One page', ...ref('MessageBatches') }, ...refusals(...signedIn) },
    },
    handler: async ({ query }) => {
      const batches = await own().list(query)
      return { batches, next: batches.length < query.limit ? null : (batches.at(-1)?.id ?? null) }
    },
  })
  app.get<{ Params: { id: string } }>('/exchange/batches/:id', {
    config: { access },
    schema: {
      operationId: 'getMessageBatch',
      summary: 'One batch: what it is about, who asked and who decided, how far it is',
      tags,
      params: batchParams,
      response: {
        200: { description: 'The batch', ...object({ batch: ref('MessageBatch') }) },
        ...refusals(...signedIn, 404),
      },
    },
    handler: async ({ params }) => ({ batch: there(await own().one(params.id)) }),
  })
  app.get<{ Params: { id: string }; Querystring: { after: number; outcome?: string; limit: number } }>(
    '/exchange/batches/:id/messages',
    {
      config: { access, navigable: false },
      preValidation: readNumbers('after', 'limit'),
      schema: {
        operationId: 'listMessageBatchItems',
        summary: 'What became of each message of a batch, or why nothing was done',
        tags,
        params: batchParams,
        querystring: itemsQuery,
        response: { 200: { description: 'One page', ...ref('MessageBatchItems') }, ...refusals(...signedIn, 404) },
      },
      handler: async ({ params, query }) => {
        there(await own().one(params.id))
        const items = await own().items({ id: params.id, ...query })
        return { items, next: items.length < query.limit ? null : (items.at(-1)?.place ?? null) }
      },
    },
  )
}

function requestRoutes(app: FastifyInstance, own: Own): void {
  app.post<{ Body: { act: BatchAct; filter: FilterText } }>('/exchange/batches/dry-run', {
    config: { access, navigable: false },
    schema: {
      operationId: 'tryMessageBatch',
      summary: 'How many messages an act would be about, and what would come of it now; nothing is done',
      tags,
      body: dryRunBody,
      response: { 200: { description: 'The set', ...ref('DryRun') }, ...refusals(...signedIn, 413, 415, 422) },
    },
    handler: async ({ body }) => {
      const set = await own().dryRun(body.act, readFilter(body.filter))
      return set ?? batchOf({ kind: 'refused', code: 'too-many' })
    },
  })
  app.post<{ Body: { act: BatchAct; filter: FilterText; reason: string; digest: string; count?: number } }>(
    '/exchange/batches',
    {
      config: { access },
      schema: {
        operationId: 'requestMessageBatch',
        summary: 'Ask for an act on the messages of a dry run; a second person approves it',
        tags,
        headers: keyHeaders,
        body: batchBody,
        response: answers,
      },
      handler: async (request) => {
        const { filter, ...wish } = request.body
        const asked = { ...wish, filter: readFilter(filter), filterText: filter }
        return batchOf(await own().request(callerOf(request).account, asked, requireIdempotency(request)))
      },
    },
  )
}

function decideRoutes(app: FastifyInstance, own: Own): void {
  app.post<{ Params: { id: string } }>('/exchange/batches/:id/approval', {
    config: { access, navigable: false },
    schema: {
      operationId: 'approveMessageBatch',
      summary: 'Approve a batch that somebody else asked for: it is done from now on',
      tags,
      headers: keyHeaders,
      params: batchParams,
      response: answers,
    },
    handler: async (request) => {
      const decision = { id: request.params.id, approve: true }
      return batchOf(await own().decide(callerOf(request).account, decision, requireIdempotency(request)))
    },
  })
  app.post<{ Params: { id: string }; Body: { reason: string } }>('/exchange/batches/:id/refusal', {
    config: { access, navigable: false },
    schema: {
      operationId: 'refuseMessageBatch',
      summary: 'Refuse a batch, or withdraw one’s own, before it is approved',
      tags,
      headers: keyHeaders,
      params: batchParams,
      body: refusalBody,
      response: answers,
    },
    handler: async (request) => {
      const decision = { id: request.params.id, approve: false, reason: request.body.reason }
      return batchOf(await own().decide(callerOf(request).account, decision, requireIdempotency(request)))
    },
  })
}

function messageRoutes(app: FastifyInstance, own: Own): void {
  app.post<{ Params: { id: string }; Body: { document: string; reason: string } }>(
    '/exchange/messages/:id/corrections',
    {
      config: { access, navigable: false },
      bodyLimit: 25_000_000,
      schema: {
        operationId: 'correctExchangeMessage',
        summary:
          'Ask that a parked message is decided on a corrected document; what came is kept. A second person approves it',
        tags,
        headers: keyHeaders,
        params: exchangeMessageParams,
        body: correctionBody,
        response: answers,
      },
      handler: async (request) => {
        const wish = { id: request.params.id, ...request.body }
        return batchOf(await own().correct(callerOf(request).account, wish, requireIdempotency(request)))
      },
    },
  )
  app.get<{ Params: { id: string } }>('/exchange/messages/:id/correction', {
    config: { access, navigable: false },
    schema: {
      operationId: 'getExchangeMessageCorrection',
      summary: 'The corrected document of a message, and what is other in it than in the one that came',
      tags,
      params: exchangeMessageParams,
      response: { 200: { description: 'The correction', ...ref('Correction') }, ...refusals(...signedIn, 404) },
    },
    handler: async ({ params }) => there(await own().correction(params.id)),
  })
  app.post<{ Params: { id: string } }>('/exchange/messages/:id/trial', {
    config: { access, navigable: false },
    schema: {
      operationId: 'tryExchangeMessage',
      summary: 'What would be decided on a message if it came now; nothing of it stays, and nobody is sent anything',
      tags,
      params: exchangeMessageParams,
      response: { 200: { description: 'What would come of it', ...ref('Trial') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => there(await own().try(callerOf(request).account, request.params.id)),
  })
}
