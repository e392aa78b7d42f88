import { isOfficeRole } from '@corridor/registry'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf } from '../http/authentication.ts'
import type { ApiPorts } from '../ports.ts'
import { answerOf, refusals, signedIn } from '../schemas/common.ts'
import { movementParams } from '../schemas/movement.ts'

/** ASiC-E (ETSI EN 319 162-1). */
const mediaType = 'application/vnd.etsi.asic-e+zip'

/** `/movements/:mrn/evidence`: everything that proves what was exchanged about a movement, in one signed file. */
export function evidenceRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { mrn: string } }>('/movements/:mrn/evidence', {
    config: { access: 'officer', produces: mediaType, navigable: false },
    schema: {
      operationId: 'takeEvidence',
      summary:
        'Messages, signatures, receipts and journal of a movement as one signed file that is checked offline: an officer gets what the page of the movement lists, the operations desk all of it. The journal says who took it',
      tags: ['movements'],
      params: movementParams,
      response: { 200: answerOf(mediaType, 'The file, an ASiC-E container'), ...refusals(...signedIn, 404, 409) },
    },
    handler: async (request, reply) => {
      const { account } = callerOf(request)
      const { mrn } = request.params
      if (!isOfficeRole(account.role) && account.role !== 'operations')
        throw new ApiFault('wrong-role', {
          detail: 'Evidence is for officers who have the movement, and for the operations desk.',
        })
      const evidence = await ports.evidence(account, mrn)
      if (evidence === undefined) throw new ApiFault('not-found')
      if (evidence === 'too-large')
        throw new ApiFault('evidence-too-large', {
          detail:
            'There is more of this movement than goes into one file: the operations desk has its messages one by one.',
        })
      return reply
        .header('content-disposition', `attachment; filename="${mrn}.asice"`)
        .type(mediaType)
        .send(Buffer.from(evidence.buffer, evidence.byteOffset, evidence.byteLength))
    },
  })
}
