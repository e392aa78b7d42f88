/** Exit for transit: the goods leave the security area at an office of exit, and departure hears of it. */
import type { Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, fieldsOf, office, recordOf } from '../context.ts'
import { text } from '../read.ts'

export const exitEffects: Record<string, (context: Context) => Change> = {
  'notify-leaving': (context) => {
    const { movement, facts } = context
    const date = fieldsOf(context)['passageDate'] ?? facts.today
    const departure = text(recordOf(context), 'CustomsOfficeOfDeparture.referenceNumber') ?? ''
    const doc: Doc = {
      TransitOperation: { MRN: movement.mrn, passageDate: date },
      CustomsOfficeOfDeparture: office(departure),
      CustomsOfficeOfExitForTransitActual: office(movement.office),
    }
    return {
      data: { exits: [{ office: movement.office, date }] },
      send: [{ type: 'CD168C', to: { office: departure }, doc, answers: false }],
    }
  },
  'record-leaving': (context) => {
    const doc = documentOf(context)
    const where = text(doc, 'CustomsOfficeOfExitForTransitActual.referenceNumber') ?? ''
    const before = (context.movement.data.exits ?? []).filter((known) => known.office !== where)
    const date = text(doc, 'TransitOperation.passageDate') ?? ''
    return { data: { exits: [...before, { office: where, date }] }, detail: where }
  },
}
