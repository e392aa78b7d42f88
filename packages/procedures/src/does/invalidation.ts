/** Effects of an invalidation after the release: the offices on the way are told, and cancel their records. */
import { type Change, type Context, documentOf, office, recordOf } from '../context.ts'
import { present, text, texts } from '../read.ts'
import { destinationOf, numberedOffices, oneOfEach } from './departure.ts'
import { divertedTo } from './diversion.ts'

export const invalidationEffects: Record<string, (context: Context) => Change> = {
  // CD010C has no groups for offices that were given the record since; each is named where its role is. It has room for one destination.
  'tell-offices-invalidated': (context) => {
    const { movement, facts } = context
    const { transit, exit } = onTheWay(context)
    const told = (destination: string, [onTransit, onExit]: [string[], string[]]) =>
      present({
        TransitOperation: { MRN: movement.mrn },
        Invalidation: { decisionDateAndTime: facts.now },
        CustomsOfficeOfDeparture: office(movement.office),
        CustomsOfficeOfDestinationDeclared: office(destination),
        CustomsOfficeOfTransitDeclared: numberedOffices(onTransit),
        CustomsOfficeOfExitForTransitDeclared: numberedOffices(onExit),
      })
    const declared = told(destinationOf(context), [transit, exit])
    const to = oneOfEach(context, [destinationOf(context), ...transit, ...exit])
    return {
      send: [
        ...to.map((reference) => ({ type: 'CD010C', to: { office: reference }, doc: declared, answers: false })),
        ...divertedTo(movement, 'destination').map((reference) => ({
          type: 'CD010C',
          to: { office: reference },
          doc: told(reference, [[], []]),
          answers: false,
        })),
      ],
    }
  },
  'record-cancellation': (context) => {
    const at = text(documentOf(context), 'Invalidation.decisionDateAndTime') ?? context.facts.now
    return { data: { invalidatedAt: at, asked: [] }, detail: at }
  },
}

/** The offices of transit and of exit that have the record: declared, or given it since. */
export function onTheWay(context: Context): { transit: string[]; exit: string[] } {
  const having = (role: 'transit' | 'exit', group: string) => [
    ...new Set([...texts(recordOf(context), `${group}.referenceNumber`), ...divertedTo(context.movement, role)]),
  ]
  return {
    transit: having('transit', 'CustomsOfficeOfTransitDeclared'),
    exit: having('exit', 'CustomsOfficeOfExitForTransitDeclared'),
  }
}
