/** What is summed of declarations that are held against each other. */
import { addAmounts, compareAmounts, convertAmount, type Doc, subtractAmounts } from '@corridor/customs'
import { groupsAt, textAt } from '../doc.ts'
import { parseCommodity } from '../values/commodity.ts'

/** What a currency was worth. */
export interface MirrorRate {
  /** ISO 4217 */
  readonly currency: string
  /** units of it for one unit of the currency of the report, a decimal number */
  readonly perUnit: string
  /** first and last day, yyyy-mm-dd; always when missing */
  readonly validFrom?: string
  readonly validTo?: string
}

/** Net mass in kilograms and value in the currency of the report, with two decimals; exact decimal numbers. */
export interface MirrorTotals {
  readonly netMass: string
  readonly value: string
}

/** One goods item, made comparable. */
export interface MirrorItem extends MirrorTotals {
  /** six figures of the Harmonized System */
  readonly subheading: string
}

/** Why an item cannot be compared. */
export interface Unusable {
  readonly why: 'no-code' | 'no-value' | 'no-rate' | 'no-mass'
  readonly path: string
  readonly value?: string
}

export const nothing: MirrorTotals = { netMass: '0', value: '0.00' }

export const sum = (a: MirrorTotals, b: MirrorTotals): MirrorTotals => ({
  netMass: addAmounts(a.netMass, b.netMass),
  value: addAmounts(a.value, b.value),
})

/** |a - b| */
export function distance(a: string, b: string): string {
  return compareAmounts(a, b) < 0 ? subtractAmounts(b, a) : subtractAmounts(a, b)
}

/**
 * The items of a declaration. Values are what was invoiced, which is the same amount on both sides; a statistical value is not: at export
 * it is that at one border, at import that at the other.
 */
export function itemsOf(
  block: Doc,
  day: string,
  rates: readonly MirrorRate[],
  currency: string,
): { items: MirrorItem[]; unusable: Unusable[] } {
  const [items, unusable]: [MirrorItem[], Unusable[]] = [[], []]
  for (const [at, item] of groupsAt(block, 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem').entries()) {
    const path = `Declaration/GoodsShipment/GovernmentAgencyGoodsItem[${at + 1}]`
    const made = itemOf(item, day, rates, currency)
    if ('why' in made) unusable.push({ ...made, path })
    else items.push(made)
  }
  return { items, unusable }
}

function itemOf(
  item: Doc,
  day: string,
  rates: readonly MirrorRate[],
  currency: string,
): MirrorItem | Omit<Unusable, 'path'> {
  const codes = groupsAt(item, 'Commodity/Classification').map((each) => parseCommodity(textAt(each, 'ID') ?? ''))
  const code = codes.find(({ ok }) => ok)
  if (code?.ok !== true) return { why: 'no-code' }
  const netMass = textAt(item, 'Commodity/GoodsMeasure/NetNetWeightMeasure')
  if (netMass === undefined) return { why: 'no-mass' }
  const charge = 'Commodity/InvoiceLine/ItemChargeAmount'
  const [amount, own] = [textAt(item, charge), textAt(item, `${charge}/@currencyID`)]
  if (amount === undefined || own === undefined) return { why: 'no-value' }
  const rate = own === currency ? '1' : rateOn(rates, own, day)
  if (rate === undefined) return { why: 'no-rate', value: own }
  return { subheading: code.commodity.subheading, netMass, value: convertAmount(amount, rate, '1') }
}

function rateOn(rates: readonly MirrorRate[], currency: string, day: string): string | undefined {
  return rates.find(
    (rate) =>
      rate.currency === currency &&
      (rate.validFrom ?? '') <= day &&
      (rate.validTo === undefined || day <= rate.validTo),
  )?.perUnit
}
