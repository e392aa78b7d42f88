import type { BoardQuery } from '@corridor/hub'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts, RegionalPort } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import { pageSize } from '../schemas/movement-list.ts'
import { regionalParams, regionalQuery } from '../schemas/regional.ts'

const tags = ['regional']

/** `/regional`: what the copies of its members tell the secretariat of a hub. Any other node has nothing there. */
export function regionalRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const board = (): RegionalPort => {
    if (ports.regional === undefined) throw new ApiFault('not-found')
    return ports.regional
  }
  app.get('/regional', {
    config: { access: 'regional' },
    schema: {
      operationId: 'getRegionalDashboard',
      summary: 'Movements by corridor, delays, guarantees in use, and how late the copies of each member are',
      tags,
      response: { 200: { description: 'As of now', ...ref('RegionalDashboard') }, ...refusals(...signedIn, 404) },
    },
    handler: () => board().dashboard(),
  })
  app.get<{ Querystring: Omit<BoardQuery, 'pageSize'> }>('/regional/movements', {
    config: { access: 'regional' },
    preValidation: readNumbers('page'),
    schema: {
      operationId: 'listRegionalMovements',
      summary: 'Movements of which there are copies, the last told of first',
      tags,
      querystring: regionalQuery,
      response: { 200: { description: 'One page', ...ref('RegionalMovements') }, ...refusals(...signedIn, 404) },
    },
    handler: async ({ query }) => {
      const { movements, total } = await board().movements({ ...query, pageSize })
      return { movements, page: query.page, pageSize, total }
    },
  })
  app.get<{ Params: { mrn: string } }>('/regional/movements/:mrn', {
    config: { access: 'regional' },
    schema: {
      operationId: 'getRegionalMovement',
      summary: 'What was told of one movement, copy by copy, and what of it does not fit',
      tags,
      params: regionalParams,
      response: {
        200: { description: 'The movement', ...ref('RegionalMovementDetail') },
        ...refusals(...signedIn, 404),
      },
    },
    handler: async (request) => {
      const movement = await board().movement(request.params.mrn)
      if (movement === undefined) throw new ApiFault('not-found')
      return movement
    },
  })
}
