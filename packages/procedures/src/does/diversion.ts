/** Diversions: an office that does not hold the record asks the office of departure for it, and what that office answers. */
import type { Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, office } from '../context.ts'
import { ProcedureFault } from '../faults.ts'
import { groups, present, text } from '../read.ts'
import { reason, refusalOf } from '../refusals.ts'
import type { PaperRequest } from '../fallback/types.ts'
import { recordDocument } from '../release.ts'
import type { Role, Send } from '../types.ts'
import { arrivalIn } from './destination.ts'

/** By the role of the office that asks: its request, the answer, and the group in which it names itself. */
export const recordRequests: Partial<Record<Role, { request: string; answer: string; group: string }>> = {
  transit: { request: 'CD114C', answer: 'CD115C', group: 'CustomsOfficeOfTransitActual' },
  exit: { request: 'CD164C', answer: 'CD165C', group: 'CustomsOfficeOfExitForTransitActual' },
  destination: { request: 'CD002C', answer: 'CD003C', group: 'CustomsOfficeOfDestinationActual' },
}

/** The negative answer to a request that was kept with a paper, correlated with it. None for a document that is no request. */
export function rejectedRecord(mrn: string, { document, office, identification }: PaperRequest, code: string): Send[] {
  const asked = Object.values(recordRequests).find(({ request }) => request === document)
  if (asked === undefined) return []
  const { answer, group } = asked
  const named = { referenceNumber: office, ...(answer === 'CD115C' ? { guaranteeNotValidForCountry: '0' } : {}) }
  return [
    {
      type: answer,
      to: { office },
      doc: { TransitOperation: { MRN: mrn, requestRejectionReasonCode: code }, [group]: named },
      answers: false,
      ...(identification === '' ? {} : { correlation: identification }),
    },
  ]
}

/** The role and reference of the office whose request came. @throws ProcedureFault MISSING_DATA when the event is none */
export function requestIn(context: Context): { role: Role; answer: string; group: string; office: string } {
  const type = context.event.kind === 'document' ? context.event.type : ''
  for (const [role, { request, answer, group }] of Object.entries(recordRequests))
    if (request === type)
      return { role: role as Role, answer, group, office: text(documentOf(context), `${group}.referenceNumber`) ?? '' }
  throw new ProcedureFault('MISSING_DATA', `a request for a record is needed, ${type} came`)
}

/** The administration that allocated the MRN of the record, which characters 3 and 4 say. */
export const allocatedBy = ({ movement, facts }: Context): string | undefined =>
  facts.administration(movement.mrn.slice(2, 4))

/** Why the office of departure gives no record; undefined when it gives it. */
export const rejectionIn = (doc: Doc): string | undefined => text(doc, 'TransitOperation.requestRejectionReasonCode')

export const diversionEffects: Record<string, (context: Context, argument: string) => Change> = {
  'ask-record': (context) => {
    const { movement } = context
    const asked = recordRequests[movement.role]
    const party = allocatedBy(context)
    if (asked === undefined || party === undefined)
      throw new ProcedureFault('MISSING_DATA', `${movement.role} cannot ask for the record of ${movement.mrn}`)
    const doc = { TransitOperation: { MRN: movement.mrn }, [asked.group]: office(movement.office) }
    return {
      data: { rejection: '' },
      detail: movement.mrn,
      send: [{ type: asked.request, to: { party }, doc, answers: false }],
    }
  },
  'give-record': (context) => {
    const asked = requestIn(context)
    const diverted = context.movement.data.diverted ?? []
    const isNew = !diverted.some((known) => known.role === asked.role && known.office === asked.office)
    return {
      ...answerWith(context, (given) => recordDocument(context, asked.answer, given)),
      data: { diverted: isNew ? [...diverted, { role: asked.role, office: asked.office }] : diverted },
      detail: asked.office,
    }
  },
  /** `refuse-record:<code>` of the list record-rejection (results.tsv). */
  'refuse-record': (context, code) => ({
    ...answerWith(context, (given) => ({
      TransitOperation: {
        MRN: text(documentOf(context), 'TransitOperation.MRN') ?? '',
        requestRejectionReasonCode: code,
      },
      ...given,
    })),
    detail: `${requestIn(context).office} ${code}`,
  }),
  'note-rejection': (context) => {
    const code = rejectionIn(documentOf(context)) ?? ''
    return { data: { rejection: code }, detail: code }
  },

  'keep-notification': ({ event }) =>
    event.kind === 'document' ? { data: { trader: event.sender, notification: event.doc } } : {},
  'record-kept-notification': (context) => {
    const { notification } = context.movement.data
    return notification === undefined ? {} : { data: { arrival: arrivalIn(context, notification) } }
  },
  /** The notification cannot be followed: the trader reads why as if his own document had been refused now. */
  'tell-rejection': (context) => {
    const { notification = {}, trader = '', rejection = '' } = context.movement.data
    const id = `N003${rejection}`
    const event = {
      kind: 'document' as const,
      type: 'CC007C',
      doc: notification,
      findings: [],
      sender: trader,
      from: 'trader' as const,
      lastTry: false,
    }
    // A code that no refusal of an arrival stands for is told as what it is: the record was not given.
    const isOfArrival = context.law.refusals.get(id)?.path.startsWith('/CC007C/') === true
    const known = isOfArrival ? id : 'N0030'
    const refusal = refusalOf({ ...context, event }, [reason(context.law, known, notification)])
    const correlation = text(notification, 'messageIdentification')
    const send = (refusal.send ?? []).map((each) => ({
      ...each,
      answers: false,
      ...(correlation === undefined ? {} : { correlation }),
    }))
    return { send }
  },
}

/** The answer to a request for a record, to the office that asked: it is named in it. */
function answerWith(context: Context, made: (given: Doc) => Doc): Change {
  const asked = requestIn(context)
  const named: Doc = present({
    referenceNumber: asked.office,
    // CD115C alone has the flag. A record that is given says 0: without a valid guarantee it is not given.
    guaranteeNotValidForCountry: asked.answer === 'CD115C' ? (isGuaranteed(context) ? '0' : '1') : undefined,
  })
  return {
    send: [{ type: asked.answer, to: { office: asked.office }, doc: made({ [asked.group]: named }), answers: true }],
  }
}

/** Whether the guarantees of the movement are valid in the country of the office that asks, as far as this administration keeps them. */
export function isGuaranteed(context: Context): boolean {
  const country = requestIn(context).office.slice(0, 2)
  const uses = context.movement.data.guarantees ?? []
  return uses.every(({ grn }) => !(context.facts.guarantees[grn]?.notValidIn ?? []).includes(country))
}

/** The declaration binds the movement to its itinerary, the office that asks is not on it, and no incident explains it. */
export function isBoundElsewhere(context: Context): boolean {
  const { record, incidents = [] } = context.movement.data
  const { group, office: asking } = requestIn(context)
  const declared = groups(record, group.replace('Actual', 'Declared')).map((each) => text(each, 'referenceNumber'))
  const isBinding = text(record, 'TransitOperation.bindingItinerary') === '1'
  return isBinding && incidents.length === 0 && !declared.includes(asking)
}

/** The offices of a role that were given the record without being declared. */
export function divertedTo({ data }: Context['movement'], role: Role): string[] {
  return (data.diverted ?? []).filter((each) => each.role === role).map((each) => each.office)
}
