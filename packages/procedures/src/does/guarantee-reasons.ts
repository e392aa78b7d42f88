import { compareAmounts, type Doc, parseGrn } from '@corridor/customs'
import type { Context } from '../context.ts'
import { groups, text, texts } from '../read.ts'
import type { GuaranteeFacts, GuaranteeUse, Law } from '../types.ts'

/** What a request (CD200C, CD203C) says of the movement that wants to use a guarantee. */
interface Asking {
  law: Law
  use: GuaranteeUse
  facts: GuaranteeFacts
  holder: string | undefined
  countries: string[]
  departure: string | undefined
  destination: string | undefined
  commodities: string[]
  suspendedGoods: string[]
}

/** Why a guarantee that exists is refused to one who knows its access code, by the codes of CL252. */
const reasons: Record<string, (asking: Asking) => boolean> = {
  G02: ({ facts }) => !facts.valid,
  G04: ({ facts, holder }) => facts.holder !== holder,
  G05: (asking) => usedUp(asking) === 'G05',
  G06: ({ facts, commodities, suspendedGoods }) =>
    facts.terms.restrictedUseForSuspendedGoods === true &&
    commodities.some((code) => suspendedGoods.some((start) => code.startsWith(start))),
  G08: ({ facts, countries }) => countries.some((country) => facts.notValidIn.includes(country)),
  // Without a rate nobody can say that the amount is there.
  G09: ({ facts, use }) => use.covered === undefined || compareAmounts(facts.available, use.covered.amount) < 0,
  G10: (asking) => usedUp(asking) === 'G10',
  G11: ({ facts: { terms }, departure, destination }) =>
    (terms.officeOfDeparture !== undefined && terms.officeOfDeparture !== departure) ||
    (terms.officeOfDestination !== undefined && terms.officeOfDestination !== destination),
  G12: ({ facts: { terms }, commodities }) => {
    const given = terms.commodities ?? []
    return (
      given.length > 0 &&
      (commodities.length === 0 || !commodities.every((code) => given.some((start) => code.startsWith(start))))
    )
  },
  G13: ({ law, facts, use }) => facts.type !== use.type || !grnFits(law, use),
}

function usedUp({ law, facts }: Asking): string | undefined {
  return facts.usedBy === null ? undefined : law.guaranteeTypes.get(facts.type)?.used
}

/** A GRN has 24 characters when its type is the voucher's, else 17 (R0318). */
export function grnFits(law: Law, { type, grn }: { type: string; grn: string }): boolean {
  return parseGrn(grn).ok && String(grn.length) === law.guaranteeTypes.get(type)?.grn
}

/**
 * Why a use cannot be granted, as codes of CL252; none when it can. An unknown guarantee (G01) and a wrong access code (G03) are answered
 * alone: the rest would tell a stranger about the guarantee.
 */
export function reasonsAgainst(context: Context, doc: Doc, use: GuaranteeUse): string[] {
  const facts = context.facts.guarantees[use.grn]
  if (facts === undefined) return ['G01']
  if (!facts.accessCodeMatches) return ['G03']
  const asking: Asking = {
    law: context.law,
    use,
    facts,
    holder: text(doc, 'HolderOfTheTransitProcedure.identificationNumber'),
    countries: texts(doc, 'CountryInvolved.country'),
    departure: text(doc, 'CustomsOfficeOfDeparture.referenceNumber'),
    destination: text(doc, 'CustomsOfficeOfDestinationDeclared.referenceNumber'),
    commodities: commoditiesIn(doc),
    suspendedGoods: context.facts.suspendedGoods,
  }
  return Object.keys(reasons).filter((code) => reasons[code]?.(asking) === true)
}

/** The commodity codes of a request; none when it does not name the goods. */
function commoditiesIn(doc: Doc): string[] {
  return groups(doc, 'Consignment.HouseConsignment.ConsignmentItem.Commodity.CommodityCode').map(
    (code) => `${text(code, 'harmonizedSystemSubHeadingCode') ?? ''}${text(code, 'combinedNomenclatureCode') ?? ''}`,
  )
}
