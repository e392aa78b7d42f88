import { X509Certificate } from 'node:crypto'
import type { PartyId, PMode } from '@corridor/as4'
import type { CarriedPartner, Partner, RetrySchedule } from '@corridor/exchange'
import type { Corridor, CorridorNode } from './config/corridor.ts'
import { type CorridorLink, linksOf } from './config/links.ts'
import { NodeFault } from './faults.ts'
import type { NodeSettings } from './settings.ts'
import { hubDocuments } from './wire.ts'

const core = 'http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704'
const partyType = 'urn:oasis:names:tc:ebcore:partyid-type:unregistered:corridor'
/** The service under which documents of common transit go between administrations. */
const transitService = 'urn:corridor:service:transit'

const partyOf = (party: string, role: 'initiator' | 'responder'): PartyId => ({
  id: party,
  type: partyType,
  role: `${core}/${role}`,
})

/** Whom a node is linked with, with what was agreed for each direction; certificates are pinned to the party. */
export interface Partners {
  /** Those that it pushes to. */
  direct: Partner[]
  /** Those that it reaches by a third place only. */
  carried: CarriedPartner[]
}

/** @throws NodeFault CORRIDOR_FILE, KEY_FILE */
export function partnersOf(corridor: Corridor, own: CorridorNode, settings: NodeSettings, actions: string[]): Partners {
  const partners: Partners = { direct: [], carried: [] }
  for (const known of settings.partners) {
    const node = corridor.nodes.find((candidate) => candidate.id === known.node)
    const link = linksOf(corridor.links, own.id).find(({ between }) => between.includes(known.node))
    if (node === undefined || link === undefined)
      throw new NodeFault('CORRIDOR_FILE', `there is no link between ${own.id} and ${known.node}.`)
    const signing = certificatesOf(
      [known.signingCertificate, known.nextSigningCertificate],
      `signing certificate of ${known.node}`,
    )
    const retry = link.retry === null ? {} : { retry: scheduleOf(link.retry) }
    if (known.direct === null)
      partners.carried.push({
        party: node.party,
        agreement: link.agreement,
        certificates: signing,
        place: link.at ?? '',
        ...retry,
      })
    else partners.direct.push(directPartner({ own, node, link, signing, actions }, known.direct))
  }
  return partners
}

function directPartner(
  {
    own,
    node,
    link: { agreement, retry, pulls },
    signing,
    actions,
  }: { own: CorridorNode; node: CorridorNode; link: CorridorLink; signing: X509Certificate[]; actions: string[] },
  {
    url,
    tlsCertificate,
    nextTlsCertificate,
    ca,
    nextCa,
    tunnel,
  }: NonNullable<NodeSettings['partners'][number]['direct']>,
): Partner {
  const [certificate, next] = signing
  const isHub = own.hub !== null || node.hub !== null
  const mode = (from: string, to: string, fetches: boolean): PMode => ({
    id: `${agreement}:${from}:${to}`,
    // Its own channel for who fetches: what is for others is not in it.
    ...(fetches && { mpc: `urn:corridor:mpc:${agreement}:${to}` }),
    agreement: { value: agreement },
    initiator: partyOf(from, 'initiator'),
    responder: partyOf(to, 'responder'),
    service: { value: transitService },
    actions: isHub ? [...actions, ...hubDocuments] : actions,
    profile: 'edelivery-1.15',
    // What is for it is encrypted for the first; what it signs may be of either.
    ...(certificate && { partnerCertificate: certificate }),
    ...(next && { nextPartnerCertificate: next }),
  })
  return {
    party: node.party,
    url: url ?? '',
    tlsCertificates: certificatesOf([tlsCertificate, nextTlsCertificate], `TLS certificate of ${node.id}`),
    ca: nextCa === undefined ? [ca] : [ca, nextCa],
    sending: mode(own.party, node.party, pulls === node.id),
    receiving: mode(node.party, own.party, pulls === own.id),
    ...(pulls !== null && { pulls: pulls === own.id ? 'we' : 'they' }),
    ...(tunnel && { tunnel }),
    ...(retry === null ? {} : { retry: scheduleOf(retry) }),
  }
}

function scheduleOf({ firstSeconds, longestSeconds, tries }: NonNullable<CorridorLink['retry']>): RetrySchedule {
  return { backOffMs: firstSeconds * 1_000, backOffMostMs: longestSeconds * 1_000, triesBeforeParked: tries }
}

/** The one of now and, while the partner changes over, the next. @throws NodeFault KEY_FILE */
function certificatesOf([present, next]: [string, string | undefined], what: string): X509Certificate[] {
  return [certificateOf(present, what), ...(next === undefined ? [] : [certificateOf(next, `next ${what}`)])]
}

/** @throws NodeFault KEY_FILE */
export function certificateOf(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw new NodeFault('KEY_FILE', `The ${what} cannot be read: ${(error as Error).message}.`)
  }
}
