import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import type { ApiPorts } from '../ports.ts'
import type { PartnersPort } from '../partners-port.ts'
import { ref, refusals, signedIn } from '../schemas/common.ts'
import { certificatesQuery, partnerParams } from '../schemas/partners.ts'

const tags = ['exchange']
const access = 'officer'

/** `/exchange/partners`, `/exchange/certificates`: with whom the node exchanges, how, and by which certificates. */
export function partnerRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get('/exchange/partners', {
    config: { access },
    schema: {
      operationId: 'listPartners',
      summary: 'The partners: link, P-Modes, contacts, certificates, what waits for them',
      tags,
      response: { 200: { description: 'All of them', ...ref('PartnerList') }, ...refusals(...signedIn, 404) },
    },
    handler: async () => ({ partners: await portOf(ports).list() }),
  })
  app.get<{ Params: { party: string } }>('/exchange/partners/:party', {
    config: { access },
    schema: {
      operationId: 'getPartner',
      summary: 'One partner',
      tags,
      params: partnerParams,
      response: { 200: { description: 'The partner', ...ref('PartnerDetail') }, ...refusals(...signedIn, 404) },
    },
    handler: async ({ params: { party } }) => {
      const partner = (await portOf(ports).list()).find((each) => each.party === party)
      if (partner === undefined) throw new ApiFault('not-found')
      return partner
    },
  })
  app.get<{ Querystring: { days?: string; party?: string } }>('/exchange/certificates', {
    config: { access },
    schema: {
      operationId: 'listCertificates',
      summary: 'Every certificate, own and partners’; with `days`, what breaks in so many days',
      tags,
      querystring: certificatesQuery,
      response: {
        200: { description: 'Those that end first at the top', ...ref('Certificates') },
        ...refusals(...signedIn, 404),
      },
    },
    handler: async ({ query: { days, party } }) => ({
      certificates: portOf(ports)
        .certificates()
        .filter((each) => party === undefined || each.party === party)
        .filter(({ breaks, daysLeft }) => days === undefined || (breaks !== null && daysLeft < Number(days))),
    }),
  })
}

function portOf({ exchangePartners }: ApiPorts): PartnersPort {
  if (exchangePartners === undefined) throw new ApiFault('not-found')
  return exchangePartners
}
