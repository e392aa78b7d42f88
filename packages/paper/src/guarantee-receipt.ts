import { officeOf, partyOf, type Reading } from './consignment.ts'
import { type Content, markup, value } from './html.ts'
import { box, country, grid, type Head, joined, page, row, sheet } from './page.ts'
import { label, type Word } from './words.ts'

/** What a receipt of a guarantee says of it. Amounts are exact decimals as text, days yyyy-mm-dd. There is no access code in it. */
export interface GuaranteeReceipt {
  grn: string
  type: string
  /** What the type means, in the words of its code list. */
  typeName: string
  state: 'valid' | 'not-valid' | 'cancelled' | 'revoked'
  holder: { id: string; name: string }
  guarantor: { id: string; name: string } | undefined
  office: string
  percentage: number | undefined
  currency: string
  referenceAmount: string
  available: string
  locked: string
  liable: string
  validFrom: string
  validTo: string | undefined
  invalidFrom: string | undefined
  notValidIn: string[]
  /** Amounts that are locked for movements, or claimed; the office is that of departure. */
  open: { mrn: string; state: 'locked' | 'liable'; amount: string; since: string; office: string }[]
  /** There are more of them than those. */
  isCut: boolean
  printedOn: string
}

/** The receipt for a guarantee: what is kept, for whom, how far, and what is open. */
export function guaranteeReceipt(reading: Reading, receipt: GuaranteeReceipt): string {
  const { languages } = reading
  const { grn, currency } = receipt
  const head: Head = { title: 'title.guarantee', called: 'page.grn', number: grn, languages }
  const money = (amount: string) => markup`<span class="amount">${value(`${amount} ${currency}`)}</span>`
  const person = (who: { id: string; name: string } | undefined) =>
    partyOf(reading, who && { name: who.name, identificationNumber: who.id })
  const countries = receipt.notValidIn.map((code) => country(languages, code))
  return page(head, [
    sheet(head, [
      markup`<dl>
        ${[
          box(languages, 6, 'party.guaranteeHolder', person(receipt.holder)),
          box(languages, 6, 'party.guarantor', person(receipt.guarantor)),
          box(languages, 8, 'guarantee.type', joined([value(receipt.type), value(receipt.typeName)])),
          box(languages, 4, 'guarantee.state', label(languages, `state.${receipt.state}`)),
          box(languages, 6, 'office.guarantee', officeOf(reading, receipt.office)),
          box(languages, 6, 'guarantee.notValidIn', joined(countries, ', ')),
          box(languages, 4, 'guarantee.validFrom', value(receipt.validFrom)),
          box(languages, 4, 'guarantee.validTo', value(receipt.validTo)),
          box(languages, 4, 'guarantee.invalidFrom', value(receipt.invalidFrom)),
          box(
            languages,
            4,
            'guarantee.reference',
            markup`<span class="strong">${money(receipt.referenceAmount)}</span>`,
          ),
          box(languages, 4, 'guarantee.percentage', receipt.percentage),
          box(languages, 4, 'guarantee.available', money(receipt.available)),
          box(languages, 6, 'guarantee.locked', money(receipt.locked)),
          box(languages, 6, 'guarantee.liable', money(receipt.liable)),
        ]}
      </dl>`,
      openAmounts(reading, receipt, money),
      markup`<dl class="signed">
        ${[
          box(languages, 3, 'printed.on', value(receipt.printedOn)),
          box(languages, 6, 'printed.note', officeOf(reading, receipt.office)),
          box(languages, 3, 'control.signature', markup`<div class="empty"></div>`),
        ]}
      </dl>`,
    ]),
  ])
}

function openAmounts(reading: Reading, { open, isCut }: GuaranteeReceipt, money: (amount: string) => Content): Content {
  if (open.length === 0) return ''
  const { languages } = reading
  const columns: [Word, number][] = [
    ['page.mrn', 28],
    ['guarantee.state', 14],
    ['guarantee.amount', 20],
    ['guarantee.since', 14],
    ['office.departure', 24],
  ]
  const rows = open.map((each) =>
    row([
      value(each.mrn),
      label(languages, `state.${each.state}`),
      money(each.amount),
      value(each.since),
      officeOf(reading, each.office),
    ]),
  )
  return markup`<h3>${label(languages, 'guarantee.open')}</h3>
    ${grid(languages, columns, rows)}${isCut ? markup`<p class="foot">${label(languages, 'guarantee.more')}</p>` : ''}`
}
