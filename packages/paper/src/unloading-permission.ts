import { type Doc, groups, text } from '@corridor/customs'
import {
  containersOf,
  documentsOf,
  meansOf,
  officeOf,
  packageCount,
  partyOf,
  type Reading,
  sealCount,
  sealsOf,
} from './consignment.ts'
import { markup, value } from './html.ts'
import { listOfItems } from './items.ts'
import { box, country, type Head, page, sheet } from './page.ts'
import { label } from './words.ts'

/** What a note of an unloading permission is made of: the content of CC043C, with seals and means of transport as they are now. */
export interface UnloadingPermission {
  mrn: string
  /** The record (CD001C) with its incidents. */
  record: Doc
  office: string
  trader: { id: string; name: string }
  arrivedAt: string | undefined
  /** Which permission to go on unloading this is (CTLControl.continueUnloading); undefined for the first. */
  continued: number | undefined
  /** Seals and means of transport that the goods have now. */
  seals: string[]
  means: Doc | undefined
}

/** The note by which goods may be unloaded, with room for the remarks, and the list of items to compare with. */
export function unloadingPermission(reading: Reading, permission: UnloadingPermission): string {
  const { languages } = reading
  const { mrn, record, trader } = permission
  const head: Head = { title: 'title.unloading', called: 'page.mrn', number: mrn, languages }
  const consignment = groups(record, 'Consignment')[0]
  const equipment = groups(consignment, 'TransportEquipment')
  const of = (name: string) => value(text(record, `TransitOperation.${name}`))
  const blank = markup`<div class="empty"></div>`
  const first = sheet(head, [
    markup`<dl>
      ${[
        box(languages, 3, 'declaration.type', of('declarationType')),
        box(languages, 3, 'declaration.accepted', of('declarationAcceptanceDate')),
        box(languages, 3, 'unloading.arrived', value(permission.arrivedAt)),
        box(
          languages,
          3,
          permission.continued === undefined ? 'unloading.permitted' : 'unloading.continue',
          permission.continued ?? label(languages, 'answer.yes'),
        ),
        box(languages, 6, 'office.destination', officeOf(reading, permission.office)),
        box(languages, 6, 'party.trader', partyOf(reading, { name: trader.name, identificationNumber: trader.id })),
        box(languages, 6, 'party.holder', partyOf(reading, groups(record, 'HolderOfTheTransitProcedure')[0])),
        box(languages, 6, 'party.consignee', partyOf(reading, groups(consignment, 'Consignee')[0])),
        box(languages, 6, 'party.consignor', partyOf(reading, groups(consignment, 'Consignor')[0])),
        box(
          languages,
          6,
          'transport.departure',
          meansOf(reading, permission.means === undefined ? [] : [permission.means]),
        ),
        box(languages, 3, 'place.destination', country(languages, text(consignment, 'countryOfDestination'))),
        box(languages, 3, 'total.items', groups(consignment, 'HouseConsignment.ConsignmentItem').length),
        box(languages, 3, 'total.packages', packageCount(consignment)),
        box(languages, 3, 'total.gross', value(text(consignment, 'grossMass'))),
        box(languages, 6, 'transport.containers', containersOf(equipment), 'long'),
        box(languages, 2, 'transport.sealCount', permission.seals.length || sealCount(equipment)),
        box(
          languages,
          4,
          'transport.seals',
          permission.seals.length > 0 ? value(permission.seals.join(', ')) : sealsOf(equipment),
          'long',
        ),
        box(languages, 4, 'document.previous', documentsOf(consignment, 'PreviousDocument'), 'long'),
        box(languages, 4, 'document.supporting', documentsOf(consignment, 'SupportingDocument'), 'long'),
        box(languages, 4, 'document.transport', documentsOf(consignment, 'TransportDocument'), 'long'),
      ]}
    </dl>`,
    markup`<h3>${label(languages, 'unloading.remarks')}</h3>
      <dl>
        ${[
          box(languages, 3, 'unloading.completed', blank),
          box(languages, 3, 'unloading.conform', blank),
          box(languages, 3, 'unloading.sealsOk', blank),
          box(languages, 3, 'control.signature', blank),
          box(
            languages,
            12,
            'control.remarks',
            markup`<div class="empty"></div>
              <div class="empty"></div>`,
          ),
        ]}
      </dl>`,
  ])
  return page(head, [first, listOfItems(reading, { ...head, title: 'title.items' }, consignment)])
}
