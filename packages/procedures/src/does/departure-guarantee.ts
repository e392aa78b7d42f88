import type { Doc } from '@corridor/customs'
import {
  type Change,
  type Context,
  countryOfGrn,
  documentOf,
  guaranteeGroups,
  nodesOf,
  office,
  recordOf,
} from '../context.ts'
import { groups, numbered, present, text, texts } from '../read.ts'
import type { GuaranteeUse, Send } from '../types.ts'
import { toTrader } from './departure.ts'

/** Effects of the office of departure towards the offices of guarantee. */
export const departureGuaranteeEffects: Record<string, (context: Context) => Change> = {
  'ask-guarantee-check': (context) => ({ send: askGuarantees(context, 'CD200C') }),
  'ask-guarantee-use': (context) => ({ send: askGuarantees(context, 'CD203C') }),
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
  // A use that is cancelled after the release says when that was; any other says when it was cancelled.
  'cancel-guarantees': (context) => {
    const { releaseDate } = context.movement.data
    const when = releaseDate === undefined ? { usageCancellationDate: context.facts.today } : { releaseDate }
    return giveBack(context, 'CD204C', 'cancelled', when)
  },
}

/** Gives back what is held, at each office of guarantee. */
function giveBack(context: Context, type: string, state: 'credited' | 'cancelled', when: Doc): Change {
  const uses = context.movement.data.guarantees ?? []
  const held = uses.filter((use) => use.state === 'held')
  return {
    data: { guarantees: uses.map((use) => (held.includes(use) ? { ...use, state } : use)) },
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
  const good = context.event.kind === 'document' && context.event.type === 'CD205C' ? 'held' : 'checked'
  const answered = new Map<string, string[]>()
  for (const reference of groups(answer, 'Guarantee.GuaranteeReference')) {
    answered.set(text(reference, 'GRN') ?? '', texts(reference, 'InvalidGuaranteeReason.code'))
  }
  return (context.movement.data.guarantees ?? []).map((use) => {
    const reasons = answered.get(use.grn)
    if (reasons === undefined) return use
    return reasons.length > 0 ? { ...use, state: 'refused', reasons } : { ...use, state: good }
  })
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

function byGuaranteeOffice(context: Context, uses: GuaranteeUse[]): { where: string; uses: GuaranteeUse[] }[] {
  const offices = new Map<string, GuaranteeUse[]>()
  for (const use of uses) {
    const where = context.facts.guaranteeOffice(countryOfGrn(use.grn)) ?? ''
    offices.set(where, [...(offices.get(where) ?? []), use])
  }
  return [...offices].map(([where, mine]) => ({ where, uses: mine }))
}
