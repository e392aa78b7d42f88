import type { Doc } from '@corridor/customs'
import { addDays, makeMrn } from '@corridor/customs'
import { accessCodesOf, withoutAccessCodes } from '../access-codes.ts'
import {
  type Change,
  type Context,
  documentOf,
  fieldsOf,
  guaranteesOf,
  holderOf,
  nodesOf,
  office,
  recordOf,
} from '../context.ts'
import { ProcedureFault } from '../faults.ts'
import { groups, present, text, texts } from '../read.ts'
import { refusalOf } from '../refusals.ts'
import { amended, presented } from './declaration.ts'
import { divertedTo } from './diversion.ts'
import { releaseDocument } from '../release.ts'
import { isToldToSpeed, unreleasable } from '../releasable.ts'
import type { Movement, Send } from '../types.ts'

/** Effects at the office of departure. */
export const departureEffects: Record<string, (context: Context, argument: string) => Change> = {
  /** `refuse-unreleasable:amended`, `:presented`: of the declaration as the document that came would make it. */
  'refuse-unreleasable': (context, as) => refusalOf(context, unreleasable(context, asAfter(context, as))),

  open: (context) => {
    const doc = documentOf(context)
    const event = context.event
    return {
      movement: { lrn: text(doc, 'TransitOperation.LRN') ?? '', secrets: accessCodesOf(doc) },
      data: {
        ...(event.kind === 'document' ? { trader: event.sender } : {}),
        ...(text(doc, 'messageIdentification') === undefined
          ? {}
          : { openedBy: text(doc, 'messageIdentification') as string }),
        record: withoutAccessCodes(doc),
        submittedAt: context.facts.now,
        guarantees: guaranteesOf(doc),
      },
    }
  },
  acknowledge: (context) => toTrader(context, 'CC928C', { TransitOperation: { LRN: context.movement.lrn } }, true),
  allocate: (context) => {
    const security = text(recordOf(context), 'TransitOperation.security') ?? '0'
    const procedure = { '0': 'J', '1': 'L', '2': 'K', '3': 'M' }[security] ?? 'J'
    const mrn = makeMrn(context.facts.now.slice(2, 4), context.facts.country, context.facts.mrnBody, procedure)
    const acceptanceDate = context.facts.today
    return {
      movement: { mrn },
      data: { acceptanceDate },
      ...toTrader(
        context,
        'CC028C',
        { TransitOperation: { LRN: context.movement.lrn, MRN: mrn, declarationAcceptanceDate: acceptanceDate } },
        true,
      ),
    }
  },

  'notify-control': (context) => {
    const fields = fieldsOf(context)
    return toTrader(context, 'CC060C', {
      TransitOperation: {
        LRN: context.movement.lrn,
        MRN: context.movement.mrn,
        controlNotificationDateAndTime: context.facts.now,
        notificationType: '0',
      },
      TypeOfControls: [present({ sequenceNumber: '1', type: fields['typeOfControls'] ?? '10', text: fields['text'] })],
    })
  },
  'refuse-release': (context) => ({
    data: { refusal: fieldsOf(context)['motivation'] ?? '' },
    ...toTrader(context, 'CC051C', {
      TransitOperation: {
        MRN: context.movement.mrn,
        declarationSubmissionDateAndTime: context.movement.data.submittedAt ?? context.facts.now,
        noReleaseMotivationCode: 'G1',
        noReleaseMotivationText: fieldsOf(context)['motivation'] ?? '',
      },
    }),
  }),
  'decide-release': (context) => {
    const fields = fieldsOf(context)
    // What left on paper keeps what its form says, where the officer says nothing else.
    const form = context.movement.data.paper === undefined ? {} : context.movement.data
    const note = fields['text'] ?? form.control?.text
    return {
      data: {
        control: {
          code: fields['controlResult'] ?? 'A2',
          date: context.facts.today,
          ...(note === undefined ? {} : { text: note }),
        },
        limitDate: fields['limitDate'] ?? form.limitDate ?? usualLimit(context.movement, context.facts.today),
      },
    }
  },
  /** The control as the inspectors' system tells it (CC017C): it counts as the officer's decision to release. */
  'record-inspection': (context) => {
    const [result] = groups(documentOf(context), 'ControlResult')
    const words = text(result, 'text') ?? text(result, 'remark')
    return {
      data: {
        control: {
          code: text(result, 'code') ?? 'A1',
          date: text(result, 'date') ?? context.facts.today,
          ...(words === undefined ? {} : { text: words }),
        },
        limitDate: usualLimit(context.movement, context.facts.today),
      },
    }
  },
  /** Release at an authorised consignor's when the office has not decided on a control: considered satisfactory (A3). */
  'release-simplified': (context) => {
    const today = context.facts.today
    return { data: { control: { code: 'A3', date: today }, limitDate: usualLimit(context.movement, today) } }
  },
  'release-for-transit': (context) => {
    const control = context.movement.data.control
    if (control === undefined) throw new ProcedureFault('MISSING_DATA', `${context.movement.mrn} has no control result`)
    const made = (type: string): Doc => {
      const { doc, missing } = releaseDocument(context, type, control)
      if (missing.length > 0)
        throw new ProcedureFault('MISSING_DATA', `${type} of ${context.movement.mrn} lacks ${missing.join(', ')}`)
      return doc
    }
    const announced = (type: string, group: string): Send[] =>
      oneOfEach(context, texts(recordOf(context), `${group}.referenceNumber`)).map((reference) => ({
        type,
        to: { office: reference },
        doc: made(type),
        answers: false,
      }))
    const send: Send[] = [
      { type: 'CC029C', to: { trader: context.movement.data.trader ?? '' }, doc: made('CC029C'), answers: false },
      { type: 'CD001C', to: { office: destinationOf(context) }, doc: made('CD001C'), answers: false },
      ...announced('CD050C', 'CustomsOfficeOfTransitDeclared'),
      ...announced('CD160C', 'CustomsOfficeOfExitForTransitDeclared'),
      ...(isToldToSpeed(context, recordOf(context))
        ? [{ type: 'CD012C', to: { system: 'speed' as const }, doc: made('CD012C'), answers: false }]
        : []),
    ]
    return { data: { releaseDate: context.movement.data.releaseDate ?? context.facts.today }, send }
  },

  'record-crossing': (context) => {
    const doc = documentOf(context)
    const crossing = {
      office: text(doc, 'CustomsOfficeOfTransitActual.referenceNumber') ?? '',
      date: text(doc, 'TransitOperation.passageDate') ?? '',
    }
    const before = context.movement.data.crossings ?? []
    return {
      data: { crossings: [...before.filter((known) => known.office !== crossing.office), crossing] },
      detail: crossing.office,
    }
  },
  'record-arrival': (context) => {
    const doc = documentOf(context)
    const at = text(doc, 'TransitOperation.arrivalDateAndTimeActual') ?? context.facts.now
    const where = text(doc, 'CustomsOfficeOfDestinationActual.referenceNumber') ?? ''
    return { data: { arrival: { at, office: where, simplified: false } }, detail: where }
  },
  'forward-arrival': (context) => {
    const { movement } = context
    const { arrival } = movement.data
    const declared = (group: string) => texts(recordOf(context), `${group}.referenceNumber`)
    const transit = declared('CustomsOfficeOfTransitDeclared')
    const exit = declared('CustomsOfficeOfExitForTransitDeclared')
    const [passed, left] = [seenAt(movement, 'transit'), seenAt(movement, 'exit')]
    const doc = present({
      TransitOperation: present({ MRN: movement.mrn, arrivalDateAndTimeActual: arrival?.at }),
      CustomsOfficeOfDeparture: office(movement.office),
      CustomsOfficeOfDestinationDeclared: office(destinationOf(context)),
      CustomsOfficeOfDestinationActual: office(arrival?.office ?? destinationOf(context)),
      CustomsOfficeOfTransitDeclared: numberedOffices(transit),
      CustomsOfficeOfTransitActual: numberedOffices(passed),
      CustomsOfficeOfExitForTransitDeclared: numberedOffices(exit),
      CustomsOfficeOfExitForTransitActual: numberedOffices(left),
    })
    const isElsewhere = arrival?.office !== undefined && arrival.office !== destinationOf(context)
    const told = [...transit, ...passed, ...exit, ...left, ...(isElsewhere ? [destinationOf(context)] : [])]
    return {
      send: oneOfEach(context, told).map((reference) => ({
        type: 'CD024C',
        to: { office: reference },
        doc,
        answers: false,
      })),
    }
  },
  'record-results': (context) => {
    const doc = documentOf(context)
    return {
      data: {
        results: {
          code: text(doc, 'ControlResult.code') ?? '',
          date: text(doc, 'ControlResult.date') ?? '',
          ...optional('stateOfSeals', text(doc, 'ControlResult.stateOfSeals')),
          ...optional('text', text(doc, 'ControlResult.text')),
          office: text(doc, 'CustomsOfficeOfDestinationActual.referenceNumber') ?? '',
        },
      },
      detail: text(doc, 'ControlResult.code') ?? '',
    }
  },
  'tell-discrepancies': (context) =>
    toTrader(context, 'CC019C', {
      TransitOperation: present({
        MRN: context.movement.mrn,
        discrepanciesNotificationDate: context.facts.today,
        discrepanciesNotificationText: context.movement.data.results?.text,
      }),
    }),
  'tell-written-off': (context) => ({
    data: { writtenOffDate: context.facts.today },
    ...toTrader(context, 'CC045C', {
      TransitOperation: { MRN: context.movement.mrn, writeOffDate: context.facts.today },
    }),
  }),
}

/** The declaration as it is after the document that came. */
function asAfter(context: Context, as: string): Doc {
  if (as === 'amended') return amended(context)
  return as === 'presented' ? presented(context) : documentOf(context)
}

/** Days to destination, where neither the declaration nor the officer says how many; a declaration asks for a year at most. */
const usualDays = 8
const mostDays = 365

/** The last day for the presentation at destination, unless an officer sets another: the declared one, else a usual one. */
export function usualLimit({ data }: Pick<Movement, 'data'>, today: string): string {
  const declared = text(data.record, 'TransitOperation.limitDate')
  const isPossible = declared !== undefined && declared >= today && declared <= addDays(today, mostDays)
  return isPossible ? declared : addDays(today, usualDays)
}

/** A document from the office of departure to the declarant: office and holder are always those of the declaration. */
export function toTrader(context: Context, type: string, doc: Doc, answers = false): Change {
  const nodes = nodesOf(context, type)
  const full: Doc = {
    ...doc,
    CustomsOfficeOfDeparture: office(context.movement.office),
    HolderOfTheTransitProcedure: holderOf(recordOf(context), nodes),
  }
  return { send: [{ type, to: { trader: context.movement.data.trader ?? '' }, doc: full, answers }] }
}

/** One office for each administration: that one tells its other offices itself. */
export function oneOfEach(context: Context, offices: string[]): string[] {
  const byParty = new Map<string, string>()
  for (const reference of offices) {
    const party = context.facts.office(reference)?.party
    if (party !== undefined && !byParty.has(party)) byParty.set(party, reference)
  }
  return [...byParty.values()]
}

/** The offices of a role where the goods were seen, or that were given the record since. */
export function seenAt(movement: Movement, role: 'transit' | 'exit'): string[] {
  const { crossings = [], exits = [] } = movement.data
  const seen = role === 'transit' ? crossings : exits
  return [...new Set([...seen.map((each) => each.office), ...divertedTo(movement, role)])]
}

/** The declared office of destination. */
export function destinationOf(context: Context): string {
  return text(recordOf(context), 'CustomsOfficeOfDestinationDeclared.referenceNumber') ?? ''
}

/** Offices as a repeated group has them; undefined when there are none. */
export function numberedOffices(references: string[]): Doc[] | undefined {
  if (references.length === 0) return undefined
  return references.map((reference, index) => ({ sequenceNumber: String(index + 1), referenceNumber: reference }))
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, string>)
}
