/** Effects of discrepancies: what departure decides about them, and what leaves the procedure at destination. */
import type { Doc, TableNode } from '@corridor/customs'
import { type Change, type Context, fieldsOf, nodesOf, office, recordOf } from '../context.ts'
import { project } from '../project.ts'
import { groups, present, text } from '../read.ts'

export const discrepancyEffects: Record<string, (context: Context, argument: string) => Change> = {
  'record-resolution': (context) => {
    const resolution = fieldsOf(context)['text'] ?? ''
    return { data: { resolution }, detail: resolution }
  },
  /** `tell-resolution:1` (CL162: resolved), `:0` (they stay, and the debt is recovered). */
  'tell-resolution': (context, resolved) => {
    const where = context.movement.data.results?.office ?? ''
    const doc: Doc = {
      TransitOperation: present({
        MRN: context.movement.mrn,
        discrepanciesResolved: resolved,
        writeOffDate: resolved === '1' ? context.facts.today : undefined,
      }),
      CustomsOfficeOfDeparture: office(context.movement.office),
      CustomsOfficeOfDestinationActual: office(where),
    }
    return { send: [{ type: 'CD049C', to: { office: where }, doc, answers: false }] }
  },
  'release-remaining': (context) => {
    const withheld = new Set((fieldsOf(context)['withheld'] ?? '').match(/\d+/g)?.map(String) ?? [])
    const houses = releasedHouses(context, withheld)
    const types = new Set(
      houses.flatMap((house) => groups(house, 'ConsignmentItem').map((item) => item['releaseType'])),
    )
    const indicator = !types.has(keptBack) ? everything : types.has(released) ? some : nothing
    const trader = context.movement.data.trader ?? ''
    const doc = present({
      TransitOperation: {
        MRN: context.movement.mrn,
        releaseDate: context.facts.today,
        releaseIndicator: indicator,
      },
      CustomsOfficeOfDestinationActual: office(context.movement.office),
      TraderAtDestination: { identificationNumber: trader },
      Consignment: indicator === everything ? undefined : { HouseConsignment: houses },
    })
    return {
      send: [{ type: 'CC025C', to: { trader }, doc, answers: false }],
      detail: [...withheld].join(', '),
    }
  },
}

/** CL164, what a release covers: C0352 wants the goods named with 2 and 3. Nobody published the words (docs/decisions/0021). */
const [everything, some, nothing] = ['1', '2', '3'] as const
/** CL163, of an item: 1 in a house consignment says that its items tell (C0353). */
const [released, itemsTell, keptBack] = ['0', '1', '2'] as const

/** The goods of the record as CC025C lists them, each with whether it is released. @param withheld declaration goods item numbers */
function releasedHouses(context: Context, withheld: ReadonlySet<string>): Doc[] {
  const inner = (nodes: readonly TableNode[], name: string) => nodes.find((node) => node.name === name)?.children ?? []
  const house = inner(inner(nodesOf(context, 'CC025C'), 'Consignment'), 'HouseConsignment')
  const itemNodes = inner(house, 'ConsignmentItem')
  const releaseOf = (item: Doc) => (withheld.has(text(item, 'declarationGoodsItemNumber') ?? '') ? keptBack : released)
  return groups(recordOf(context), 'Consignment.HouseConsignment').map((declared) => ({
    sequenceNumber: text(declared, 'sequenceNumber') ?? '1',
    releaseType: itemsTell,
    ConsignmentItem: groups(declared, 'ConsignmentItem').map(
      (item) => project(itemNodes, item, { releaseType: releaseOf(item) }).doc,
    ),
  }))
}
