/** Effects at the office of departure on a declaration that is not released yet: presented, amended, invalidated. */
import type { Doc } from '@corridor/customs'
import { accessCodesOf, withoutAccessCodes } from '../access-codes.ts'
import { type Change, type Context, documentOf, fieldsOf, guaranteesOf, recordOf } from '../context.ts'
import { groups, present, text, texts } from '../read.ts'
import { timerEffects } from '../timers.ts'
import type { GuaranteeUse } from '../types.ts'
import { toTrader } from './departure.ts'
import { isHeld } from './departure-guarantee.ts'

export const declarationEffects: Record<string, (context: Context, argument: string) => Change> = {
  /** What is accepted without an answer of an office of guarantee: released by itself at an authorised consignor's, and at no other's. */
  'await-release': (context) =>
    isAuthorisedConsignor(context)
      ? (timerEffects['start']?.(context, 'release') ?? {})
      : { timers: [{ timer: 'release', due: null }] },
  present: (context) => ({ data: { record: presented(context), submittedAt: context.facts.now } }),

  amend: (context) => {
    const doc = documentOf(context)
    const record = amended(context)
    return {
      movement: { secrets: accessCodesOf(doc) },
      data: { record, guarantees: guaranteesOf(record).map((use) => stillHeld(context, use)), amendmentAsked: '' },
    }
  },
  'tell-amended': (context) => {
    const { now } = context.facts
    const submitted = text(documentOf(context), 'preparationDateAndTime') ?? now
    return toTrader(
      context,
      'CC004C',
      {
        TransitOperation: {
          ...numberOf(context),
          amendmentSubmissionDateAndTime: submitted,
          amendmentAcceptanceDateAndTime: now,
        },
      },
      true,
    )
  },
  'ask-for-amendment': (context) => {
    const why = fieldsOf(context)['motivation'] ?? ''
    return {
      data: { amendmentAsked: why },
      detail: why,
      ...toTrader(context, 'CC022C', {
        TransitOperation: {
          MRN: context.movement.mrn,
          amendmentNotificationDateAndTime: context.facts.now,
        },
        FunctionalError: [{ sequenceNumber: '1', errorCode: '14', errorReason: 'N0020', originalAttributeValue: why }],
      }),
    }
  },

  /** `tell-invalidated:asked` (the declarant asked), `:office` (the office decided), `:expired` (a time limit is over). */
  'tell-invalidated': (context, why) => {
    const { facts, movement, event } = context
    const asked = movement.data.invalidation
    const words = event.kind === 'act' ? event.fields['text'] : undefined
    return {
      data: { invalidatedAt: facts.now },
      ...toTrader(
        context,
        'CC009C',
        {
          TransitOperation: numberOf(context),
          Invalidation: present({
            requestDateAndTime: why === 'asked' ? (asked?.requestedAt ?? facts.now) : undefined,
            decisionDateAndTime: facts.now,
            decision: '1',
            initiatedByCustoms: why === 'asked' ? '0' : '1',
            justification: words ?? (why === 'expired' ? expired : asked?.why),
          }),
        },
        event.kind === 'document',
      ),
    }
  },
  'record-invalidation-request': (context) => {
    const doc = documentOf(context)
    const why = text(doc, 'Invalidation.justification') ?? ''
    const requestedAt = text(doc, 'Invalidation.requestDateAndTime') ?? context.facts.now
    return { data: { invalidation: { requestedAt, why } }, detail: why }
  },
  /** `refuse-invalidation:arrived`: the goods arrived before the office decided. */
  'refuse-invalidation': (context, because) => {
    const { facts, movement, event } = context
    const whyNow = because === 'arrived' ? hasArrived : underControl
    const why = event.kind === 'act' ? (event.fields['motivation'] ?? '') : whyNow
    return {
      data: { invalidation: undefined },
      detail: why,
      ...toTrader(
        context,
        'CC009C',
        {
          TransitOperation: numberOf(context),
          Invalidation: {
            requestDateAndTime: movement.data.invalidation?.requestedAt ?? facts.now,
            decisionDateAndTime: facts.now,
            decision: '0',
            initiatedByCustoms: '0',
            justification: why,
          },
        },
        event.kind === 'document' && because === '',
      ),
    }
  },
  'record-release-request': (context) => {
    const wanted = text(documentOf(context), 'TransitOperation.releaseRequested') === '1'
    return { data: { releaseRequested: wanted }, detail: wanted ? '1' : '0' }
  },
}

/** A use that its office goes on holding: it was not cancelled before the declaration was amended. */
function stillHeld({ movement }: Context, use: GuaranteeUse): GuaranteeUse {
  const before = (movement.data.guarantees ?? []).find(({ grn }) => grn === use.grn)
  return before !== undefined && isHeld(before) ? { ...use, kept: true } : use
}

const expired = 'The goods were not presented within the time limit.'
const hasArrived = 'The goods have arrived at their destination: the movement ended there.'
const underControl = 'A control was announced: the declaration can be invalidated when it has taken place.'

/** How a declarant names a declaration: by its MRN when it was accepted, before that by its LRN (C0467). */
function numberOf({ movement }: Context): Doc {
  return movement.mrn === '' ? { LRN: movement.lrn } : { MRN: movement.mrn }
}

/** The pre-lodged declaration with what its presentation notification (CC170C) says. */
export function presented(context: Context): Doc {
  const record = recordOf(context)
  const notice = documentOf(context)
  const limitDate = text(notice, 'TransitOperation.limitDate')
  const { HouseConsignment: _, ...means } = groups(notice, 'Consignment')[0] ?? {}
  const consignment = groups(record, 'Consignment')[0] ?? {}
  const noticed = groups(notice, 'Consignment.HouseConsignment')
  const houses = groups(consignment, 'HouseConsignment').map((house) => {
    const same = noticed.find((each) => text(each, 'sequenceNumber') === text(house, 'sequenceNumber'))
    const own = same === undefined ? [] : groups(same, 'DepartureTransportMeans')
    return own.length === 0 ? house : { ...house, DepartureTransportMeans: own }
  })
  return present({
    ...record,
    TransitOperation: { ...groups(record, 'TransitOperation')[0], ...(limitDate === undefined ? {} : { limitDate }) },
    Representative: notice['Representative'] ?? record['Representative'],
    Consignment: { ...consignment, ...means, HouseConsignment: houses },
  })
}

/** The declaration as the amendment (CC013C) makes it: all of it anew, or its guarantees alone (amendmentTypeFlag 1). */
export function amended(context: Context): Doc {
  const record = recordOf(context)
  const amendment = withoutAccessCodes(documentOf(context))
  const Guarantee = amendment['Guarantee']
  if (text(amendment, 'TransitOperation.amendmentTypeFlag') === '1') return present({ ...record, Guarantee })
  const { MRN: _, LRN: __, amendmentTypeFlag: ___, ...operation } = groups(amendment, 'TransitOperation')[0] ?? {}
  return { ...amendment, TransitOperation: { LRN: context.movement.lrn, ...operation } }
}

/** The declarant claims the authorisation C521 (authorised consignor) and holds it. */
export function isAuthorisedConsignor({ movement, facts }: Context): boolean {
  return (
    texts(movement.data.record, 'Authorisation.type').includes('C521') &&
    facts.authorisations(movement.data.trader ?? '').includes('C521')
  )
}
