/** What must agree inside of a block. What a rule means and what helps stands in `blocks/rules.tsv`; here is how it is found. */
import {
  addAmounts,
  compareAmounts,
  CustomsFault,
  type Doc,
  type Finding,
  functionalErrorCode,
  readTable,
} from '@corridor/customs'
import { groupsAt, textAt } from '../doc.ts'
import { isCommodity } from '../values/commodity.ts'

/** One row of `blocks/rules.tsv`. */
export interface BlockRule {
  readonly id: string
  /** the element that it is about */
  readonly element: string
  readonly text: string
  readonly remedy: string
}

/** Where a rule is broken. `path` stands for the element of the rule where there are several. */
interface Breach {
  readonly path?: string
  readonly value?: string | undefined
  readonly allowed?: string | undefined
}

const shipment = 'Declaration/GoodsShipment'
const itemPath = `${shipment}/GovernmentAgencyGoodsItem`

const one = (breach: Breach | undefined): Breach[] => (breach === undefined ? [] : [breach])

const wrongSum = (said: string | undefined, parts: readonly (string | undefined)[]): Breach[] => {
  if (said === undefined || parts.length === 0) return []
  const known = parts.filter((part) => part !== undefined)
  if (known.length < parts.length) return []
  const sum = known.reduce(addAmounts)
  return compareAmounts(said, sum) === 0 ? [] : [{ value: said, allowed: sum }]
}

/** The rules by their id: each answers where a block breaks it. They look at values whose form is right only. */
const breaches: Record<string, (block: Doc, items: readonly Doc[]) => Breach[]> = {
  U001: (block, items) => {
    const said = textAt(block, 'Declaration/GoodsItemQuantity')
    return said === String(items.length) ? [] : [{ value: said, allowed: String(items.length) }]
  },
  U002: (block, items) =>
    wrongSum(
      textAt(block, 'Declaration/TotalGrossMassMeasure'),
      items.map((item) => textAt(item, 'Commodity/GoodsMeasure/GrossMassMeasure')),
    ),
  U003: (block, items) =>
    wrongSum(
      textAt(block, 'Declaration/TotalPackageQuantity'),
      items.flatMap((item) => {
        const packages = groupsAt(item, 'Packaging').map((each) => textAt(each, 'QuantityQuantity'))
        return packages.length === 0 ? [undefined] : packages
      }),
    ),
  U004: (_block, items) =>
    items.flatMap((item, at) => {
      const gross = textAt(item, 'Commodity/GoodsMeasure/GrossMassMeasure')
      const net = textAt(item, 'Commodity/GoodsMeasure/NetNetWeightMeasure')
      if (gross === undefined || net === undefined || compareAmounts(net, gross) <= 0) return []
      const path = `${itemPath}[${at + 1}]/Commodity/GoodsMeasure/NetNetWeightMeasure`
      return [{ path, value: net, allowed: `at most ${gross}` }]
    }),
  U005: (_block, items) => {
    const at = items.findIndex((item, index) => textAt(item, 'SequenceNumeric') !== String(index + 1))
    if (at < 0) return []
    const path = `${itemPath}[${at + 1}]/SequenceNumeric`
    return [{ path, value: textAt(items[at]!, 'SequenceNumeric'), allowed: String(at + 1) }]
  },
  U006: (block, items) => {
    const currency = textAt(block, 'Declaration/InvoiceAmount/@currencyID')
    const charge = 'Commodity/InvoiceLine/ItemChargeAmount'
    if (items.some((item) => textAt(item, `${charge}/@currencyID`) !== currency)) return []
    return wrongSum(
      textAt(block, 'Declaration/InvoiceAmount'),
      items.map((item) => textAt(item, charge)),
    )
  },
  U007: (_block, items) =>
    items.flatMap((item, at) => {
      const codes = groupsAt(item, 'Commodity/Classification').map((each) => textAt(each, 'ID') ?? '')
      if (codes.some(isCommodity)) return []
      return [{ path: `${itemPath}[${at + 1}]/Commodity/Classification[1]/ID`, value: codes[0] }]
    }),
  U008: (block) => {
    const to = textAt(block, `${shipment}/Destination/CountryCode`)
    return to === textAt(block, `${shipment}/ExportCountry/ID`) ? [{ value: to }] : []
  },
  U009: (block) => {
    const isExport = textAt(block, 'Declaration/TypeCode')?.startsWith('EX') === true
    const party = isExport ? 'Declaration/Exporter' : `${shipment}/Importer`
    const isNamed = ['ID', 'Name'].some((name) => textAt(block, `${party}/${name}`) !== undefined)
    return isNamed ? [] : [{ path: party }]
  },
  U010: (block) => {
    const isAccepted = textAt(block, 'Declaration/AcceptanceDateTime') !== undefined
    return isAccepted && textAt(block, 'Declaration/ID') === undefined ? [{}] : []
  },
  U011: (block) => {
    const said = textAt(block, `${shipment}/Consignment/ContainerCode`)
    const named = groupsAt(block, `${shipment}/Consignment/TransportEquipment`).length
    return one(said === undefined || (said === '1') === named > 0 ? undefined : { value: said })
  },
}

/** Compiles the rules of a block. Throws `rule-syntax` when table and functions do not have the same rules. */
export function compileBlockRules(table: string, elements: ReadonlySet<string>): BlockRules {
  const rules = readTable(table, ['id', 'element', 'text', 'remedy'], 'rules').rows.map((row) => {
    const [id, element] = [row.cell('id'), row.cell('element')]
    if (!(id in breaches) || !elements.has(element))
      throw new CustomsFault('rule-syntax', `rules, line ${row.line}: there is no rule ${id} about ${element}`)
    return { id, element, text: row.cell('text'), remedy: row.cell('remedy') }
  })
  const missing = Object.keys(breaches).filter((id) => !rules.some((rule) => rule.id === id))
  if (missing.length > 0) throw new CustomsFault('rule-syntax', `rules: no words for ${missing.join(', ')}`)
  return {
    rules,
    broken: (block) => {
      const items = groupsAt(block, itemPath)
      return rules.flatMap((rule) => breaches[rule.id]!(block, items).map((breach) => findingOf(rule, breach)))
    },
  }
}

/** The rules of a block, compiled. */
export interface BlockRules {
  readonly rules: readonly BlockRule[]
  /** Every breach, for a block whose structure and formats are right. */
  broken(block: Doc): Finding[]
}

function findingOf({ id, element, text, remedy }: BlockRule, { path = element, value, allowed }: Breach): Finding {
  return {
    kind: 'rule',
    rule: id,
    code: functionalErrorCode.rule,
    path: `/UtilityBlock/${path}`,
    ...(value !== undefined && { value }),
    ...(allowed !== undefined && { allowed }),
    remedy,
    text,
  }
}
