import type { FallbackPaper, MovementPaper } from '@corridor/casework'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf } from '../http/authentication.ts'
import { sendPaper } from '../http/paper.ts'
import type { ApiPorts } from '../ports.ts'
import { refusals, type Schema, signedIn } from '../schemas/common.ts'
import { fallbackPrintParams } from '../schemas/fallback.ts'
import { guaranteeParams } from '../schemas/guarantee.ts'
import { movementPaperParams, paperQuery, receiptQuery } from '../schemas/paper.ts'

/** A route whose answer is a page or a PDF file, whichever the Accept header wants. */
const config = { access: 'signed-in', produces: 'text/html', alsoProduces: 'application/pdf' } as const

const response: Record<number, Schema> = {
  200: {
    description: 'The document: a page that needs no other file, or a PDF file of A4 pages',
    content: { 'text/html': { schema: {} }, 'application/pdf': { schema: {} } },
  },
  ...refusals(...signedIn, 404, 409, 501),
}

/** `/movements/…/paper/…`, `/guarantees/…/paper/receipt` and `/fallback/…/paper/…`: documents on paper, in two languages. */
export function paperRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { mrn: string; kind: MovementPaper }; Querystring: { languages?: string } }>(
    '/movements/:mrn/paper/:kind',
    {
      config,
      schema: {
        operationId: 'printMovement',
        summary:
          'The transit accompanying document with its list of items, for the office of departure and the declarant; the note of an unloading permission, for the office of destination and the trader there',
        tags: ['movements'],
        params: movementPaperParams,
        querystring: paperQuery,
        response,
      },
      handler: async (request, reply) => {
        const { mrn, kind } = request.params
        const { account } = callerOf(request)
        if (account.role !== 'trader' && account.office === null) throw new ApiFault('wrong-role')
        const wish = { languages: request.query.languages?.split(',') }
        return sendPaper(request, reply, ports, kind, await ports.movementPaper(account, mrn, kind, wish))
      },
    },
  )
  app.get<{ Params: { grn: string }; Querystring: { languages?: string; mrn?: string } }>(
    '/guarantees/:grn/paper/receipt',
    {
      config,
      schema: {
        operationId: 'printGuarantee',
        summary: 'The receipt of a guarantee, for the office of guarantee and the holder',
        tags: ['guarantees'],
        params: guaranteeParams,
        querystring: receiptQuery,
        response,
      },
      handler: async (request, reply) => {
        const { account } = callerOf(request)
        if (account.role !== 'trader' && account.role !== 'guarantee') throw new ApiFault('wrong-role')
        const { languages, mrn } = request.query
        const wish = { languages: languages?.split(','), mrn }
        return sendPaper(
          request,
          reply,
          ports,
          'receipt',
          await ports.guaranteePaper(account, request.params.grn, wish),
        )
      },
    },
  )
  app.get<{ Params: { id: string; kind: FallbackPaper }; Querystring: { languages?: string } }>(
    '/fallback/:id/paper/:kind',
    {
      config: { ...config, access: 'officer' },
      schema: {
        operationId: 'printFallbackMode',
        summary:
          'The unused forms of a fallback mode, each with its reserved MRN, or the register, for officers of departure',
        tags: ['fallback'],
        params: fallbackPrintParams,
        querystring: paperQuery,
        response,
      },
      handler: async (request, reply) => {
        const { id, kind } = request.params
        const wish = { languages: request.query.languages?.split(',') }
        return sendPaper(
          request,
          reply,
          ports,
          kind,
          await ports.fallbackPaper(callerOf(request).account, id, kind, wish),
        )
      },
    },
  )
}
