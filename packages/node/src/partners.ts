import { X509Certificate } from 'node:crypto'
import type { PartyId, PMode } from '@corridor/as4'
import type { Partner, RetrySchedule } from '@corridor/exchange'
import type { Corridor, CorridorLink, CorridorNode } from './config/corridor.ts'
import { NodeFault } from './faults.ts'
import type { NodeSettings } from './settings.ts'

const core = 'http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704'
const partyType = 'urn:oasis:names:tc:ebcore:partyid-type:unregistered:corridor'
/** The service under which documents of common transit go between administrations. */
const transitService = 'urn:corridor:service:transit'

const partyOf = (party: string, role: 'initiator' | 'responder'): PartyId => ({
  id: party,
  type: partyType,
  role: `${core}/${role}`,
})

/** The partners of a node with what was agreed for each direction; certificates are pinned to the party. */
export function partnersOf(
  corridor: Corridor,
  own: CorridorNode,
  settings: NodeSettings,
  actions: string[],
): Partner[] {
  return settings.partners.map((known): Partner => {
    const node = corridor.nodes.find((candidate) => candidate.id === known.node)
    const link = corridor.links.find(({ between }) => between.includes(own.id) && between.includes(known.node))
    if (node === undefined || link === undefined)
      throw new NodeFault('CORRIDOR_FILE', `there is no link between ${own.id} and ${known.node}.`)
    const partnerCertificate = certificateOf(known.signingCertificate, `signing certificate of ${known.node}`)
    const mode = (id: string, from: string, to: string): PMode => ({
      id,
      agreement: { value: link.agreement },
      initiator: partyOf(from, 'initiator'),
      responder: partyOf(to, 'responder'),
      service: { value: transitService },
      actions,
      profile: 'edelivery-1.15',
      partnerCertificate,
    })
    return {
      party: node.party,
      url: known.url,
      tlsCertificates: [certificateOf(known.tlsCertificate, `TLS certificate of ${known.node}`)],
      ca: [known.ca],
      sending: mode(`${link.agreement}:${own.party}:${node.party}`, own.party, node.party),
      receiving: mode(`${link.agreement}:${node.party}:${own.party}`, node.party, own.party),
      ...(link.retry === null ? {} : { retry: scheduleOf(link.retry) }),
    }
  })
}

function scheduleOf({ firstSeconds, longestSeconds, tries }: NonNullable<CorridorLink['retry']>): RetrySchedule {
  return { backOffMs: firstSeconds * 1_000, backOffMostMs: longestSeconds * 1_000, triesBeforeParked: tries }
}

/** @throws NodeFault KEY_FILE */
export function certificateOf(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw new NodeFault('KEY_FILE', `The ${what} cannot be read: ${(error as Error).message}.`)
  }
}
