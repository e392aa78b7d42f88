import type { Identity, PMode } from '@corridor/as4'
import { makeAuthority } from '@corridor/as4/testing'
import type { Partner } from '@corridor/exchange'
import { type NodeId, partyOf } from './corridor.ts'

/** Certificates of the nodes. Their keys differ from process to process; nothing in a run depends on them. */
export type Papers = Readonly<Record<NodeId, Identity>>

/** Valid long enough for every clock that jumps. */
const validity = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') }

export async function makePapers(): Promise<Papers> {
  const authority = await makeAuthority('Simulated authority')
  const issue = (id: NodeId): Promise<Identity> => authority.issue({ commonName: partyOf(id), ...validity })
  const [al, xk, mk] = await Promise.all([issue('al'), issue('xk'), issue('mk')])
  return { al, xk, mk }
}

const core = 'http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704'

function pModeOf(from: NodeId, to: NodeId, other: Identity): PMode {
  return {
    id: `${from}-${to}`,
    initiator: { id: partyOf(from), type: 'urn:simulated', role: `${core}/initiator` },
    responder: { id: partyOf(to), type: 'urn:simulated', role: `${core}/responder` },
    service: { value: 'urn:simulated:transit' },
    profile: 'edelivery-1.15',
    partnerCertificate: other.certificate,
  }
}

/** Everybody that a node exchanges with; `url` is the other node's id. */
export function partnersOf(own: NodeId, all: readonly NodeId[], papers: Papers): Partner[] {
  return all
    .filter((other) => other !== own)
    .map((other) => ({
      party: partyOf(other),
      url: other,
      tlsCertificates: [papers[other].certificate],
      ca: [],
      sending: pModeOf(own, other, papers[other]),
      receiving: pModeOf(other, own, papers[other]),
    }))
}
