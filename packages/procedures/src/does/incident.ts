/** Incidents en route: registered at an office, forwarded by departure to the offices that are left, told to the holder. */
import type { Doc } from '@corridor/customs'
import { type Change, type Context, documentOf, fieldsOf, office, recordOf } from '../context.ts'
import { groups, numbered, present, text, texts } from '../read.ts'
import type { MovementData, Send } from '../types.ts'
import { oneOfEach } from './departure.ts'
import { divertedTo } from './diversion.ts'

type Incidents = NonNullable<MovementData['incidents']>

export const incidentEffects: Record<string, (context: Context, argument: string) => Change> = {
  // After the arrival the office registers what the arrival notification only announced: the notice is as old as that.
  'register-incident': (context) =>
    register(context, [incidentIn(context, fieldsOf(context)['code'] ?? '5')], context.movement.data.arrival?.at),

  /**
   * A control en route has no message in P5. It is registered as an incident of code 7, which P6 has for what customs do on the way; seals
   * that it changed are an incident of code 2 beside it, since code 7 has no place for them (docs/decisions/0014).
   */
  'register-control': (context) => {
    const { seals, ...fields } = fieldsOf(context)
    const words = `${fields['controlResult']}: ${fields['text']}`
    const control = { ...incidentIn(context, '7'), text: words.slice(0, longestText) }
    const broken = seals === undefined ? [] : [incidentIn(context, '2')]
    return register(context, [control, ...broken])
  },

  /** Incidents that the arrival notification tells of are registered with it, before the arrival is advised. */
  'register-notified': (context) => {
    const notification =
      context.event.kind === 'document' && context.event.type === 'CC007C' ? context.event.doc : undefined
    const found = groups(notification ?? context.movement.data.notification, 'Consignment.Incident')
    return found.length === 0 ? {} : register(context, found, context.movement.data.arrival?.at)
  },

  'record-incident': (context) => {
    const known = context.movement.data.incidents ?? []
    const came = incidentsIn(documentOf(context))
    return {
      data: { incidents: [...known, ...came] },
      detail: came.map(({ incident }) => text(incident, 'code') ?? '').join(' '),
    }
  },
  'forward-incident': (context) => {
    const { movement } = context
    const doc = documentOf(context)
    const record = recordOf(context)
    const registrar = text(doc, `${registration}.referenceNumber`) ?? ''
    const crossed = new Set((movement.data.crossings ?? []).map((crossing) => crossing.office))
    const declared = (group: string) => texts(record, `${group}.referenceNumber`)
    const left = (references: string[]) =>
      [...new Set(references)].filter((each) => each !== registrar && !crossed.has(each))
    const transit = left([...declared('CustomsOfficeOfTransitDeclared'), ...divertedTo(movement, 'transit')])
    const exit = left(declared('CustomsOfficeOfExitForTransitDeclared'))
    const destination = declared('CustomsOfficeOfDestinationDeclared')[0] ?? ''
    const told: Doc = present({
      TransitOperation: doc['TransitOperation'],
      CustomsOfficeOfDeparture: office(movement.office),
      CustomsOfficeOfDestinationDeclared: office(destination),
      CustomsOfficeOfTransitDeclared: several(transit),
      CustomsOfficeOfExitForTransitDeclared: several(exit),
      [registration]: doc[registration],
      Consignment: doc['Consignment'],
    })
    const others = [...transit, ...exit, destination].filter((each) => each !== registrar)
    const send = oneOfEach(context, others).map((to): Send => ({
      type: 'CD181C',
      to: { office: to },
      doc: told,
      answers: false,
    }))
    return { send }
  },
  'tell-incident': (context) => {
    const doc = documentOf(context)
    const told: Doc = {
      ...Object.fromEntries(['TransitOperation', registration, 'Consignment'].map((name) => [name, doc[name] ?? {}])),
      CustomsOfficeOfDeparture: office(context.movement.office),
    }
    return {
      send: [{ type: 'CC182C', to: { trader: context.movement.data.trader ?? '' }, doc: told, answers: false }],
    }
  },
}

const registration = 'CustomsOfficeOfIncidentRegistration'
const longestText = 512

const several = (references: string[]): Doc[] | undefined =>
  references.length === 0 ? undefined : numbered(references.map(office))

/** The incidents of a CD180C or CD181C. */
export function incidentsIn(doc: Doc): Incidents {
  const where = text(doc, `${registration}.referenceNumber`) ?? ''
  const at = text(doc, 'TransitOperation.incidentNotificationDateAndTime') ?? ''
  return groups(doc, 'Consignment.Incident').map((incident) => ({ office: where, at, incident }))
}

/** The incidents that a record which was asked for already has: who endorsed them registered them. */
export function incidentsInRecord(doc: Doc): Incidents {
  return groups(doc, 'Consignment.Incident').map((incident) => ({
    office: text(incident, 'Endorsement.authority') ?? '',
    at: text(incident, 'Endorsement.date') ?? '',
    incident,
  }))
}

/** Whether every incident of a document is known here: it was registered here, or came before. */
export function areKnown(context: Context): boolean {
  const known = new Set((context.movement.data.incidents ?? []).map(identityOf))
  return incidentsIn(documentOf(context)).every((each) => known.has(identityOf(each)))
}

const identityOf = ({ office: where, at, incident }: Incidents[number]): string =>
  [where, at, ...['code', 'text', 'sequenceNumber'].map((name) => text(incident, name) ?? '')].join('\n')

function register(context: Context, found: Doc[], at = context.facts.now): Change {
  const { movement } = context
  const incidents = numbered(found.map(({ sequenceNumber: _, ...incident }) => incident))
  const departure = office(text(recordOf(context), 'CustomsOfficeOfDeparture.referenceNumber') ?? '')
  const doc: Doc = {
    TransitOperation: { MRN: movement.mrn, incidentNotificationDateAndTime: at },
    CustomsOfficeOfDeparture: departure,
    [registration]: office(movement.office),
    Consignment: { Incident: incidents },
  }
  const own = incidents.map((incident) => ({ office: movement.office, at, incident }))
  return {
    data: { incidents: [...(movement.data.incidents ?? []), ...own] },
    detail: incidents.map((incident) => text(incident, 'code') ?? '').join(' '),
    send: [{ type: 'CD180C', to: { office: text(departure, 'referenceNumber') ?? '' }, doc, answers: false }],
  }
}

/** The incident that an officer describes. Which fields there are follows from the act: each code has its own (C0240). */
function incidentIn(context: Context, code: string): Doc {
  const fields = fieldsOf(context)
  const country = context.movement.office.slice(0, 2)
  const { place = '', city = '', container, identificationNumber } = fields
  const seals = (fields['seals'] ?? '').split(' ').filter((each) => each !== '')
  const equipment = present({
    sequenceNumber: '1',
    containerIdentificationNumber: container,
    numberOfSeals: String(seals.length),
    Seal: seals.length === 0 ? undefined : numbered(seals.map((identifier) => ({ identifier }))),
  })
  const hasTranshipment = ['3', '6'].includes(code)
  const hasEquipment = ['2', '4'].includes(code) || (hasTranshipment && (container !== undefined || seals.length > 0))
  return present({
    sequenceNumber: '1',
    code,
    text: fields['text'] ?? '',
    Endorsement: { date: context.facts.today, authority: context.movement.office, place: city, country },
    Location: {
      qualifierOfIdentification: 'Z',
      country,
      Address: present({ streetAndNumber: place, postcode: fields['postcode'], city }),
    },
    TransportEquipment: hasEquipment ? [equipment] : undefined,
    Transhipment:
      !hasTranshipment || identificationNumber === undefined
        ? undefined
        : {
            containerIndicator: container === undefined ? '0' : '1',
            TransportMeans: {
              typeOfIdentification: '30',
              identificationNumber,
              nationality: fields['nationality'] ?? country,
            },
          },
  })
}
