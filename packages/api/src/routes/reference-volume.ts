import { addMonths, monthsBetween, volumeCsv } from '@corridor/customs'
import { localDay } from '@corridor/casework'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { accepts } from '../http/accept.ts'
import { sendTagged } from '../http/etag.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import { volumeQuery } from '../schemas/reference-volume.ts'

const csv = 'text/csv'
/** Months that are looked at unless told: so many back, so many ahead. */
const back = 11
const ahead = 6
const mostMonths = 60

/** `/reference/volume`: how much reference data each side produces, by list and month, observed and expected. */
export function referenceVolumeRoutes(app: FastifyInstance, { reference, clock, node }: ApiPorts): void {
  app.get<{ Querystring: { from?: string; to?: string } }>('/reference/volume', {
    config: { access: 'officer', alsoProduces: csv },
    schema: {
      operationId: 'getReferenceVolume',
      summary: 'Entries and changes of each side by list and month, observed and expected; as CSV for text/csv alone',
      tags: ['reference'],
      querystring: volumeQuery,
      response: {
        200: {
          description: 'The volume',
          content: { 'application/json': { schema: ref('ReferenceVolume') }, [csv]: { schema: { type: 'string' } } },
        },
        304: { description: 'As the asker has it (If-None-Match)' },
        ...refusals(...signedIn),
      },
    },
    handler: async (request, reply) => {
      const today = localDay({ clock, ...(node.timeZone !== undefined && { timeZone: node.timeZone }) })
      const current = today.slice(0, 7)
      const { from = addMonths(current, -back), to = addMonths(current, ahead) } = request.query
      requireFew(from, to)
      const volume = await reference.volume({ from, to }, today)
      const { accept } = request.headers
      if (accepts(accept, 'application/json')) return sendTagged(request, reply, { from, to, current, ...volume })
      return reply
        .header('content-disposition', `attachment; filename="reference-volume-${from}-${to}.csv"`)
        .type(`${csv}; charset=utf-8`)
        .send(volumeCsv(volume))
    },
  })
}

function requireFew(from: string, to: string): void {
  const remedy =
    to < from
      ? 'Give a month that is not before `from`.'
      : monthsBetween(from, to).length > mostMonths
        ? `Ask for ${mostMonths} months at the most.`
        : undefined
  if (remedy !== undefined) throw new ApiFault('malformed', { errors: [{ field: 'to', value: to, remedy }] })
}
