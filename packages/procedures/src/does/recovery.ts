/** Effects of the recovery of a debt: of the competent authority, which is the office of departure, and of the offices that hear of it. */
import { addAmounts, type Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, fieldsOf, office, recordOf } from '../context.ts'
import { numbered, present, text, texts } from '../read.ts'
import type { Asked, Recovery } from '../types.ts'
import { destinationOf, numberedOffices, oneOfEach, seenAt, toTrader } from './departure.ts'
import { divertedTo } from './diversion.ts'
import { answered, askedAfter, cancellation, openQuestion } from './enquiry.ts'
import { onTheWay } from './invalidation.ts'

export const recoveryEffects: Record<string, (context: Context, argument: string) => Change> = {
  'begin-recovery': (context) => {
    const { movement, facts, event } = context
    const today = facts.today
    const claim = secured(context)
    return {
      data: { recovery: { since: today, ...claim } },
      detail: `${claim.amount} ${claim.currency}`,
      ...toTrader(context, 'CC035C', {
        TransitOperation: { MRN: movement.mrn, declarationAcceptanceDate: movement.data.acceptanceDate ?? today },
        RecoveryNotification: present({
          recoveryNotificationDate: today,
          recoveryNotificationText: event.kind === 'act' ? event.fields['text'] : undefined,
          amountClaimed: claim.amount,
          currency: claim.currency,
        }),
        CustomsOfficeOfRecoveryAtDeparture: office(movement.office),
      }),
    }
  },
  'communicate-recovery': (context) => {
    const { movement, facts } = context
    const { arrival } = movement.data
    const declared = (group: string) => texts(recordOf(context), `${group}.referenceNumber`)
    const destination = arrival?.office ?? divertedTo(movement, 'destination')[0]
    const transit = declared('CustomsOfficeOfTransitDeclared')
    const exit = declared('CustomsOfficeOfExitForTransitDeclared')
    const [passed, left] = [seenAt(movement, 'transit'), seenAt(movement, 'exit')]
    const doc = present({
      TransitOperation: { MRN: movement.mrn, recoveryCommunicationDate: facts.today },
      CustomsOfficeOfDestinationDeclared: office(destinationOf(context)),
      CustomsOfficeOfDestinationActual: destination === undefined ? undefined : office(destination),
      CustomsOfficeOfTransitDeclared: numberedOffices(transit),
      CustomsOfficeOfTransitActual: numberedOffices(passed),
      CustomsOfficeOfExitForTransitDeclared: numberedOffices(exit),
      CustomsOfficeOfExitForTransitActual: numberedOffices(left),
      CustomsOfficeOfRecoveryAtDeparture: office(movement.office),
    })
    const told = [destinationOf(context), ...(destination === undefined ? [] : [destination])]
    return {
      send: oneOfEach(context, [...told, ...transit, ...passed, ...exit, ...left]).map((to) => ({
        type: 'CD063C',
        to: { office: to },
        doc,
        answers: false,
      })),
    }
  },
  // CD063C has no form for a recovery that is over without a debt (rule B2101 wants its date), so it is told as the end of an enquiry.
  'end-recovery': (context) => ({
    data: { recovery: undefined },
    send: toldOfRecovery(context).map((to) => cancellation(context, to, 'The recovery has ended without a debt.')),
  }),
  'request-recovery': (context) => {
    const authority = context.movement.data.arrival?.office ?? destinationOf(context)
    const doc = present({
      TransitOperation: { MRN: context.movement.mrn },
      CustomsOfficeOfRecoveryRequesting: office(context.movement.office),
      CustomsOfficeOfRecoveryRequested: office(authority),
      Recovery: { recoveryCommunicationDate: context.facts.today, text: fieldsOf(context)['text'] ?? '' },
      GuaranteeReference: references(context),
    })
    return {
      data: { recovery: { ...recoveryOf(context), authority } },
      send: [{ type: 'CD150C', to: { office: authority }, doc, answers: false }],
      detail: authority,
    }
  },
  'record-recovery-answer': (context) => ({
    detail:
      text(documentOf(context), 'Recovery.text') ?? text(documentOf(context), 'Recovery.recoveryAcceptance') ?? '',
  }),
  'record-payment': (context) => {
    const collectedOn = fieldsOf(context)['collectionDate'] ?? context.facts.today
    return { data: { recovery: { ...recoveryOf(context), collectedOn } }, detail: collectedOn }
  },
  'dispatch-recovery': (context) => {
    const { event } = context
    const { collectedOn = context.facts.today, ...recovery } = recoveryOf(context)
    const takingOver =
      event.kind === 'document' ? text(event.doc, 'CustomsOfficeOfRecoveryRequested.referenceNumber') : undefined
    const authority = takingOver ?? recovery.authority ?? ''
    const doc: Doc = {
      TransitOperation: { MRN: context.movement.mrn },
      CustomsOfficeOfRecoveryAtDeparture: office(context.movement.office),
      CustomsOfficeOfRecovery: office(authority),
      Recovery: present({
        collectionDate: collectedOn,
        text: (event.kind === 'act' ? event.fields['text'] : undefined) ?? `Collected on ${collectedOn}`,
      }),
    }
    return { send: [{ type: 'CD152C', to: { office: authority }, doc, answers: false }] }
  },

  /** At the offices that hear of it. */
  'record-recovery': (context) => {
    const since = text(documentOf(context), 'TransitOperation.recoveryCommunicationDate') ?? context.facts.today
    return { data: { recovery: { since } }, detail: since }
  },
  'record-recovery-request': (context) => {
    const doc = documentOf(context)
    const asked: Asked = {
      for: 'recovery',
      by: text(doc, 'CustomsOfficeOfRecoveryRequesting.referenceNumber') ?? '',
      at: text(doc, 'Recovery.recoveryCommunicationDate') ?? context.facts.today,
      what: texts(doc, 'GuaranteeReference.GRN'),
      text: text(doc, 'Recovery.text') ?? '',
    }
    return { data: { asked: askedAfter(context, asked) }, detail: asked.text ?? '' }
  },
  /** `answer-recovery:1` takes the recovery over, `:0` does not. */
  'answer-recovery': (context, acceptance) => {
    const asked = openQuestion(context, 'recovery')
    const words = fieldsOf(context)['text'] ?? (acceptance === '1' ? 'Taken over' : '')
    const doc: Doc = {
      TransitOperation: { MRN: context.movement.mrn },
      CustomsOfficeOfRecoveryRequesting: office(asked.by),
      CustomsOfficeOfRecoveryRequested: office(context.movement.office),
      Recovery: present({ recoveryAcceptance: acceptance, recoveryCommunicationDate: asked.at, text: words }),
    }
    return answered(context, asked, 'CD151C', doc, words)
  },
  'record-dispatch': (context) => {
    const collectedOn = text(documentOf(context), 'Recovery.collectionDate') ?? context.facts.today
    return { data: { recovery: { ...recoveryOf(context), collectedOn } }, detail: collectedOn }
  },
}

const recoveryOf = ({ movement, facts }: Context): Recovery => movement.data.recovery ?? { since: facts.today }

/** Every office that has the record, each by itself: CD059C names one. */
function toldOfRecovery(context: Context): string[] {
  const { transit, exit } = onTheWay(context)
  return [destinationOf(context), ...divertedTo(context.movement, 'destination'), ...transit, ...exit]
}

/** What is claimed: the amount that the guarantees cover, in the currency of the first. */
function secured({ movement }: Context): { amount: string; currency: string } {
  const uses = movement.data.guarantees ?? []
  const currency = uses[0]?.currency ?? 'EUR'
  const amounts = uses.filter((use) => use.currency === currency).map((use) => use.amount)
  return { amount: amounts.reduce((sum, amount) => addAmounts(sum, amount), '0.00'), currency }
}

/** The guarantees that another authority may call on; none when the movement had none. */
function references({ movement }: Context): Doc[] | undefined {
  const uses = movement.data.guarantees ?? []
  return uses.length === 0 ? undefined : numbered(uses.map(({ grn }) => ({ GRN: grn })))
}
