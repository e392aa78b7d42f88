import { type Doc, groups, text } from '@corridor/customs'
import {
  containersOf,
  documentsOf,
  locationOf,
  meansOf,
  officeOf,
  packageCount,
  partyOf,
  placeOf,
  type Reading,
  sealCount,
  sealsOf,
} from './consignment.ts'
import { type Content, markup, type Html, value } from './html.ts'
import { listOfItems } from './items.ts'
import { box, country, grid, type Head, joined, lines, page, row, sheet, type Width } from './page.ts'
import { label, type Word } from './words.ts'

/** What an accompanying document is made of. Days are yyyy-mm-dd. Nothing here holds an access code, and none is printed. */
export interface AccompanyingDocument {
  mrn: string
  /** The declaration (CC015C, CC029C or CD001C) with the names of operators. */
  record: Doc
  acceptedOn: string | undefined
  releasedOn: string | undefined
  limitDate: string | undefined
  /** What the office of departure found before release. */
  control: { code: string; date: string; text?: string | undefined } | undefined
  /** What was registered on the way; the groups are those of CD180C. */
  incidents: { office: string; at: string; incident: Doc }[]
}

/** Rows that are left for what is written by hand on the way. */
const blankIncidents = 3

/** The transit accompanying document with its list of items as one HTML page (the content of UCC-DA annexes B-02 to B-05). */
export function accompanyingDocument(reading: Reading, document: AccompanyingDocument): string {
  const { mrn, record } = document
  const isForSecurity = !['0', ''].includes(text(record, 'TransitOperation.security') ?? '')
  const head: Head = {
    title: isForSecurity ? 'title.accompanyingSecurity' : 'title.accompanying',
    called: 'page.mrn',
    number: mrn,
    languages: reading.languages,
  }
  const consignment = groups(record, 'Consignment')[0]
  const first = sheet(head, [
    markup`<dl>
      ${[
        operation(reading, document, consignment),
        parties(reading, record, consignment),
        offices(reading, record),
        places(reading, consignment),
        transport(reading, record, consignment),
        guaranteeBox(reading, record),
        documents(reading, record, consignment),
        control(reading, document),
      ]}
    </dl>`,
    incidents(reading, document.incidents),
    arrivals(reading, text(record, 'CustomsOfficeOfDeparture.referenceNumber')),
  ])
  return page(head, [first, listOfItems(reading, { ...head, title: 'title.items' }, consignment)])
}

/** A flag of a document (CL027) in words. */
function flag({ languages }: Reading, code: string | undefined): Content {
  return code === undefined ? undefined : label(languages, code === '1' ? 'answer.yes' : 'answer.no')
}

function operation(reading: Reading, document: AccompanyingDocument, consignment: Doc | undefined): Html[] {
  const { languages } = reading
  const of = (name: string) => value(text(document.record, `TransitOperation.${name}`))
  const cell = (width: Width, word: Word, content: Content) => box(languages, width, word, content)
  const items = groups(consignment, 'HouseConsignment.ConsignmentItem').length
  const tir = of('TIRCarnetNumber')
  return [
    cell(2, 'declaration.type', markup`<span class="strong">${of('declarationType')}</span>`),
    cell(2, 'declaration.additionalType', of('additionalDeclarationType')),
    cell(2, 'declaration.security', of('security')),
    cell(2, 'total.items', items),
    cell(2, 'total.packages', packageCount(consignment)),
    cell(2, 'total.gross', value(text(consignment, 'grossMass'))),
    cell(4, 'declaration.lrn', of('LRN')),
    cell(4, 'declaration.ucr', value(text(consignment, 'referenceNumberUCR'))),
    cell(2, 'declaration.accepted', value(document.acceptedOn)),
    cell(2, 'declaration.released', value(document.releasedOn)),
    ...(tir === undefined ? [] : [cell(12, 'declaration.tir', tir)]),
  ]
}

function parties(reading: Reading, record: Doc, consignment: Doc | undefined): Html[] {
  const cell = (word: Word, group: Doc | undefined) => box(reading.languages, 6, word, partyOf(reading, group))
  const carrier = groups(consignment, 'Carrier')[0]
  return [
    cell('party.consignor', groups(consignment, 'Consignor')[0]),
    cell('party.consignee', groups(consignment, 'Consignee')[0]),
    cell('party.holder', groups(record, 'HolderOfTheTransitProcedure')[0]),
    cell('party.representative', groups(record, 'Representative')[0]),
    ...(carrier === undefined ? [] : [box(reading.languages, 12, 'party.carrier', partyOf(reading, carrier))]),
  ]
}

function offices(reading: Reading, record: Doc): Html[] {
  const cell = (word: Word, group: string) =>
    box(
      reading.languages,
      3,
      word,
      lines(groups(record, group).map((each) => officeOf(reading, text(each, 'referenceNumber')))),
    )
  return [
    cell('office.departure', 'CustomsOfficeOfDeparture'),
    cell('office.transit', 'CustomsOfficeOfTransitDeclared'),
    cell('office.exit', 'CustomsOfficeOfExitForTransitDeclared'),
    cell('office.destination', 'CustomsOfficeOfDestinationDeclared'),
  ]
}

function places(reading: Reading, consignment: Doc | undefined): Html[] {
  const { languages } = reading
  const of = (name: string) => groups(consignment, name)[0]
  const routing = groups(consignment, 'CountryOfRoutingOfConsignment').map((each) => value(text(each, 'country')))
  return [
    box(languages, 2, 'place.dispatch', country(languages, text(consignment, 'countryOfDispatch'))),
    box(languages, 2, 'place.destination', country(languages, text(consignment, 'countryOfDestination'))),
    box(languages, 2, 'place.routing', joined(routing, ', ')),
    box(languages, 6, 'place.goods', locationOf(reading, of('LocationOfGoods'))),
    box(languages, 6, 'place.loading', placeOf(reading, of('PlaceOfLoading'))),
    box(languages, 6, 'place.unloading', placeOf(reading, of('PlaceOfUnloading'))),
  ]
}

function transport(reading: Reading, record: Doc, consignment: Doc | undefined): Html[] {
  const { languages } = reading
  const reduced = text(record, 'TransitOperation.reducedDatasetIndicator')
  const equipment = groups(consignment, 'TransportEquipment')
  const of = (name: string) => text(consignment, name)
  return [
    box(languages, 6, 'transport.departure', meansOf(reading, groups(consignment, 'DepartureTransportMeans'))),
    box(languages, 6, 'transport.border', meansOf(reading, groups(consignment, 'ActiveBorderTransportMeans'))),
    box(languages, 2, 'transport.inlandMode', value(of('inlandModeOfTransport'))),
    box(languages, 2, 'transport.borderMode', value(of('modeOfTransportAtTheBorder'))),
    box(languages, 2, 'transport.containerised', flag(reading, of('containerIndicator'))),
    box(languages, 6, 'transport.containers', containersOf(equipment), 'long'),
    box(languages, 2, 'transport.sealCount', sealCount(equipment)),
    box(languages, 8, 'transport.seals', sealsOf(equipment), 'long'),
    box(languages, 2, 'declaration.reduced', flag(reading, reduced)),
  ]
}

/** The guarantees. Of the access code there is nothing on paper: whoever reads it could use the guarantee. */
function guaranteeBox({ languages }: Reading, record: Doc): Html {
  const rows = groups(record, 'Guarantee').flatMap((guarantee) => {
    const type = value(text(guarantee, 'guaranteeType'))
    const other = value(text(guarantee, 'otherGuaranteeReference'))
    const references = groups(guarantee, 'GuaranteeReference')
    return (references.length === 0 ? [undefined] : references).map((reference) =>
      joined(
        [
          [label(languages, 'guarantee.type'), ' ', type],
          withLabel(text(reference, 'GRN'), [label(languages, 'guarantee.grn'), ' ']),
          withLabel(
            text(reference, 'amountToBeCovered'),
            [label(languages, 'guarantee.amount'), ' '],
            text(reference, 'currency'),
          ),
          other === undefined ? undefined : [label(languages, 'guarantee.other'), ' ', other],
        ],
        ' · ',
      ),
    )
  })
  return box(languages, 12, 'guarantee.title', lines(rows), 'long')
}

function withLabel(content: string | undefined, before: Content, after?: string): Content {
  return content === undefined ? undefined : [before, value(after === undefined ? content : `${content} ${after}`)]
}

function documents({ languages }: Reading, record: Doc, consignment: Doc | undefined): Html[] {
  const cell = (width: Width, word: Word, kind: string, from: Doc | undefined) =>
    box(languages, width, word, documentsOf(from, kind), 'long')
  return [
    cell(4, 'document.previous', 'PreviousDocument', consignment),
    cell(4, 'document.supporting', 'SupportingDocument', consignment),
    cell(4, 'document.transport', 'TransportDocument', consignment),
    cell(4, 'document.additional', 'AdditionalReference', consignment),
    cell(4, 'document.information', 'AdditionalInformation', consignment),
    cell(4, 'document.authorisations', 'Authorisation', record),
  ]
}

function control(reading: Reading, { record, control: found, limitDate }: AccompanyingDocument): Html[] {
  const { languages } = reading
  const officer = markup`<div class="empty"></div>`
  return [
    box(
      languages,
      6,
      'control.departure',
      lines([
        [
          label(languages, 'control.result'),
          ': ',
          markup`<span class="strong">${value(found?.code)}</span> `,
          value(found?.text),
        ],
        [label(languages, 'control.date'), ': ', value(found?.date)],
        [label(languages, 'control.limit'), ': ', markup`<span class="strong">${value(limitDate)}</span>`],
        [
          label(languages, 'declaration.itinerary'),
          ': ',
          flag(reading, text(record, 'TransitOperation.bindingItinerary')),
        ],
      ]),
    ),
    box(languages, 6, 'control.signature', officer),
  ]
}

function incidents(reading: Reading, registered: AccompanyingDocument['incidents']): Content {
  const { languages } = reading
  const rows = registered.map(({ office, at, incident }) =>
    row([
      joined([value(text(incident, 'code')), value(at.slice(0, 10))]),
      joined([
        value(text(incident, 'Location.Address.city') ?? text(incident, 'Location.UNLocode')),
        country(languages, text(incident, 'Location.country')),
      ]),
      value(text(incident, 'text')),
      lines([
        meansOf(reading, groups(incident, 'Transhipment.TransportMeans')),
        sealsOf(groups(incident, 'TransportEquipment')),
      ]),
      officeOf(reading, office),
    ]),
  )
  const blank = Array.from({ length: blankIncidents }, () => row(['', '', '', '', ''], 'blank'))
  return markup`<h3>${label(languages, 'incident.title')}</h3>
    ${grid(
      languages,
      [
        ['incident.code', 12],
        ['incident.place', 20],
        ['incident.measures', 28],
        ['incident.means', 20],
        ['incident.endorsement', 20],
      ],
      [...rows, ...blank],
    )}`
}

/** What the office of destination fills in, and where the copy goes when it is asked for on paper. */
function arrivals(reading: Reading, departure: string | undefined): Content {
  const { languages } = reading
  const blank = markup`<div class="empty"></div>`
  return markup`<h3>${label(languages, 'control.destination')}</h3>
    <dl>
      ${[
        box(languages, 3, 'control.arrival', blank),
        box(languages, 3, 'control.sealsExamined', blank),
        box(languages, 3, 'control.remarks', blank),
        box(languages, 3, 'control.signature', blank),
        box(languages, 12, 'office.return', officeOf(reading, departure)),
      ]}
    </dl>`
}
