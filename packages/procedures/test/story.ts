import { text } from '../src/index.ts'
import type { Doc } from '@corridor/customs'
import {
  consignee,
  corridorDocument,
  declarant,
  departure,
  destination,
  grn,
  exit,
  Stage,
  transit,
  type Coming,
} from './stage.ts'

export const fromDeclarant: Coming = { sender: declarant, from: 'trader', office: departure }
export const fromConsignee: Coming = { sender: consignee, from: 'trader', office: destination }
/** Kosovo to Albania's office of departure. */
export const toDeparture: Coming = { sender: 'NTA.XK', from: 'administration', office: departure }

export const declaration = (change?: (xml: string) => string, lrn = 'LRN1'): Doc =>
  corridorDocument('declaration', { sender: declarant, lrn }, change)

export const arrival = (stage: Stage, change?: (xml: string) => string, sender = consignee): Doc =>
  corridorDocument('arrival', { sender, mrn: stage.mrn }, change)

export const remarks = (stage: Stage, change?: (xml: string) => string, sender = consignee): Doc =>
  corridorDocument('unloading-remarks', { sender, mrn: stage.mrn }, change)

/** Replaces the text of an element. */
export const put =
  (element: string, value: string) =>
  (xml: string): string =>
    xml.replace(new RegExp(`<${element}>[^<]*</${element}>`), `<${element}>${value}</${element}>`)

/** Takes an element and what is in it out. */
export const without =
  (element: string) =>
  (xml: string): string =>
    xml.replace(new RegExp(`<${element}>[\\s\\S]*?</${element}>\\s*`), '')

/** The amendment (CC013C) of the declaration of the stage: `flag` 1 changes its guarantees alone. */
export const amendment = (stage: Stage, change = (xml: string) => xml, flag: '0' | '1' = '0'): Doc =>
  declaration((xml) =>
    change(
      (stage.mrn === '' ? put('additionalDeclarationType', 'D')(xml) : xml)
        .replaceAll('CC015C', 'CC013C')
        .replace(/<LRN>.*<\/LRN>/, (lrn) => (stage.mrn === '' ? lrn : `<MRN>${stage.mrn}</MRN>`))
        .replace('</bindingItinerary>', `$&<amendmentTypeFlag>${flag}</amendmentTypeFlag>`),
    ),
  )

export const preLodged = put('additionalDeclarationType', 'D')

/** A document of the declarant about his declaration, named by MRN, or by LRN as long as it has none. */
export const ofDeclarant = (stage: Stage, type: string, operation: Doc, more: Doc = {}): Doc => ({
  messageSender: declarant,
  messageRecipient: 'NTA.AL',
  preparationDateAndTime: stage.now,
  messageIdentification: 'M4',
  messageType: type,
  TransitOperation: { ...(stage.mrn === '' ? { LRN: 'LRN1' } : { MRN: stage.mrn }), ...operation },
  CustomsOfficeOfDeparture: { referenceNumber: departure },
  HolderOfTheTransitProcedure: { identificationNumber: declarant },
  ...more,
})

/** The goods of the pre-lodged declaration are presented (CC170C). */
export const presentation = (stage: Stage, consignment: Doc = {}): Doc => ({
  ...ofDeclarant(stage, 'CC170C', {}),
  TransitOperation: { LRN: 'LRN1' },
  Consignment: {
    LocationOfGoods: {
      typeOfLocation: 'A',
      qualifierOfIdentification: 'V',
      CustomsOffice: { referenceNumber: departure },
    },
    PlaceOfLoading: { UNLocode: 'ALDRZ' },
    HouseConsignment: [{ sequenceNumber: '1' }],
    ...consignment,
  },
})

/** The declarant asks to invalidate his declaration (CC014C). */
export const invalidationRequest = (stage: Stage): Doc =>
  ofDeclarant(
    stage,
    'CC014C',
    {},
    {
      Invalidation: {
        requestDateAndTime: stage.now,
        initiatedByCustoms: '0',
        justification: 'The order was cancelled',
      },
    },
  )

/** The declarant asks for release, or does without it (CC054C). */
export const releaseRequest = (stage: Stage, releaseRequested: '0' | '1' = '1'): Doc =>
  ofDeclarant(stage, 'CC054C', { releaseRequested, releaseRequestDateAndTime: stage.now })

/** The steps of the story, in order; each brings the stage to a state of the office of departure or destination. */
const steps: [string, (stage: Stage) => void][] = [
  ['accepted', () => {}],
  ['under-control', (stage) => void stage.act('departure', departure, 'control', { typeOfControls: '10' })],
  [
    'released',
    (stage) => {
      stage.act('departure', departure, 'release', { controlResult: 'A1' })
      stage.carry()
    },
  ],
  [
    'crossed',
    (stage) => {
      stage.act('transit', transit, 'cross', { passageDate: '2026-11-24' })
      stage.carry()
    },
  ],
  [
    'arrived',
    (stage) => {
      stage.document('CC007C', arrival(stage), fromConsignee)
      stage.carry()
    },
  ],
  ['unloading', (stage) => void stage.act('destination', destination, 'permit-unloading')],
  ['unloaded', (stage) => void stage.document('CC044C', remarks(stage), fromConsignee)],
  [
    'written-off',
    (stage) => {
      stage.act('destination', destination, 'record-results', { controlResult: 'A1', stateOfSeals: '1' })
      stage.carry()
    },
  ],
]

/** A stage on which the story was played up to and with a step. */
export function playedTo(last: string, stage = new Stage(), declared = declaration()): Stage {
  for (const [name, step] of steps) {
    if (name === 'accepted') {
      stage.document('CC015C', declared, fromDeclarant)
      stage.carry()
    } else step(stage)
    if (name === last) return stage
  }
  throw new Error(`the story has no step ${last}`)
}

/** Plays the steps of the story from one to another on a stage that stands before the first of them. */
export function playedOn(from: string, last: string, stage: Stage): Stage {
  const names = steps.map(([name]) => name)
  for (const [, step] of steps.slice(names.indexOf(from), names.indexOf(last) + 1)) step(stage)
  return stage
}

/** A document of an office, made by hand with the MRN of the stage. */
export function notice(stage: Stage, from: string, more: Doc): Doc {
  const { TransitOperation, ...groups } = more
  return {
    messageSender: 'NTA.XK',
    messageRecipient: 'NTA.AL',
    preparationDateAndTime: stage.now,
    messageIdentification: 'M3',
    messageType: from,
    TransitOperation: { MRN: stage.mrn, ...(TransitOperation as Doc | undefined) },
    CustomsOfficeOfDeparture: { referenceNumber: departure },
    ...groups,
  }
}

export const office = (referenceNumber: string): Doc => ({ referenceNumber })

export const crossing = (stage: Stage, at = transit, from = departure): Doc => ({
  ...notice(stage, 'CD118C', {
    TransitOperation: { passageDate: '2026-11-24' },
    CustomsOfficeOfTransitActual: office(at),
  }),
  CustomsOfficeOfDeparture: office(from),
})

export const advice = (stage: Stage, at = destination): Doc =>
  notice(stage, 'CD006C', {
    TransitOperation: { arrivalDateAndTimeActual: stage.now },
    CustomsOfficeOfDestinationActual: office(at),
  })

export const results = (stage: Stage, code = 'A1', at = destination): Doc =>
  notice(stage, 'CD018C', {
    TransitOperation: { bindingItinerary: '0' },
    CustomsOfficeOfDestinationActual: office(at),
    ControlResult: { code, date: '2026-11-24', text: 'counted again' },
  })

/** The answer of an office of guarantee: CD201C or CD205C, with the reasons against each GRN. */
export const guaranteeAnswer = (stage: Stage, type: 'CD201C' | 'CD205C', answers: Record<string, string[]>): Doc =>
  notice(stage, type, {
    HolderOfTheTransitProcedure: { identificationNumber: declarant },
    Guarantee: [
      {
        sequenceNumber: '1',
        guaranteeType: '1',
        GuaranteeReference: Object.entries(answers).map(([grn, reasons], index) => ({
          sequenceNumber: String(index + 1),
          GRN: grn,
          ...(reasons.length === 0
            ? {}
            : {
                InvalidGuaranteeReason: reasons.map((code, place) => ({ sequenceNumber: String(place + 1), code })),
              }),
        })),
      },
    ],
  })

/** A CD204C for the guarantee of the story. */
export const cancellation = (stage: Stage): Doc =>
  notice(stage, 'CD204C', {
    TransitOperation: { usageCancellationDate: '2026-11-24' },
    Guarantee: [
      {
        sequenceNumber: '1',
        guaranteeType: '1',
        GuaranteeReference: [{ sequenceNumber: '1', GRN: grn, CustomsOfficeOfGuarantee: office('AL000901') }],
      },
    ],
  })

/** The states of the four records of the story: departure, guarantee, transit, destination. */
export const states = (stage: Stage): string =>
  [
    stage.state('departure', departure),
    stage.state('guarantee', 'AL000901'),
    stage.state('transit', transit),
    stage.state('destination', destination),
  ].join(' ')

export const mrnOf = (doc: Doc): string => text(doc, 'TransitOperation.MRN') ?? ''

const actual = {
  CD114C: 'CustomsOfficeOfTransitActual',
  CD115C: 'CustomsOfficeOfTransitActual',
  CD002C: 'CustomsOfficeOfDestinationActual',
  CD003C: 'CustomsOfficeOfDestinationActual',
  CD164C: 'CustomsOfficeOfExitForTransitActual',
  CD165C: 'CustomsOfficeOfExitForTransitActual',
}

/** An office that does not hold the record asks for it (CD114C, CD002C), or gets an answer without one (CD115C, CD003C). */
export const recordRequest = (stage: Stage, type: 'CD114C' | 'CD002C' | 'CD164C', at: string): Doc => {
  const group = actual[type]
  const { CustomsOfficeOfDeparture: _, ...doc } = notice(stage, type, { [group]: office(at) })
  return doc
}

export const rejection = (stage: Stage, type: 'CD115C' | 'CD003C' | 'CD165C', at: string, code = '1'): Doc => {
  const group = actual[type]
  const flag = type === 'CD115C' ? { guaranteeNotValidForCountry: '0' } : {}
  const { CustomsOfficeOfDeparture: _, ...doc } = notice(stage, type, {
    TransitOperation: { requestRejectionReasonCode: code },
    [group]: { ...office(at), ...flag },
  })
  return doc
}

/** A notice of an incident (CD180C), and what departure makes of it for the others (CD181C). */
export const incident = (stage: Stage, at = transit, words = 'The road was closed'): Doc => ({
  ...notice(stage, 'CD180C', {
    TransitOperation: { incidentNotificationDateAndTime: stage.now },
    CustomsOfficeOfIncidentRegistration: office(at),
    Consignment: {
      Incident: [
        {
          sequenceNumber: '1',
          code: '1',
          text: words,
          Location: {
            qualifierOfIdentification: 'Z',
            country: 'XK',
            Address: { streetAndNumber: 'R7, km 12', postcode: '20000', city: 'Prizren' },
          },
        },
      ],
    },
  }),
})

export const forwarded = (stage: Stage, at = 'XK000202'): Doc => ({
  ...incident(stage, at),
  messageType: 'CD181C',
  CustomsOfficeOfDestinationDeclared: office(destination),
  CustomsOfficeOfTransitDeclared: [{ sequenceNumber: '1', ...office(transit) }],
})

/** A question about a movement (CD027C), and the answer that there is none (CD038C). */
export const query = (stage: Stage, at = 'XK000202'): Doc => {
  const { CustomsOfficeOfDeparture: _, ...doc } = notice(stage, 'CD027C', { CustomsOfficeOfRequest: office(at) })
  return doc
}

export const queryAnswer = (stage: Stage, at = transit): Doc => {
  const { CustomsOfficeOfDeparture: _, ...doc } = notice(stage, 'CD038C', {
    TransitOperation: { requestRejectionReasonCode: '1' },
    CustomsOfficeOfRequest: office(at),
  })
  return doc
}

/** A request for the state of a record (CD094C) at both of Kosovo's offices, and the answer of the office of transit (CD095C). */
export const statusRequest = (stage: Stage): Doc =>
  notice(stage, 'CD094C', {
    TransitOperation: { status: 'REL' },
    CustomsOfficeOfDestination: office(destination),
    CustomsOfficeOfTransit: office(transit),
  })

export const statusAnswer = (stage: Stage, at = transit, status = 'EXP'): Doc =>
  notice(stage, 'CD095C', { TransitOperation: { status }, CustomsOfficeOfTransit: office(at) })

/** The declaration with security data: on entry (1), on exit (2), on both (3). */
export const withSecurity =
  (security: '1' | '2' | '3') =>
  (xml: string): string =>
    put(
      'security',
      security,
    )(xml)
      .replace(
        '</DepartureTransportMeans>',
        `$&<CountryOfRoutingOfConsignment><sequenceNumber>1</sequenceNumber><country>XK</country></CountryOfRoutingOfConsignment>
        <ActiveBorderTransportMeans><sequenceNumber>1</sequenceNumber>
        <customsOfficeAtBorderReferenceNumber>${transit}</customsOfficeAtBorderReferenceNumber>
        <typeOfIdentification>30</typeOfIdentification><identificationNumber>AA366XF</identificationNumber>
        <nationality>AL</nationality></ActiveBorderTransportMeans>`,
      )
      .replace(
        '</PlaceOfLoading>',
        security === '2' ? '$&' : '$&<PlaceOfUnloading><UNLocode>XKPRZ</UNLocode></PlaceOfUnloading>',
      )

/** The declaration with security data for exit, and an office of exit for transit. */
export const withExit =
  (security: '2' | '3' = '2') =>
  (xml: string): string =>
    withSecurity(security)(xml).replace(
      '<HolderOfTheTransitProcedure>',
      `<CustomsOfficeOfExitForTransitDeclared><sequenceNumber>1</sequenceNumber><referenceNumber>${exit}</referenceNumber></CustomsOfficeOfExitForTransitDeclared>$&`,
    )

/** A stage on which the story was played up to a step with an office of exit for transit. */
export const secured = (last: string): Stage => playedTo(last, new Stage(), declaration(withExit()))

export const leaving = (stage: Stage, at = exit): Doc =>
  notice(stage, 'CD168C', {
    TransitOperation: { passageDate: '2026-11-24' },
    CustomsOfficeOfExitForTransitActual: office(at),
  })
