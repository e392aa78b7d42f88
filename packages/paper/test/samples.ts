/** Records to print. */
import type { Doc } from '@corridor/customs'
import type { AccompanyingDocument, Reading } from '../src/index.ts'
import { languagesOf } from '../src/index.ts'

export const mrn = '26ALQ7T3M2K9P4X1J5'
export const grn = '26AL0009010000019'

const names: Record<string, string> = { AL000101: 'Durrës Port', XK000201: 'Vërmicë', XK000301: 'Prizren' }

/** A reading in some languages, the first of them the reader's. */
export const reading = (...languages: string[]): Reading => ({
  languages: languagesOf(languages),
  nameOf: (reference) => names[reference] ?? reference,
})

const address = (city: string, country: string): Doc => ({
  streetAndNumber: 'Rruga 1',
  postcode: '7001',
  city,
  country,
})

/** An item of a consignment; `change` replaces groups of it. */
export const item = (number: number, change: Doc = {}): Doc => ({
  goodsItemNumber: String(number),
  declarationGoodsItemNumber: String(number),
  Commodity: {
    descriptionOfGoods: 'Apples, fresh',
    CommodityCode: { harmonizedSystemSubHeadingCode: '080810' },
    GoodsMeasure: { grossMass: '9400', netMass: '9000' },
  },
  Packaging: [{ sequenceNumber: '1', typeOfPackages: 'CT', numberOfPackages: '18', shippingMarks: `KK ${number}` }],
  SupportingDocument: [{ sequenceNumber: '1', type: 'N380', referenceNumber: `INV-${number}` }],
  ...change,
})

/** A declaration as an office of departure keeps it. */
export const record = (items: Doc[], change: Doc = {}): Doc => ({
  TransitOperation: {
    LRN: 'LRN-1',
    declarationType: 'T1',
    additionalDeclarationType: 'A',
    security: '0',
    bindingItinerary: '0',
  },
  CustomsOfficeOfDeparture: { referenceNumber: 'AL000101' },
  CustomsOfficeOfTransitDeclared: [{ sequenceNumber: '1', referenceNumber: 'XK000201' }],
  CustomsOfficeOfDestinationDeclared: { referenceNumber: 'XK000301' },
  HolderOfTheTransitProcedure: {
    identificationNumber: 'ALL12345678A',
    name: 'Adria Spedicion',
    Address: address('Durrës', 'AL'),
  },
  Guarantee: [
    {
      sequenceNumber: '1',
      guaranteeType: '1',
      GuaranteeReference: [
        { sequenceNumber: '1', GRN: grn, accessCode: 'Zq7x', amountToBeCovered: '5000.00', currency: 'EUR' },
      ],
    },
  ],
  Consignment: {
    countryOfDispatch: 'AL',
    countryOfDestination: 'XK',
    containerIndicator: '0',
    grossMass: '13780',
    Consignor: { name: 'Kopshti i Korçës', Address: address('Korçë', 'AL') },
    Consignee: { name: 'Tregtia e Sharrit', Address: address('Prizren', 'XK') },
    TransportEquipment: [
      { sequenceNumber: '1', numberOfSeals: '1', Seal: [{ sequenceNumber: '1', identifier: 'AL-204871' }] },
    ],
    DepartureTransportMeans: [
      { sequenceNumber: '1', typeOfIdentification: '30', identificationNumber: 'AA366XF', nationality: 'AL' },
    ],
    HouseConsignment: [{ sequenceNumber: '1', grossMass: '13780', ConsignmentItem: items }],
    ...change,
  },
})

/** An accompanying document of a released movement. */
export const accompanying = (of: Doc): AccompanyingDocument => ({
  mrn,
  record: of,
  acceptedOn: '2026-11-24',
  releasedOn: '2026-11-24',
  limitDate: '2026-12-02',
  control: { code: 'A2', date: '2026-11-24' },
  incidents: [],
})

/** `count` items. */
export const items = (count: number): Doc[] => Array.from({ length: count }, (_, index) => item(index + 1))
