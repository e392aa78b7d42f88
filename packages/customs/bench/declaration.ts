/** Declarations of any size for the bench: illustrative goods, the header and the parties of a usual CC015C. */
import type { Doc, MessageTable } from '../src/index.ts'

const perHouse = 999

/**
 * A CC015C with so many items (1 to 1,999) that the structure allows, about a kilobyte an item; `documents` more supporting documents an
 * item, 100 bytes each, make it longer.
 */
export function declarationOf(table: MessageTable, items: number, documents = 0): Uint8Array {
  const houses = Array.from({ length: Math.ceil(items / perHouse) }, (_, house) => ({
    sequenceNumber: `${house + 1}`,
    countryOfDispatch: 'AL',
    grossMass: '18250.5',
    ConsignmentItem: Array.from({ length: Math.min(perHouse, items - house * perHouse) }, (_, index) =>
      itemOf(index + 1, house * perHouse + index + 1, documents),
    ),
  }))
  return table.write({
    ...header,
    PhaseID: table.phases[0]!,
    Consignment: {
      countryOfDestination: 'XK',
      containerIndicator: '0',
      inlandModeOfTransport: '3',
      modeOfTransportAtTheBorder: '3',
      grossMass: '18250.5',
      Carrier: { identificationNumber: 'ALK12345678C' },
      Consignor: { name: 'Adriatik Shembull sh.p.k.', Address: address('Rruga e Durrësit 12', '1001', 'Tiranë', 'AL') },
      Consignee: {
        name: 'Dardania Shembull L.L.C.',
        Address: address('Rruga e Dëshmorëve 3', '20000', 'Prizren', 'XK'),
      },
      DepartureTransportMeans: [
        { sequenceNumber: '1', typeOfIdentification: '30', identificationNumber: 'AA123BB', nationality: 'AL' },
      ],
      PlaceOfLoading: { UNLocode: 'ALDRZ' },
      HouseConsignment: houses,
    },
  })
}

const address = (streetAndNumber: string, postcode: string, city: string, country: string): Doc => ({
  streetAndNumber,
  postcode,
  city,
  country,
})

const header: Doc = {
  messageSender: 'ALK12345678A',
  messageRecipient: 'NTA.AL',
  preparationDateAndTime: '2026-11-24T14:00:00',
  messageIdentification: 'BENCH-0001',
  messageType: 'CC015C',
  TransitOperation: {
    LRN: 'BENCH-2026-0000001',
    declarationType: 'T1',
    additionalDeclarationType: 'A',
    security: '0',
    reducedDatasetIndicator: '0',
    bindingItinerary: '0',
    limitDate: '2026-12-01',
  },
  CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
  CustomsOfficeOfDestinationDeclared: { referenceNumber: 'XK000301' },
  CustomsOfficeOfTransitDeclared: [{ sequenceNumber: '1', referenceNumber: 'XK000201' }],
  HolderOfTheTransitProcedure: { identificationNumber: 'ALK12345678A' },
  Representative: { identificationNumber: 'ALK12345678B', status: '2' },
  Guarantee: [
    {
      sequenceNumber: '1',
      guaranteeType: '1',
      GuaranteeReference: [
        {
          sequenceNumber: '1',
          GRN: '26AL0009010000013',
          accessCode: 'A1B2',
          amountToBeCovered: '12500.00',
          currency: 'EUR',
        },
      ],
    },
  ],
}

function itemOf(number: number, declared: number, documents: number): Doc {
  return {
    goodsItemNumber: `${number}`,
    declarationGoodsItemNumber: `${declared}`,
    Commodity: {
      descriptionOfGoods: `Ceramic tiles, glazed, 30 x 60 cm, pallet ${declared}`,
      CommodityCode: { harmonizedSystemSubHeadingCode: '690721', combinedNomenclatureCode: '00' },
      GoodsMeasure: { grossMass: '9.125', netMass: '8.75' },
    },
    Packaging: [
      { sequenceNumber: '1', typeOfPackages: 'PX', numberOfPackages: '2', shippingMarks: `TILES & GROUT ${declared}` },
    ],
    PreviousDocument: [
      { sequenceNumber: '1', type: 'N830', referenceNumber: '26AL000101000001J5', goodsItemNumber: `${declared}` },
    ],
    SupportingDocument: Array.from({ length: 1 + documents }, (_, index) => ({
      sequenceNumber: `${index + 1}`,
      type: 'N380',
      referenceNumber: `INV-2026-${declared}-${index}`,
    })),
  }
}
