/** A whole export declaration as a utility block; made up, no trader and no consignment of it exists. */
import type { Doc } from '@corridor/customs'

export function exampleExport(): Doc {
  return {
    WCODataModelVersionCode: '3.6',
    WCOTypeName: 'DEC',
    ResponsibleCountryCode: 'SZ',
    AgencyAssignedCustomizationVersionCode: '1.1',
    Declaration: {
      AcceptanceDateTime: '2026-11-02T08:15:00',
      FunctionCode: '9',
      FunctionalReferenceID: 'MBB-2026-0117',
      ID: '2026 SZNGW E 4711',
      TypeCode: 'EX',
      GoodsItemQuantity: '2',
      DeclarationOfficeID: 'SZNGW',
      InvoiceAmount: { '#text': '48200.50', '@currencyID': 'ZAR' },
      TotalGrossMassMeasure: '21500.5',
      TotalPackageQuantity: '840',
      BorderTransportMeans: { ID: 'JSD 117 AM', RegistrationNationalityCode: 'SZ', ModeCode: '3' },
      Declarant: { Name: 'Mbabane Clearing Agents', ID: '100200300' },
      ExitOffice: { ID: 'SZNGW' },
      Exporter: {
        Name: 'Malkerns Fruit Canners',
        ID: '200300400',
        Address: { CityName: 'Malkerns', CountryCode: 'SZ', Line: '3 Pineapple Road' },
      },
      GoodsShipment: {
        ExitDateTime: '2026-11-02T11:40:00',
        Consignee: {
          Name: 'Nelspruit Grocers',
          ID: '21309999',
          Address: { CityName: 'Mbombela', CountryCode: 'ZA', Line: '41 Brown Street', PostcodeID: '1200' },
        },
        Consignment: {
          ContainerCode: '1',
          DepartureTransportMeans: { ID: 'JSD 117 AM', ModeCode: '3' },
          LoadingLocation: { Name: 'Matsapha' },
          TransportEquipment: [
            { SequenceNumeric: '1', ID: 'CSQU3054383', Seal: [{ SequenceNumeric: '1', ID: 'SRA 551' }] },
          ],
        },
        Destination: { CountryCode: 'ZA' },
        ExportCountry: { ID: 'SZ' },
        GovernmentAgencyGoodsItem: [
          item('1', '20082000', 'Pineapples in tins', '18000', '17100.25', '40000.50', '700'),
          item('2', '20091200', 'Orange juice', '3500.5', '3300', '8200', '140'),
        ],
        Invoice: { ID: 'MFC 88123', IssueDateTime: '2026-10-30T00:00:00' },
        TradeTerms: { ConditionCode: 'FCA', LocationName: 'Malkerns' },
        UCR: { ID: '6SZ200300400-MFC88123', TraderAssignedReferenceID: 'MFC 88123' },
      },
    },
  }
}

function item(
  number: string,
  code: string,
  words: string,
  gross: string,
  net: string,
  price: string,
  packages: string,
): Doc {
  return {
    SequenceNumeric: number,
    StatisticalValueAmount: { '#text': price, '@currencyID': 'ZAR' },
    Commodity: {
      Description: words,
      Classification: [{ ID: code, IdentificationTypeCode: 'HS' }],
      GoodsMeasure: {
        GrossMassMeasure: gross,
        NetNetWeightMeasure: net,
        TariffQuantity: { '#text': net, '@unitCode': 'KGM' },
      },
      InvoiceLine: { ItemChargeAmount: { '#text': price, '@currencyID': 'ZAR' } },
    },
    GovernmentProcedure: [{ CurrentCode: '10', PreviousCode: '00' }],
    Origin: [{ CountryCode: 'SZ' }],
    Packaging: [{ SequenceNumeric: '1', MarksNumbersID: 'MFC', QuantityQuantity: packages, TypeCode: 'CT' }],
  }
}
