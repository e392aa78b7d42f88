import type { Doc, Finding } from '@corridor/customs'
import { toFunctionalErrors } from '@corridor/customs'
import { type Change, type Context, documentOf, holderOf, nodesOf, office } from './context.ts'
import { ProcedureFault } from './faults.ts'
import { present, text } from './read.ts'
import { systemIn } from './systems.ts'
import type { Event, Facts, Law, Movement, Send } from './types.ts'

/**
 * The finding behind a reason of refusals.tsv, with the value that the document has there.
 * @throws ProcedureFault TABLE when no row has this id
 */
export function reason(law: Law, id: string, doc: Doc, path?: string): Finding {
  const row = law.refusals.get(id)
  if (row === undefined) throw new ProcedureFault('TABLE', `refusals.tsv has no ${id}`)
  const value = row.value === '' ? undefined : text(doc, row.value)
  return {
    kind: 'state',
    rule: id,
    code: row.code,
    path: path ?? row.path,
    remedy: row.remedy,
    text: row.remedy,
    ...(value === undefined ? {} : { value }),
  }
}

/** What a refusal is made from: also that of a document about no movement. */
interface Refusing extends Pick<Context, 'law' | 'event'> {
  facts: Pick<Facts, 'now'>
  movement: Pick<Movement, 'office'>
}

/**
 * The refusal that the procedure has for a document. A trader gets CC056C from the office of departure, CC057C from the office of
 * destination, and CC906C for a document that traders do not send; an administration gets CD906C whatever it sent, an outside system what
 * its document's route says.
 * @param findings why, at least one
 */
export function refusalOf(context: Refusing, findings: readonly Finding[]): Change {
  const { event } = context
  if (event.kind !== 'document')
    throw new ProcedureFault('MISSING_DATA', `${event.kind} cannot be refused by a document`)
  const type = refusalType(context.law, event)
  return {
    refused: true,
    detail: findings.map((finding) => `${finding.rule} ${finding.path}`).join('; '),
    send: [{ type, to: refusedSender(event), doc: refusalDocument(context, type, findings), answers: true }],
  }
}

function refusedSender({ from, sender }: Extract<Event, { kind: 'document' }>): Send['to'] {
  if (from === 'administration') return { party: sender }
  const system = systemIn(sender)
  return system === undefined ? { trader: sender } : { system }
}

function refusalType(law: Law, event: Extract<Event, { kind: 'document' }>): string {
  const isCommon = event.from === 'administration' || (event.from === 'system' && law.services.has(event.type))
  if (isCommon) return 'CD906C'
  const route = law.routes.get(event.type)
  return route?.sender === event.from ? route.negative : 'CC906C'
}

function refusalDocument(context: Refusing, type: string, findings: readonly Finding[]): Doc {
  const doc = documentOf(context)
  const errors = toFunctionalErrors(findings)
  const mrn = text(doc, 'TransitOperation.MRN') ?? text(doc, 'Header.MRN')
  const lrn = mrn === undefined ? text(doc, 'TransitOperation.LRN') : undefined
  if (type === 'CC906C') return { Header: present({ LRN: lrn, MRN: mrn }), FunctionalError: errors }
  if (type === 'CD906C')
    return present({ Header: mrn === undefined ? undefined : { MRN: mrn }, FunctionalError: errors })
  const operation = present({
    LRN: lrn,
    MRN: mrn,
    businessRejectionType: context.event.kind === 'document' ? context.event.type.slice(2, 5) : undefined,
    rejectionDateAndTime: context.facts.now,
    rejectionCode: '12',
    rejectionReason: remediesOf(findings),
  })
  if (type === 'CC057C') {
    return {
      TransitOperation: operation,
      CustomsOfficeOfDestinationActual: office(context.movement.office),
      TraderAtDestination: { identificationNumber: text(doc, 'TraderAtDestination.identificationNumber') ?? '' },
      FunctionalError: errors,
    }
  }
  return {
    TransitOperation: operation,
    CustomsOfficeOfDeparture: office(context.movement.office),
    HolderOfTheTransitProcedure: holderOf(doc, nodesOf(context, 'CC056C')),
    FunctionalError: errors,
  }
}

/** The room that rejectionReason has in CC056C and CC057C (an..512). */
const longestReason = 512

/**
 * What to do about each error, in one text: the groups FunctionalError have no place for it, rejectionReason is free for it (C0492). Errors
 * are named by their place in the list; a remedy that serves several is said once. What does not fit is left out, marked by an ellipsis.
 */
export function remediesOf(findings: readonly Finding[]): string {
  const places = new Map<string, number[]>()
  findings.forEach(({ remedy }, index) => places.set(remedy, [...(places.get(remedy) ?? []), index + 1]))
  const [only] = places.keys()
  const whole =
    places.size === 1
      ? (only ?? '')
      : [...places].map(([remedy, errors]) => `${errors.join(', ')}: ${remedy}`).join(' ')
  const characters = Array.from(whole)
  return characters.length <= longestReason ? whole : `${characters.slice(0, longestReason - 1).join('')}…`
}

/** The effects of refusing: `refuse-faulty` for the findings of the document, `refuse:<id>` for a reason of refusals.tsv. */
export const refusalEffects: Record<string, (context: Context, argument: string) => Change> = {
  'refuse-faulty': (context) => refusalOf(context, context.event.kind === 'document' ? context.event.findings : []),
  refuse: (context, id) => refusalOf(context, [reason(context.law, id, documentOf(context))]),
}
