import type { ActFields } from '@corridor/casework'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { takeXmlOnly } from '../http/body.ts'
import { actAnswers, doneOf, keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import { fallbackActBody, fallbackListQuery, fallbackPaperParams, fallbackParams } from '../schemas/fallback.ts'
import { pageSize } from '../schemas/movement-list.ts'

const tags = ['fallback']

interface ActRoute {
  Params: { id: string }
  Body: { act: string; version?: number; fields: ActFields }
}

/** `/fallback`: the times when an office works on paper, the papers of one, and the acts on it. */
export function fallbackRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { page: number } }>('/fallback', {
    config: { access: 'officer' },
    preValidation: readNumbers('page'),
    schema: {
      operationId: 'listFallbackModes',
      summary: 'The fallback modes of the own office, for officers of departure and of destination',
      tags,
      querystring: fallbackListQuery,
      response: { 200: { description: 'One page', ...ref('FallbackPage') }, ...refusals(...signedIn) },
    },
    handler: async (request) => {
      const { page } = request.query
      const found = await ports.fallbacks(callerOf(request).account, { page, pageSize })
      if (found === undefined) throw new ApiFault('wrong-role')
      return { ...found, page, pageSize }
    },
  })
  app.get<{ Params: { id: string } }>('/fallback/:id', {
    config: { access: 'officer' },
    schema: {
      operationId: 'getFallbackMode',
      summary: 'One fallback mode: its papers, each matched or flagged with who must act',
      tags,
      params: fallbackParams,
      response: { 200: { description: 'The mode', ...ref('FallbackView') }, ...refusals(...signedIn, 404) },
    },
    handler: async (request) => {
      const fallback = await ports.fallback(callerOf(request).account, request.params.id)
      if (fallback === undefined) throw new ApiFault('not-found')
      return fallback
    },
  })
  app.register(async (inner) => enterRoute(inner, ports))
  app.post<ActRoute>('/fallback', {
    config: { access: 'officer' },
    schema: {
      operationId: 'beginFallbackMode',
      summary: 'Prepare a fallback mode or begin one; with the same key again, the first answer comes again',
      tags,
      headers: keyHeaders,
      body: fallbackActBody,
      response: actAnswers('fallback', 'FallbackView'),
    },
    handler: async (request) => {
      const { act, fields } = request.body
      const asked = { act, version: 0, fields, idempotency: requireIdempotency(request) }
      const { fallback } = doneOf(await ports.actOnFallback(callerOf(request).account, undefined, asked))
      return { fallback }
    },
  })
  app.post<ActRoute>('/fallback/:id/acts', {
    config: { access: 'officer' },
    schema: {
      operationId: 'actOnFallbackMode',
      summary: 'End or close a fallback mode, register or void one of its papers, give the reason for what is flagged',
      tags,
      params: fallbackParams,
      headers: keyHeaders,
      body: { ...fallbackActBody, required: ['act', 'version', 'fields'] },
      response: actAnswers('fallback', 'FallbackView'),
    },
    handler: async (request) => {
      const { act, version = 0, fields } = request.body
      const asked = { act, version, fields, idempotency: requireIdempotency(request) }
      const { fallback } = doneOf(await ports.actOnFallback(callerOf(request).account, request.params.id, asked))
      return { fallback }
    },
  })
}

function enterRoute(app: FastifyInstance, ports: ApiPorts): void {
  takeXmlOnly(app)
  app.post<{ Params: { id: string; mrn: string }; Body: Buffer | undefined }>('/fallback/:id/papers/:mrn/declaration', {
    config: { access: 'officer' },
    schema: {
      operationId: 'enterFallbackDeclaration',
      summary: 'Enter the declaration (CC015C) of a registered form for its declarant, who is answered in the mailbox',
      tags,
      params: fallbackPaperParams,
      headers: keyHeaders,
      body: { content: { 'application/xml': { schema: {} } } },
      response: actAnswers('fallback', 'FallbackView'),
    },
    handler: async (request) => {
      const { id, mrn } = request.params
      const { body } = request
      if (!body?.length)
        throw new ApiFault('malformed', { detail: 'The body is empty; post the declaration as application/xml.' })
      const file = { xml: body, idempotency: requireIdempotency(request) }
      const { fallback } = doneOf(await ports.enterPaper(callerOf(request).account, id, mrn, file))
      return { fallback }
    },
  })
}
