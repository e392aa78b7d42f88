import type { PartyId, PMode, TypedValue, UserMessageHeader } from './model.ts'

/**
 * Whether a header is one that a P-Mode speaks of: From is its initiator and To its responder (identifier, type and
 * role), service and agreement are equal with their types, the channel is the same, and the action is allowed
 * (eDelivery AS4 1.15, 1.4.2.2; the pmode attribute of AgreementRef plays no part).
 */
export function matchesPMode(pmode: PMode, header: UserMessageHeader): boolean {
  return (
    sameParty(pmode.initiator, header.from) &&
    sameParty(pmode.responder, header.to) &&
    sameValue(pmode.service, header.service) &&
    sameValue(pmode.agreement, header.agreement) &&
    pmode.mpc === header.mpc &&
    (pmode.actions === undefined || pmode.actions.includes(header.action))
  )
}

function sameParty(a: PartyId, b: PartyId): boolean {
  return a.id === b.id && a.type === b.type && a.role === b.role
}

function sameValue(a: TypedValue | undefined, b: TypedValue | undefined): boolean {
  return a?.value === b?.value && a?.type === b?.type
}
