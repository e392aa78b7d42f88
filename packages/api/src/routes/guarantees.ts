import type { ActFields } from '@corridor/casework'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { actAnswers, doneOf, keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import { guaranteeActBody, guaranteeListQuery, guaranteeParams, guaranteeQuery } from '../schemas/guarantee.ts'
import { pageSize } from '../schemas/movement-list.ts'

const tags = ['guarantees']

/** `/guarantees`: what the office of guarantee keeps, one account, and the acts on it. */
export function guaranteeRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { q?: string; page: number } }>('/guarantees', {
    config: { access: 'officer' },
    preValidation: readNumbers('page'),
    schema: {
      operationId: 'listGuarantees',
      summary: 'The guarantees that are kept here, for officers of guarantee',
      tags,
      querystring: guaranteeListQuery,
      response: { 200: { description: 'One page', ...ref('GuaranteePage') }, ...refusals(...signedIn) },
    },
    handler: async (request) => {
      const { q, page } = request.query
      const found = await ports.guarantees(callerOf(request).account, { ...(q && { q }), page, pageSize })
      if (found === undefined) throw new ApiFault('wrong-role')
      return { ...found, page, pageSize }
    },
  })
  viewRoute(app, ports)
  actRoute(app, ports)
}

function viewRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { grn: string }; Querystring: { before?: number } }>('/guarantees/:grn', {
    config: { access: 'officer' },
    preValidation: readNumbers('before'),
    schema: {
      operationId: 'getGuarantee',
      summary: 'The account of one guarantee: balances, open amounts with what each waits for, the ledger',
      tags,
      params: guaranteeParams,
      querystring: guaranteeQuery,
      response: { 200: { description: 'The account', ...ref('GuaranteeView') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => {
      const { account } = callerOf(request)
      if (account.role !== 'guarantee') throw new ApiFault('wrong-role')
      const guarantee = await ports.guarantee(account, request.params.grn, request.query.before)
      if (guarantee === undefined) throw new ApiFault('not-found')
      return guarantee
    },
  })
}

function actRoute(app: FastifyInstance, ports: ApiPorts): void {
  interface Route {
    Params: { grn: string }
    Body: { act: string; version: number; fields: ActFields }
  }
  app.post<Route>('/guarantees/:grn/acts', {
    config: { access: 'officer' },
    schema: {
      operationId: 'actOnGuarantee',
      summary: 'Raise, reduce or cancel a guarantee; with the same key again, the first answer comes again',
      tags,
      params: guaranteeParams,
      headers: keyHeaders,
      body: guaranteeActBody,
      response: actAnswers('guarantee', 'GuaranteeView'),
    },
    handler: async (request) => {
      const { act, version, fields } = request.body
      const asked = { act, version, fields, idempotency: requireIdempotency(request) }
      const done = doneOf(await ports.actOnGuarantee(callerOf(request).account, request.params.grn, asked))
      return { guarantee: done.guarantee }
    },
  })
}
