import { type Context, documentOf, guaranteesOf, recordOf } from './context.ts'
import { amended, isAuthorisedConsignor, presented } from './does/declaration.ts'
import { guaranteesAfter, heldUnasked, isSameUse, questionOf } from './does/departure-guarantee.ts'
import { withAnswer } from './does/enquiry.ts'
import { allocatedBy, divertedTo, isBoundElsewhere, isGuaranteed, rejectionIn } from './does/diversion.ts'
import { areKnown } from './does/incident.ts'
import { usesIn } from './does/guarantee.ts'
import { takesDocument } from './fallback/decide.ts'
import { followsExport } from './exports.ts'
import { groups, text, texts } from './read.ts'
import { senderOfficeOf } from './routes.ts'
import { unreleasable } from './releasable.ts'
import type { Asked, GuaranteeUse } from './types.ts'

type Guard = (context: Context) => boolean

const sender = (context: Context): string => (context.event.kind === 'document' ? context.event.sender : '')

const departureIn = (doc: Parameters<typeof text>[0]): string =>
  text(doc, 'CustomsOfficeOfDeparture.referenceNumber') ?? ''

const grnsIn = (context: Context): string[] => texts(documentOf(context), 'Guarantee.GuaranteeReference.GRN')

const statesAfter = (context: Context): GuaranteeUse['state'][] => guaranteesAfter(context).map((use) => use.state)

/** The guards that machine rows may name. Each is a question about the movement, what came, and the facts. */
export const guards: Record<string, Guard> = {
  always: () => true,
  faulty: (context) => context.event.kind === 'document' && context.event.findings.length > 0,
  'last-try': (context) => context.event.kind === 'document' && context.event.lastTry,

  // Characters 3 and 4 of an MRN are the country that allocated it: nobody else may open a movement under it.
  'mrn-of-another-country': (context) => {
    const doc = documentOf(context)
    return text(doc, 'TransitOperation.MRN')?.slice(2, 4) !== departureIn(doc).slice(0, 2)
  },
  'of-another-departure': (context) => departureIn(documentOf(context)) !== departureIn(recordOf(context)),
  'off-the-route': offTheRoute,
  'of-a-partner': (context) => allocatedBy(context) !== undefined,
  'binding-itinerary': isBoundElsewhere,
  'not-guaranteed-there': (context) => !isGuaranteed(context),
  'nothing-asked': ({ movement: { data } }) => data.query === undefined || data.query.answeredAt !== undefined,
  'incident-known': areKnown,
  'incident-notified': (context) => context.movement.data.arrival?.incident === true,
  'incident-after-arrival': (context) => {
    const { arrival } = context.movement.data
    const at = text(documentOf(context), 'TransitOperation.incidentNotificationDateAndTime') ?? ''
    return arrival !== undefined && at > arrival.at
  },
  rejected: (context) => rejectionIn(documentOf(context)) !== undefined,

  'not-declared-by-sender': (context) => {
    const doc = documentOf(context)
    const declarants = [
      text(doc, 'HolderOfTheTransitProcedure.identificationNumber'),
      text(doc, 'Representative.identificationNumber'),
    ]
    return !declarants.includes(sender(context))
  },
  'not-by-declarant': (context) => context.movement.data.trader !== sender(context),
  'unreleasable-as-amended': (context) => unreleasable(context, amended(context)).length > 0,
  'unreleasable-as-presented': (context) => unreleasable(context, presented(context)).length > 0,
  'amended-without-guarantee': (context) => guaranteesOf(amended(context)).length === 0,
  'not-asked-to-amend': (context) => (context.movement.data.amendmentAsked ?? '') === '',
  'authorised-consignor': isAuthorisedConsignor,
  'pre-lodged': (context) => text(documentOf(context), 'TransitOperation.additionalDeclarationType') === 'D',
  // A declaration that is entered later: the form it left on says who declared, and its office reserved the MRN.
  'paper-of-another-office': ({ facts, movement }) =>
    facts.paper !== undefined && facts.paper.mode.office !== movement.office,
  'paper-not-in-use': ({ law, facts }) => facts.paper !== undefined && !takesDocument(law, facts.paper, 'CC015C'),
  'paper-of-another-declarant': (context) =>
    context.facts.paper !== undefined && context.facts.paper.registered?.declarant !== sender(context),
  'paper-pre-lodged': (context) =>
    context.facts.paper !== undefined &&
    text(documentOf(context), 'TransitOperation.additionalDeclarationType') === 'D',
  'paper-with-security': (context) =>
    context.facts.paper !== undefined && text(documentOf(context), 'TransitOperation.security') !== '0',
  'registered-on-paper': ({ facts }) => facts.paper?.state === 'issued',
  'on-paper': ({ facts }) => facts.paper !== undefined,
  'on-paper-without-guarantee': (context) =>
    context.facts.paper !== undefined && guaranteesOf(documentOf(context)).length === 0,
  'awaited-on-paper': ({ law, facts, event }) =>
    event.kind === 'document' && takesDocument(law, facts.paper, event.type),
  'released-on-paper': (context) => context.movement.data.paper !== undefined,
  'not-on-paper': (context) => context.movement.data.paper === undefined,
  'released-on-paper-last': ({ movement, event }) =>
    movement.data.paper !== undefined && event.kind === 'document' && event.lastTry,
  'held-on-paper': (context) =>
    context.movement.data.paper !== undefined && statesAfter(context).every((state) => state === 'held'),
  'refused-on-paper': (context) =>
    context.movement.data.paper !== undefined && statesAfter(context).includes('refused'),
  unreleasable: (context) => unreleasable(context).length > 0,
  'nothing-to-guarantee': (context) => guaranteesOf(documentOf(context)).length === 0,
  'nothing-to-hold': (context) => (context.movement.data.guarantees ?? []).length === 0,
  'nothing-to-hold-and-simplified': (context) =>
    (context.movement.data.guarantees ?? []).length === 0 && isAuthorisedConsignor(context),

  'follows-export': (context) => followsExport(context, documentOf(context)),
  'presented-follows-export': (context) => followsExport(context, presented(context)),
  'amended-follows-export': (context) => followsExport(context, amended(context)),
  // What was confirmed stays so when guarantees alone are amended.
  'amended-exports': (context) =>
    text(documentOf(context), 'TransitOperation.amendmentTypeFlag') !== '1' && followsExport(context, amended(context)),
  'export-answered': ({ movement, event }) =>
    movement.data.exports?.answeredAt !== undefined &&
    event.kind === 'document' &&
    text(event.doc, 'AESResults.responseDateAndTime') === movement.data.exports.answeredAt,
  'export-refused': (context) => text(documentOf(context), 'AESResults.globalValidationResponse') !== '1',
  // One question has one answer, whatever the clock of the export system says; of several, the last counts.
  'answered-before-asked': (context) => {
    const { isAskedAgain, askedAt = '', answeredAt = '' } = context.movement.data.exports ?? {}
    const at = text(documentOf(context), 'AESResults.responseDateAndTime') ?? ''
    return at < answeredAt || (isAskedAgain === true && at < askedAt)
  },
  'export-refused-after-all': (context) =>
    context.movement.data.exports !== undefined &&
    text(documentOf(context), 'AESResults.globalValidationResponse') !== '1' &&
    !namesOtherExports(context),
  'names-other-exports': namesOtherExports,

  'guarantees-refused': (context) => statesAfter(context).includes('refused'),
  'guarantees-newly-refused': (context) =>
    texts(documentOf(context), 'Guarantee.GuaranteeReference.InvalidGuaranteeReason.code').length > 0,
  'answers-awaited': isAwaitingAnswers,
  'answers-awaited-to-the-last': (context) =>
    isAwaitingAnswers(context) && context.event.kind === 'document' && context.event.lastTry,
  'asked-nothing': (context) => {
    const uses = context.movement.data.guarantees ?? []
    const answered = grnsIn(context)
    return !uses.some((use) => answered.includes(use.grn) && use.asked === questionOf(context))
  },
  'holds-unasked': (context) => heldUnasked(context).length > 0,
  'guarantees-good': (context) => statesAfter(context).every((state) => state === 'checked'),
  'guarantees-good-and-simplified': (context) =>
    statesAfter(context).every((state) => state === 'checked') && isAuthorisedConsignor(context),
  'guarantees-held': (context) => statesAfter(context).every((state) => state === 'held'),
  // A1 to A3 let the goods go; whatever else was found is the officer's to judge.
  'inspected-with-fault': (context) => !/^A[1-3]$/.test(text(documentOf(context), 'ControlResult.code') ?? ''),
  'results-satisfactory': (context) => (text(documentOf(context), 'ControlResult.code') ?? '').startsWith('A'),

  'not-notified-by-sender': (context) =>
    text(documentOf(context), 'TraderAtDestination.identificationNumber') !== sender(context),
  'not-remarked-by-consignee': (context) => context.movement.data.trader !== sender(context),
  'simplified-without-authorisation': (context) => {
    const doc = documentOf(context)
    if (text(doc, 'TransitOperation.simplifiedProcedure') !== '1') return false
    const claimed = groups(doc, 'Authorisation').map((authorisation) => text(authorisation, 'type'))
    return !claimed.includes('C522') || !context.facts.authorisations(sender(context)).includes('C522')
  },
  simplified: (context) => context.movement.data.arrival?.simplified === true,
  normal: (context) => context.movement.data.arrival?.simplified === false,
  'unloading-incomplete': (context) => text(documentOf(context), 'UnloadingRemark.unloadingCompletion') === '0',

  'crossed-before': (context) => (context.movement.data.crossings ?? []).length > 0,
  'not-arrived-before': (context) => context.movement.data.arrival === undefined,
  'arrived-before': (context) => context.movement.data.arrival !== undefined,
  'arrived-at-another-office': (context) => {
    const { arrival } = context.movement.data
    const from = text(documentOf(context), 'CustomsOfficeOfDestinationActual.referenceNumber')
    return arrival !== undefined && arrival.office !== from
  },
  'results-overdue': ({ movement: { data } }) => data.overdue?.timer === 'control-results',
  'satisfactory-after-arrival': (context) =>
    context.movement.data.arrival !== undefined &&
    (text(documentOf(context), 'ControlResult.code') ?? '').startsWith('A'),
  'results-known': (context) => context.movement.data.results !== undefined,
  'from-a-stranger': isFromStranger,
  'not-from-departure': (context) => allocatedBy(context) !== sender(context),
  'not-from-destination': (context) => {
    const { law, event } = context
    const { group } = senderOfficeOf(law, event.kind === 'document' ? event.type : '', documentOf(context))
    return group !== 'CustomsOfficeOfDestination'
  },
  'finds-discrepancies': findsDiscrepancies,
  'normal-with-discrepancies': (context) =>
    context.movement.data.arrival?.simplified === false && findsDiscrepancies(context),
  'discrepancies-solved': (context) => text(documentOf(context), 'TransitOperation.discrepanciesResolved') === '1',
  'ended-there': (context) => {
    const status = text(documentOf(context), 'TransitOperation.status')
    return [...context.law.states].some(
      ([key, { common, ended }]) => key.startsWith('destination ') && ended && common === status,
    )
  },
  'answers-missing': (context) => {
    const { offices, answers } = withAnswer(context)
    return offices.some((asked) => !answers.some(({ office }) => office === asked))
  },
  'enquiry-asked': (context) => isAsked(context, 'enquiry'),
  'information-asked': (context) => isAsked(context, 'information'),
  'recovery-asked': (context) => isAsked(context, 'recovery'),
  'recovery-taken-over': (context) => text(documentOf(context), 'Recovery.recoveryAcceptance') === '1',

  'guarantee-named-twice': (context) => new Set(grnsIn(context)).size < grnsIn(context).length,
  'may-be-held': (context) => usesIn(context).every((use) => use.reasons === undefined),
  'same-use': (context) => isSameUse(context.movement.data.guarantees ?? [], usesIn(context)),
  'names-unused-guarantee': (context) => {
    const used = new Set((context.movement.data.guarantees ?? []).map((use) => use.grn))
    return grnsIn(context).some((grn) => !used.has(grn))
  },
  'gives-back-all': (context) => {
    const named = grnsIn(context)
    return (context.movement.data.guarantees ?? []).every((use) => use.state !== 'held' || named.includes(use.grn))
  },
  // Guarantees that are not recognised across the border are for movements that start at home.
  'of-unserved-country': (context) => !context.facts.serves(departureIn(documentOf(context)).slice(0, 2)),
}

const partyOf = ({ facts }: Context, reference: string): string | undefined => facts.office(reference)?.party

const isAsked = ({ movement }: Context, about: Asked['for']): boolean =>
  (movement.data.asked ?? []).some((asked) => asked.for === about)

/** An answer of the export system is about other exports than those that it was asked about. */
function namesOtherExports(context: Context): boolean {
  const asked = context.movement.data.exports?.mrns ?? []
  const named = texts(documentOf(context), 'AESResults.ExportOperation.MRN')
  return named.length !== asked.length || asked.some((mrn) => !named.includes(mrn))
}

/** An office of guarantee has not answered yet what it was asked. */
function isAwaitingAnswers({ movement }: Context): boolean {
  return (movement.data.guarantees ?? []).some((use) => use.asked !== undefined)
}

/** The officer at destination chose a result that is not satisfactory (CL197: B and C). */
function findsDiscrepancies({ event }: Context): boolean {
  return event.kind === 'act' && /^[BC]/.test(event.fields['controlResult'] ?? '')
}

/** The sender is none of the administrations whose offices the declaration names, which were given the record, or where the goods arrived. */
function isFromStranger(context: Context): boolean {
  const record = recordOf(context)
  const { arrival, enquiry, diverted = [] } = context.movement.data
  const offices = [
    ...texts(record, 'CustomsOfficeOfTransitDeclared.referenceNumber'),
    ...texts(record, 'CustomsOfficeOfDestinationDeclared.referenceNumber'),
    ...(arrival === undefined ? [] : [arrival.office]),
    ...(enquiry?.offices ?? []),
    ...diverted.map((each) => each.office),
  ]
  return !offices.some((reference) => partyOf(context, reference) === sender(context))
}

/**
 * The office that a notice comes from belongs to no administration that the declaration names in that place. Its own administration vouches for
 * the office, but the movement is none of theirs. Another office of a declared administration is welcome, a truck may take the next crossing;
 * and so is one that was given the record since.
 */
function offTheRoute(context: Context): boolean {
  const { law, facts, event } = context
  const { group, reference: sent } = senderOfficeOf(
    law,
    event.kind === 'document' ? event.type : '',
    documentOf(context),
  )
  const party = (reference: string | undefined) => facts.office(reference ?? '')?.party
  const from = party(sent)
  const places = group.endsWith('Actual') ? [group.replace('Actual', 'Declared')] : declaredGroups
  const declared = places.flatMap((place) => texts(recordOf(context), `${place}.referenceNumber`))
  const diverted = (['transit', 'exit', 'destination'] as const).flatMap((role) => divertedTo(context.movement, role))
  return from === undefined || ![...declared, ...diverted].some((reference) => party(reference) === from)
}

/** Where a declaration names the offices on the way: an incident is registered at any of them. */
const declaredGroups = [
  'CustomsOfficeOfTransitDeclared',
  'CustomsOfficeOfExitForTransitDeclared',
  'CustomsOfficeOfDestinationDeclared',
]
