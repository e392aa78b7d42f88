import type { Announcement } from '@corridor/casework'
import type { FastifyInstance } from 'fastify'
import { actAnswers, doneOf, keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import { announcementBody, askedBody, monthBody } from '../schemas/services.ts'

const tags = ['services']

/** `/availability`, `/statistics`: whose system is unavailable and when, and what the central services are told. */
export function servicesRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get('/availability', {
    config: { access: 'officer' },
    schema: {
      operationId: 'getAvailability',
      summary: 'Whose system is or will be unavailable, as far as it was announced; what partners answered last',
      tags,
      response: { 200: { description: 'What is known', ...ref('Availability') }, ...refusals(...signedIn) },
    },
    handler: () => ports.availability(),
  })
  announceRoute(app, ports)
  askRoute(app, ports)
  statisticsRoutes(app, ports)
}

function announceRoute(app: FastifyInstance, ports: ApiPorts): void {
  type Body = Pick<Announcement, 'operation'> & Partial<Announcement['unavailability']>
  app.post<{ Body: Body }>('/availability/announcements', {
    config: { access: 'operations' },
    schema: {
      operationId: 'announceUnavailability',
      summary: 'Announce that our own system is or will be unavailable (C), change that (U) or take it back (D)',
      tags,
      headers: keyHeaders,
      body: announcementBody,
      response: actAnswers('availability', 'Availability'),
    },
    handler: async (request) => {
      const { operation, type = '', functionality = '', startsAt = '', explanation = '', ...more } = request.body
      const { endsAt = null, text = null, fallback = null, fallbackText = null } = more
      const unavailability = {
        type,
        functionality,
        startsAt,
        endsAt,
        explanation,
        fallback,
        // An empty field of a form says nothing.
        text: text === '' ? null : text,
        fallbackText: fallbackText === '' ? null : fallbackText,
      }
      const asked = { operation, unavailability, idempotency: requireIdempotency(request) }
      const done = doneOf(await ports.announceUnavailability(callerOf(request).account, asked))
      return { availability: done.availability }
    },
  })
}

function askRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.post<{ Body: { country: string; mrn: string } }>('/availability/requests', {
    config: { access: 'officer' },
    schema: {
      operationId: 'askAvailability',
      summary: 'Ask the node of a country whether it is available for a movement; it answers by itself',
      tags,
      headers: keyHeaders,
      body: askedBody,
      response: actAnswers('availability', 'Availability'),
    },
    handler: async (request) => {
      const asked = { ...request.body, idempotency: requireIdempotency(request) }
      return { availability: doneOf(await ports.askAvailability(callerOf(request).account, asked)).availability }
    },
  })
}

function statisticsRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get('/statistics', {
    config: { access: 'officer' },
    schema: {
      operationId: 'getStatistics',
      summary: 'The monthly statistics that were sent, and what the central services found inconsistent in them',
      tags,
      response: { 200: { description: 'What was sent', ...ref('Statistics') }, ...refusals(...signedIn) },
    },
    handler: () => ports.statistics(),
  })
  app.post<{ Body: { month: string } }>('/statistics', {
    config: { access: 'operations' },
    schema: {
      operationId: 'sendStatistics',
      summary: 'Count a month that is over and send it to the central services; again, as an update',
      tags,
      headers: keyHeaders,
      body: monthBody,
      response: actAnswers('statistics', 'Statistics'),
    },
    handler: async (request) => {
      const asked = { ...request.body, idempotency: requireIdempotency(request) }
      return { statistics: doneOf(await ports.sendStatistics(callerOf(request).account, asked)).statistics }
    },
  })
}
