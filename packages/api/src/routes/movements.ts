import type { ActFields, ActName } from '@corridor/casework'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { actAnswers, doneOf, keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { sendDocument } from '../http/document.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts } from '../ports.ts'
import { answerOf, ref, refusals, signedIn } from '../schemas/common.ts'
import { movementListQuery, pageSize } from '../schemas/movement-list.ts'
import { actBody, movementMessageParams, movementParams, movementTimerParams, timerBody } from '../schemas/movement.ts'

const tags = ['movements']

/** `/movements`: an officer's list, one movement, its messages, and the acts on it. */
export function movementRoutes(app: FastifyInstance, ports: ApiPorts): void {
  listRoute(app, ports)
  viewRoute(app, ports)
  actRoute(app, ports)
  messageRoute(app, ports)
  timerRoute(app, ports)
}

function listRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { q?: string; status?: string; page: number } }>('/movements', {
    config: { access: 'desk' },
    preValidation: readNumbers('page'),
    schema: {
      operationId: 'listMovements',
      summary: "The movements of the officer's role and office, latest change first",
      tags,
      querystring: movementListQuery,
      response: { 200: { description: 'One page', ...ref('MovementPage') }, ...refusals(...signedIn) },
    },
    handler: async (request) => {
      const { q, status, page } = request.query
      const query = { ...(q && { q }), ...(status && { status }), page, pageSize }
      const { items, total, more } = await ports.movements(callerOf(request).account, query)
      return { items, total, more, page, pageSize }
    },
  })
}

function viewRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { mrn: string } }>('/movements/:mrn', {
    config: { access: 'desk' },
    schema: {
      operationId: 'getMovement',
      summary: 'One movement as the officer sees it, with the acts that are allowed now',
      tags,
      params: movementParams,
      response: { 200: { description: 'The movement', ...ref('MovementView') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => {
      const movement = await ports.movement(callerOf(request).account, request.params.mrn)
      if (!movement) throw new ApiFault('not-found')
      return movement
    },
  })
}

function actRoute(app: FastifyInstance, ports: ApiPorts): void {
  interface Route {
    Params: { mrn: string }
    Body: { act: ActName; version: number; fields: ActFields }
  }
  app.post<Route>('/movements/:mrn/acts', {
    config: { access: 'desk' },
    schema: {
      operationId: 'act',
      summary: 'Do an act on a movement; with the same key again, the first answer comes again',
      tags,
      params: movementParams,
      headers: keyHeaders,
      body: actBody,
      response: actAnswers('movement', 'MovementView'),
    },
    handler: async (request) => {
      const { act, version, fields } = request.body
      const idempotency = requireIdempotency(request)
      const asked = { act, version, fields, idempotency }
      return { movement: doneOf(await ports.act(callerOf(request).account, request.params.mrn, asked)).movement }
    },
  })
}

function timerRoute(app: FastifyInstance, ports: ApiPorts): void {
  interface Route {
    Params: { mrn: string; timer: string }
    Body: { do: 'pause' | 'resume' | 'reschedule'; due?: string; reason: string }
  }
  app.post<Route>('/movements/:mrn/timers/:timer', {
    config: { access: 'desk' },
    schema: {
      operationId: 'changeTimer',
      summary: 'Stop the clock of what falls due by itself, let it go on, or give it another moment; with a reason',
      tags,
      params: movementTimerParams,
      headers: keyHeaders,
      body: timerBody,
      response: actAnswers('movement', 'MovementView'),
    },
    handler: async (request) => {
      const { mrn, timer } = request.params
      const { do: wanted, due = '', reason } = request.body
      const idempotency = requireIdempotency(request)
      const change = wanted === 'reschedule' ? { do: wanted, due: new Date(due) } : { do: wanted }
      const asked = { timer, change, reason, idempotency }
      return { movement: doneOf(await ports.changeTimer(callerOf(request).account, mrn, asked)).movement }
    },
  })
}

function messageRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { mrn: string; id: string } }>('/movements/:mrn/messages/:id', {
    config: { access: 'desk', produces: 'application/xml' },
    schema: {
      operationId: 'getMovementMessage',
      summary: 'The document of a message, byte for byte as it was signed or received',
      tags,
      params: movementMessageParams,
      response: { 200: answerOf('application/xml', 'The document'), ...refusals(...signedIn, 404) },
    },
    handler: async (request, reply) => {
      const { mrn, id } = request.params
      return sendDocument(reply, await ports.movementMessage(callerOf(request).account, mrn, id))
    },
  })
}
