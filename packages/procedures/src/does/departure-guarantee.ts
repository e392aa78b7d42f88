import { compareAmounts, type Doc } from '@corridor/customs'
import {
  type Change,
  type Context,
  countryOfGrn,
  documentOf,
  guaranteeGroups,
  guaranteesOf,
  nodesOf,
  office,
  recordOf,
} from '../context.ts'
import { groups, numbered, present, text, texts } from '../read.ts'
import type { GuaranteeUse, Send } from '../types.ts'
import { amended } from './declaration.ts'
import { toTrader } from './departure.ts'

/** Effects of the office of departure towards the offices of guarantee. */
export const departureGuaranteeEffects: Record<string, (context: Context) => Change> = {
  'ask-guarantee-check': (context) => ({ ...asking(context, 'check'), send: askGuarantees(context, 'CD200C') }),
  'ask-guarantee-use': (context) => ({ ...asking(context, 'use'), send: askGuarantees(context, 'CD203C') }),
  'record-guarantees': (context) => ({ data: { guarantees: guaranteesAfter(context) } }),
  'tell-guarantee-not-valid': (context) => {
    const refused = guaranteesAfter(context).filter((use) => use.state === 'refused')
    return {
      detail: refused.map((use) => `${use.grn} ${(use.reasons ?? []).join(' ')}`).join(', '),
      ...toTrader(context, 'CC055C', {
        TransitOperation: {
          MRN: context.movement.mrn,
          declarationAcceptanceDate: context.movement.data.acceptanceDate ?? '',
        },
        GuaranteeReference: numbered(
          refused.map((use) => ({
            GRN: use.grn,
            InvalidGuaranteeReason: reasonGroup(context, use.reasons?.[0] ?? 'G02'),
          })),
        ),
      }),
    }
  },
  'credit-guarantees': (context) =>
    giveBack(context, 'CD209C', 'credited', {
      arrivalDateAndTimeActual: context.movement.data.arrival?.at ?? context.facts.now,
    }),
  // What an office is asked for as before, it goes on holding: a cancellation that comes late must not meet what is held by then.
  'cancel-changed-guarantees': (context) => {
    const held = (context.movement.data.guarantees ?? []).filter(isHeld)
    const [before, after] = [
      byGuaranteeOffice(context, held),
      byGuaranteeOffice(context, guaranteesOf(amended(context))),
    ]
    const same = before.filter(({ where, uses }) =>
      isSameUse(uses, after.find((each) => each.where === where)?.uses ?? []),
    )
    const kept = new Set(same.map(({ where }) => where))
    const isChanged = (use: GuaranteeUse) => isHeld(use) && !kept.has(officeOf(context, use))
    return giveBack(context, 'CD204C', 'cancelled', { usageCancellationDate: context.facts.today }, isChanged)
  },
  'cancel-unasked': (context) => {
    const unasked = new Set(heldUnasked(context))
    return giveBack(context, 'CD204C', 'cancelled', { usageCancellationDate: context.facts.today }, (use) =>
      unasked.has(use),
    )
  },
  // A use that is cancelled after the release says when that was; any other says when it was cancelled.
  'cancel-guarantees': (context) => {
    const { releaseDate } = context.movement.data
    const when = releaseDate === undefined ? { usageCancellationDate: context.facts.today } : { releaseDate }
    return giveBack(context, 'CD204C', 'cancelled', when)
  },
}

/** Gives back what is held, at each office of guarantee. */
function giveBack(
  context: Context,
  type: string,
  state: 'credited' | 'cancelled',
  when: Doc,
  isMeant: (use: GuaranteeUse) => boolean = isHeld,
): Change {
  const uses = context.movement.data.guarantees ?? []
  const held = uses.filter(isMeant)
  return {
    data: { guarantees: uses.map((use) => (held.includes(use) ? ended(use, state) : use)) },
    send: byGuaranteeOffice(context, held).map(({ where, uses: given }) => ({
      type,
      to: { office: where },
      answers: false,
      doc: {
        TransitOperation: { MRN: context.movement.mrn, ...when },
        CustomsOfficeOfDeparture: office(context.movement.office),
        Guarantee: guaranteeGroups(given, (use) => ({ GRN: use.grn, CustomsOfficeOfGuarantee: office(where) })),
      },
    })),
  }
}

/** A reason (CL252) with what the trader can do about it. */
const reasonGroup = (context: Context, code: string): Doc =>
  present({ code, text: context.law.guaranteeReasons.get(code) })

/** The guarantees of the movement as they are after the answer that came (CD201C, CD205C). */
export function guaranteesAfter(context: Context): GuaranteeUse[] {
  const answer = documentOf(context)
  const question = questionOf(context)
  const answered = new Map<string, string[]>()
  for (const reference of groups(answer, 'Guarantee.GuaranteeReference')) {
    answered.set(text(reference, 'GRN') ?? '', texts(reference, 'InvalidGuaranteeReason.code'))
  }
  // An office holds all that it was asked to hold, or nothing of it.
  const areHeld = [...answered.values()].every((reasons) => reasons.length === 0)
  return (context.movement.data.guarantees ?? []).map((use) => {
    const reasons = answered.get(use.grn)
    if (reasons === undefined || use.asked !== question) return use
    const { asked: _, ...known } = use
    if (reasons.length > 0) return { ...known, state: 'refused', reasons }
    return { ...known, state: question === 'use' && areHeld ? 'held' : 'checked' }
  })
}

/** What an answer of an office of guarantee answers: CD205C a request for use, CD201C one to check. */
export const questionOf = ({ event }: Context): 'check' | 'use' =>
  event.kind === 'document' && event.type === 'CD205C' ? 'use' : 'check'

/** Uses that an office of guarantee says it holds, though nobody asked for that now: a request came twice. */
export function heldUnasked(context: Context): GuaranteeUse[] {
  const answer = documentOf(context)
  if (texts(answer, 'Guarantee.GuaranteeReference.InvalidGuaranteeReason.code').length > 0) return []
  const named = texts(answer, 'Guarantee.GuaranteeReference.GRN')
  return (context.movement.data.guarantees ?? []).filter(
    (use) => named.includes(use.grn) && use.asked !== 'use' && !['held', 'claimed', 'credited'].includes(use.state),
  )
}

/** What is asked about every guarantee, until it is answered. */
function asking(context: Context, asked: 'check' | 'use'): Change {
  return { data: { guarantees: (context.movement.data.guarantees ?? []).map((use) => ({ ...use, asked })) } }
}

function askGuarantees(context: Context, type: 'CD200C' | 'CD203C'): Send[] {
  const record = recordOf(context)
  const countries = [
    context.movement.office,
    ...texts(record, 'CustomsOfficeOfTransitDeclared.referenceNumber'),
    text(record, 'CustomsOfficeOfDestinationDeclared.referenceNumber') ?? '',
  ].map((reference) => reference.slice(0, 2))
  return byGuaranteeOffice(context, context.movement.data.guarantees ?? []).map(({ where, uses }) => ({
    type,
    to: { office: where },
    answers: false,
    doc: present({
      TransitOperation: {
        MRN: context.movement.mrn,
        declarationAcceptanceDate: context.movement.data.acceptanceDate ?? '',
      },
      CustomsOfficeOfDeparture: office(context.movement.office),
      CustomsOfficeOfDestinationDeclared: office(
        text(record, 'CustomsOfficeOfDestinationDeclared.referenceNumber') ?? '',
      ),
      HolderOfTheTransitProcedure: {
        identificationNumber: text(record, 'HolderOfTheTransitProcedure.identificationNumber') ?? '',
      },
      CountryInvolved: numbered([...new Set(countries)].map((country) => ({ country }))),
      Guarantee: guaranteeGroups(uses, (use) => ({
        GRN: use.grn,
        accessCode: context.movement.secrets[use.grn] ?? '0000',
        amountConcerned: use.amount,
        currency: use.currency,
      })),
      Consignment: goodsForGuarantee(context, type),
    }),
  }))
}

/** The commodities, where every item has a code: the office of guarantee may have guarantees for certain goods only. */
function goodsForGuarantee(context: Context, type: string): Doc | undefined {
  if (!nodesOf(context, type).some((node) => node.name === 'Consignment')) return undefined
  const houses = groups(recordOf(context), 'Consignment.HouseConsignment').map((house) => ({
    ConsignmentItem: numbered(
      groups(house, 'ConsignmentItem').flatMap((item) => {
        const code = groups(item, 'Commodity.CommodityCode')[0]
        const cusCode = text(item, 'Commodity.cusCode')
        return code === undefined ? [] : [{ Commodity: present({ cusCode, CommodityCode: code }) }]
      }),
    ),
  }))
  if (houses.length === 0 || houses.some((house) => house.ConsignmentItem.length === 0)) return undefined
  return { HouseConsignment: numbered(houses) }
}

/** Whether its office holds it for this movement. */
export const isHeld = ({ state, kept }: GuaranteeUse): boolean => state === 'held' || kept === true

const ended = ({ kept: _, ...use }: GuaranteeUse, state: 'credited' | 'cancelled'): GuaranteeUse => ({ ...use, state })

/** The same guarantees with the same amounts. */
export function isSameUse(held: readonly GuaranteeUse[], asked: readonly GuaranteeUse[]): boolean {
  const isThere = (use: GuaranteeUse) =>
    held.some(
      (known) =>
        known.grn === use.grn && known.currency === use.currency && compareAmounts(known.amount, use.amount) === 0,
    )
  return asked.length === held.length && asked.every(isThere)
}

const officeOf = ({ facts }: Context, { grn }: GuaranteeUse): string => facts.guaranteeOffice(countryOfGrn(grn)) ?? ''

function byGuaranteeOffice(context: Context, uses: GuaranteeUse[]): { where: string; uses: GuaranteeUse[] }[] {
  const offices = new Map<string, GuaranteeUse[]>()
  for (const use of uses) {
    const where = officeOf(context, use)
    offices.set(where, [...(offices.get(where) ?? []), use])
  }
  return [...offices].map(([where, mine]) => ({ where, uses: mine }))
}
