import type { PartyId, PMode, TypedValue } from '../model.ts'
import { checkPMode } from './check.ts'
import { type PModeFinding, pointerStep } from './finding.ts'

/**
 * Everything that is wrong with P-Modes that are to be used together: each by itself, then ids that are there twice,
 * two that would fit the same message, second legs without a first, channels with two receivers. Places are pointers
 * into the list.
 */
export function checkPModes(pmodes: readonly PMode[], now?: Date): PModeFinding[] {
  const findings = pmodes.flatMap((pmode, n) =>
    checkPMode(pmode, now).map((each) => ({ ...each, place: `${pointerStep(n)}${each.place}` })),
  )
  for (const [n, pmode] of pmodes.entries()) findings.push(...checkBeside(pmode, n, pmodes))
  return findings
}

function checkBeside(pmode: PMode, n: number, pmodes: readonly PMode[]): PModeFinding[] {
  const findings: PModeFinding[] = []
  const report = (place: string, text: string, remedy: string): void => {
    findings.push({ place: `${pointerStep(n)}${place}`, text, remedy })
  }
  const before = pmodes.slice(0, n)
  if (before.some(({ id }) => id === pmode.id))
    report('/id', `${pmode.id} is there twice`, 'Give each an id of its own.')
  const rival = before.find((other) => overlap(other, pmode))
  if (rival) {
    const remedy = 'Tell them apart by party, service, agreement, channel or action.'
    report('', `a message could be under ${rival.id} too`, remedy)
  }
  const shared = before.find((other) => other.mpc !== undefined && other.mpc === pmode.mpc)
  if (shared && partyText(shared.responder) !== partyText(pmode.responder)) {
    report('/mpc', `${shared.id} gives the channel to another receiver`, 'Give each receiver a channel of its own.')
  }
  if (pmode.replyTo === undefined) return findings
  const request = pmodes.find(({ id }) => id === pmode.replyTo)
  if (!request) {
    report('/replyTo', `there is no P-Mode ${pmode.replyTo}`, 'Name the P-Mode of the requests.')
  } else if (!turnsBack(request, pmode)) {
    report(
      '/replyTo',
      `${request.id} is not from and to the same parties`,
      'Let the answer go from its responder back.',
    )
  }
  return findings
}

function turnsBack(request: PMode, reply: PMode): boolean {
  return (
    partyText(request.initiator) === partyText(reply.responder) &&
    partyText(request.responder) === partyText(reply.initiator)
  )
}

function partyText({ id, type }: PartyId): string {
  return JSON.stringify([type ?? null, id])
}

function overlap(a: PMode, b: PMode): boolean {
  const actions = new Set(a.actions)
  return keyOf(a) === keyOf(b) && (!a.actions || !b.actions || b.actions.some((action) => actions.has(action)))
}

/** What P-Modes are told apart by before their actions. */
export function keyOf(pmode: Pick<PMode, 'initiator' | 'responder' | 'service' | 'agreement' | 'mpc'>): string {
  const party = ({ id, type, role }: PartyId): unknown => [id, type ?? null, role]
  const typed = (value: TypedValue | undefined): unknown => value && [value.value, value.type ?? null]
  const { initiator, responder, service, agreement, mpc } = pmode
  return JSON.stringify([party(initiator), party(responder), typed(service), typed(agreement) ?? null, mpc ?? null])
}
