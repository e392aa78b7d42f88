import { type Doc, groups, text, texts } from '@corridor/customs'
import { documentsOf, meansOf, partyOf, type Reading } from './consignment.ts'
import { type Content, markup, type Html, value } from './html.ts'
import { country, grid, type Head, headOf, joined, lines, row } from './page.ts'
import { label, type Languages, type Word } from './words.ts'

const columns: [Word, number][] = [
  ['item.number', 8],
  ['item.goods', 29],
  ['item.packages', 18],
  ['item.mass', 12],
  ['item.places', 12],
  ['item.documents', 21],
]

const documentKinds: [Word, string][] = [
  ['kind.previous', 'PreviousDocument'],
  ['kind.supporting', 'SupportingDocument'],
  ['kind.transport', 'TransportDocument'],
  ['kind.additional', 'AdditionalReference'],
  ['kind.information', 'AdditionalInformation'],
]

/** The list of items: a part for each house consignment, a row for each item, and the head of the page on each page. */
export function listOfItems(reading: Reading, head: Head, consignment: Doc | undefined): Html {
  const rows = groups(consignment, 'HouseConsignment').flatMap((house) => [
    houseRow(reading, house),
    ...groups(house, 'ConsignmentItem').map((item) => itemRow(reading, item)),
  ])
  const before = markup`<tr>
    <td class="page" colspan="${columns.length}">${headOf(head)}</td>
  </tr>`
  return markup`<div class="sheet">${grid(reading.languages, columns, rows, before)}</div>`
}

function houseRow(reading: Reading, house: Doc): Html {
  const { languages } = reading
  const party = (word: Word, name: string) => named(languages, word, joinedParty(reading, groups(house, name)[0]))
  const content = lines([
    markup`<span class="strong">${label(languages, 'item.house')} ${text(house, 'sequenceNumber')}</span>`,
    named(languages, 'total.gross', value(text(house, 'grossMass'))),
    named(languages, 'declaration.ucr', value(text(house, 'referenceNumberUCR'))),
    named(languages, 'place.dispatch', country(languages, text(house, 'countryOfDispatch'))),
    party('party.consignor', 'Consignor'),
    party('party.consignee', 'Consignee'),
    named(languages, 'transport.departure', meansOf(reading, groups(house, 'DepartureTransportMeans'))),
    ...documentKinds.map(([word, kind]) => named(languages, word, documentsOf(house, kind))),
  ])
  return markup`<tr class="part">
    <td colspan="${columns.length}">${content}</td>
  </tr> `
}

/** A party on one line. */
function joinedParty({ languages }: Reading, group: Doc | undefined): Content {
  if (group === undefined) return undefined
  const at = (path: string) => value(text(group, path))
  return joined([
    at('name'),
    at('Address.streetAndNumber'),
    at('Address.postcode'),
    at('Address.city'),
    country(languages, text(group, 'Address.country')),
    at('identificationNumber'),
  ])
}

function itemRow(reading: Reading, item: Doc): Html {
  const { languages } = reading
  const number = text(item, 'declarationGoodsItemNumber') ?? text(item, 'goodsItemNumber')
  return row([
    lines([markup`<span class="strong">${value(number)}</span>`, value(text(item, 'declarationType'))]),
    goods(languages, item),
    packaging(item),
    mass(languages, item),
    lines([
      arrow(
        country(languages, text(item, 'countryOfDispatch')),
        country(languages, text(item, 'countryOfDestination')),
      ),
      partyOf(reading, groups(item, 'Consignee')[0]),
      value(text(item, 'referenceNumberUCR')),
    ]),
    markup`<div class="small">
      ${lines(documentKinds.map(([word, kind]) => named(languages, word, documentsOf(item, kind))))}
    </div>`,
  ])
}

/** What something is, and then it; nothing when it is not there. */
function named(languages: Languages, word: Word, content: Content): Content {
  return content === undefined ? undefined : [label(languages, word), ': ', content]
}

/** From where to where, as far as either is said. */
function arrow(from: Content, to: Content): Content {
  return joined([from, to], ' – ')
}

function goods(languages: Languages, item: Doc): Content {
  const commodity = groups(item, 'Commodity')[0]
  const code = groups(commodity, 'CommodityCode')[0]
  const number = `${text(code, 'harmonizedSystemSubHeadingCode') ?? ''}${text(code, 'combinedNomenclatureCode') ?? ''}`
  return lines([
    value(text(commodity, 'descriptionOfGoods')),
    markup`<span class="strong">${value(number)}</span>`,
    named(languages, 'item.cus', value(text(commodity, 'cusCode'))),
    named(
      languages,
      'item.dangerous',
      joined(
        texts(commodity, 'DangerousGoods.UNNumber').map((each) => value(each)),
        ', ',
      ),
    ),
  ])
}

function packaging(item: Doc): Content {
  return lines(
    groups(item, 'Packaging').map((each) =>
      joined([
        value(text(each, 'numberOfPackages')),
        value(text(each, 'typeOfPackages')),
        value(text(each, 'shippingMarks')),
      ]),
    ),
  )
}

function mass(languages: Languages, item: Doc): Content {
  const of = (name: string) =>
    markup`<span class="amount">${value(text(item, `Commodity.GoodsMeasure.${name}`)) ?? '–'}</span>`
  const units = text(item, 'Commodity.GoodsMeasure.supplementaryUnits')
  return lines([[of('grossMass'), ' / ', of('netMass')], named(languages, 'item.units', value(units))])
}
