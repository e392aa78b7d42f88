import type { Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, fieldsOf, office, projectRecord, recordOf } from '../context.ts'
import { groups, present, text } from '../read.ts'
import { incidentGroups } from '../incidents.ts'
import type { MovementData } from '../types.ts'

/** Effects at the office of destination. */
export const destinationEffects: Record<string, (context: Context) => Change> = {
  'record-notification': (context) => {
    const doc = documentOf(context)
    return {
      data: {
        ...(context.event.kind === 'document' ? { trader: context.event.sender } : {}),
        arrival: arrivalIn(context, doc),
      },
    }
  },
  'advise-arrival': (context) =>
    toDeparture(context, 'CD006C', {
      TransitOperation: {
        MRN: context.movement.mrn,
        arrivalDateAndTimeActual: context.movement.data.arrival?.at ?? context.facts.now,
      },
    }),
  'permit-unloading': (context) => permission(context, undefined),
  // CTLControl.continueUnloading counts: 1..9 in CC043C.
  'permit-continued-unloading': (context) => {
    const unloadings = Math.min((context.movement.data.unloadings ?? 0) + 1, 9)
    return { data: { unloadings }, ...permission(context, String(unloadings)) }
  },
  'record-remarks': (context) => ({
    data: { remarks: documentOf(context) },
    detail: text(documentOf(context), 'UnloadingRemark.conform') === '1' ? 'conform' : 'not conform',
  }),
  'record-control': (context) => {
    const fields = fieldsOf(context)
    return {
      data: {
        results: {
          code: fields['controlResult'] ?? 'A1',
          date: context.facts.today,
          ...(fields['stateOfSeals'] === undefined ? {} : { stateOfSeals: fields['stateOfSeals'] }),
          ...(fields['text'] === undefined ? {} : { text: fields['text'] }),
          office: context.movement.office,
        },
      },
      detail: fields['controlResult'] ?? 'A1',
    }
  },
  'send-results': (context) => {
    const results = context.movement.data.results
    return toDeparture(context, 'CD018C', {
      TransitOperation: {
        MRN: context.movement.mrn,
        bindingItinerary: text(recordOf(context), 'TransitOperation.bindingItinerary') ?? '0',
      },
      ControlResult: present({
        code: results?.code,
        date: results?.date,
        stateOfSeals: results?.stateOfSeals,
        text: results?.text,
      }),
    })
  },
  'release-goods': (context) => ({
    send: [
      {
        type: 'CC025C',
        to: { trader: context.movement.data.trader ?? '' },
        answers: false,
        doc: {
          TransitOperation: { MRN: context.movement.mrn, releaseDate: context.facts.today, releaseIndicator: '1' },
          CustomsOfficeOfDestinationActual: office(context.movement.office),
          TraderAtDestination: { identificationNumber: context.movement.data.trader ?? '' },
        },
      },
    ],
  }),
}

/** What an arrival notification (CC007C) says of the arrival. */
export function arrivalIn(context: Context, notification: Doc): NonNullable<MovementData['arrival']> {
  return {
    at: text(notification, 'TransitOperation.arrivalNotificationDateAndTime') ?? context.facts.now,
    office: context.movement.office,
    simplified: text(notification, 'TransitOperation.simplifiedProcedure') === '1',
    ...(text(notification, 'TransitOperation.incidentFlag') === '1' ? { incident: true as const } : {}),
  }
}

function toDeparture(context: Context, type: string, doc: Doc): Change {
  const departure = text(recordOf(context), 'CustomsOfficeOfDeparture.referenceNumber') ?? ''
  const full: Doc = {
    ...doc,
    CustomsOfficeOfDeparture: office(departure),
    CustomsOfficeOfDestinationActual: office(context.movement.office),
  }
  return { send: [{ type, to: { office: departure }, doc: full, answers: false }] }
}

/** The first permission carries the declaration; one to go on unloading repeats nothing of it (C0027). */
function permission(context: Context, continueUnloading: string | undefined): Change {
  const isFirst = continueUnloading === undefined
  const record = recordOf(context)
  const operation = groups(record, 'TransitOperation')[0] ?? {}
  const named = (name: string) => text(operation, name)
  const given: Doc = {
    TransitOperation: present({
      MRN: context.movement.mrn,
      declarationType: isFirst ? named('declarationType') : undefined,
      declarationAcceptanceDate: isFirst ? named('declarationAcceptanceDate') : undefined,
      security: named('security') ?? '0',
      reducedDatasetIndicator: named('reducedDatasetIndicator') ?? '0',
    }),
    CustomsOfficeOfDestinationActual: office(context.movement.office),
    TraderAtDestination: { identificationNumber: context.movement.data.trader ?? '' },
    ...(isFirst ? {} : { CTLControl: { continueUnloading } }),
  }
  const doc = isFirst ? withIncidents(context, projectRecord(context, 'CC043C', given).doc) : given
  return { send: [{ type: 'CC043C', to: { trader: context.movement.data.trader ?? '' }, doc, answers: false }] }
}

/** Who unloads looks for the seals and the means of transport that the goods have now, and not for those of the declaration. */
function withIncidents({ movement }: Context, doc: Doc): Doc {
  const Incident = incidentGroups(movement)
  const consignment = groups(doc, 'Consignment')[0]
  return Incident.length === 0 || consignment === undefined
    ? doc
    : { ...doc, Consignment: { ...consignment, Incident } }
}
