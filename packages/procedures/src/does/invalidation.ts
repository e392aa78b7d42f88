/** Effects of an invalidation after the release: the offices on the way are told, and cancel their records. */
import { type Change, type Context, documentOf, office, recordOf } from '../context.ts'
import { present, text, texts } from '../read.ts'
import { destinationOf, numberedOffices, transitOfficesToTell } from './departure.ts'

export const invalidationEffects: Record<string, (context: Context) => Change> = {
  'tell-offices-invalidated': (context) => {
    const declared = texts(recordOf(context), 'CustomsOfficeOfTransitDeclared.referenceNumber')
    const doc = present({
      TransitOperation: { MRN: context.movement.mrn },
      Invalidation: { decisionDateAndTime: context.facts.now },
      CustomsOfficeOfDeparture: office(context.movement.office),
      CustomsOfficeOfDestinationDeclared: office(destinationOf(context)),
      CustomsOfficeOfTransitDeclared: numberedOffices(declared),
    })
    return {
      send: toEveryAdministration(context).map((to) => ({ type: 'CD010C', to: { office: to }, doc, answers: false })),
    }
  },
  'record-cancellation': (context) => {
    const at = text(documentOf(context), 'Invalidation.decisionDateAndTime') ?? context.facts.now
    return { data: { invalidatedAt: at, asked: [] }, detail: at }
  },
}

/**
 * One declared office for each administration on the way: a document that names all offices is for each of them, and an administration
 * gets it once.
 */
export function toEveryAdministration(context: Context): string[] {
  const destination = destinationOf(context)
  const party = (reference: string) => context.facts.office(reference)?.party
  const others = transitOfficesToTell(context).filter((reference) => party(reference) !== party(destination))
  return [destination, ...others]
}
