import type { Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, fieldsOf, office, recordOf } from '../context.ts'
import { text } from '../read.ts'
import { incidentsInRecord } from './incident.ts'

/** Effects at the office of transit; `keep-record` and `note-arrival` serve other offices as well. */
export const transitEffects: Record<string, (context: Context) => Change> = {
  'keep-record': (context) => {
    const doc = documentOf(context)
    const incidents = incidentsInRecord(doc)
    return {
      movement: { mrn: text(doc, 'TransitOperation.MRN') ?? '' },
      data: {
        record: doc,
        ...(incidents.length === 0 ? {} : { incidents }),
        ...(text(doc, 'messageIdentification') === undefined
          ? {}
          : { openedBy: text(doc, 'messageIdentification') as string }),
      },
    }
  },
  /** The goods arrived before this office got the record that it asked for. */
  'note-arrival': (context) => {
    const doc = documentOf(context)
    const at = text(doc, 'TransitOperation.arrivalDateAndTimeActual') ?? context.facts.now
    const where = text(doc, 'CustomsOfficeOfDestinationActual.referenceNumber') ?? ''
    return { data: { arrival: { at, office: where, simplified: false } }, detail: where }
  },
  'notify-crossing': (context) => {
    const date = fieldsOf(context)['passageDate'] ?? context.facts.today
    const departure = text(recordOf(context), 'CustomsOfficeOfDeparture.referenceNumber') ?? ''
    const doc: Doc = {
      TransitOperation: { MRN: context.movement.mrn, passageDate: date },
      CustomsOfficeOfDeparture: office(departure),
      CustomsOfficeOfTransitActual: office(context.movement.office),
    }
    return {
      data: { crossings: [{ office: context.movement.office, date }] },
      send: [{ type: 'CD118C', to: { office: departure }, doc, answers: false }],
    }
  },
}
