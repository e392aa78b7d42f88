import type { CertificateView, PartnersPort, PartnerView, PModeView } from '@corridor/api'
import type { PMode } from '@corridor/as4'
import type { PartnerStatus } from '@corridor/casework'
import { linksOf, otherOf } from '../config/links.ts'
import type { Plan } from '../live/plan.ts'
import { certificatesAt } from './breaks.ts'

/** The registry of partners: what the corridor file says of them, and what has become of messages. */
export function partnersPort(parts: {
  plan: Pick<Plan, 'corridor' | 'own' | 'partners' | 'known'>
  statuses: () => Promise<PartnerStatus[]>
  clock: () => Date
}): PartnersPort {
  const { plan, statuses, clock } = parts
  const certificates = () => certificatesAt(plan.known, clock())
  return {
    certificates,
    async list() {
      const states = certificates()
      const found = await statuses()
      return found.map((status) => partnerView(plan, status, states))
    },
  }
}

function partnerView(
  { corridor, own, partners }: Pick<Plan, 'corridor' | 'own' | 'partners'>,
  status: PartnerStatus,
  states: readonly CertificateView[],
): PartnerView {
  const { party } = status
  // Partners of a node are nodes of its corridor, each by one link: see partners.ts.
  const node = corridor.nodes.find((each) => each.party === party)!
  const link = linksOf(corridor.links, own.id).find((each) => otherOf(each, own.id) === node.id)!
  const direct = partners.direct.find((each) => each.party === party)
  return {
    ...status,
    node: node.id,
    country: node.country,
    link: {
      kind: link.kind,
      at: link.at,
      agreement: link.agreement,
      pulls: direct?.pulls ?? null,
      url: direct === undefined || direct.url === '' ? null : direct.url,
      tunnel: direct?.tunnel ?? null,
      retry: link.retry,
    },
    pModes: direct === undefined ? [] : [pModeView('out', direct.sending), pModeView('in', direct.receiving)],
    contacts: node.contacts,
    certificates: states.filter((each) => !each.own && each.party === party),
  }
}

function pModeView(direction: 'out' | 'in', pMode: PMode): PModeView {
  const { id, mpc, service, actions, initiator, responder, profile, agreement } = pMode
  const end = (each: typeof initiator) => ({ id: each.id, role: each.role })
  return {
    id,
    direction,
    agreement: agreement?.value ?? '',
    mpc: mpc ?? null,
    service: service.value,
    actions: actions ?? [],
    initiator: end(initiator),
    responder: end(responder),
    profile: typeof profile === 'string' ? profile : 'own',
  }
}
