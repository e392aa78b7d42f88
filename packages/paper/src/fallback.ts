import { officeOf, type Reading } from './consignment.ts'
import { type Content, markup, type Html, value } from './html.ts'
import { box, grid, type Head, page, row, sheet, type Width } from './page.ts'
import { label, type Word } from './words.ts'

/** What the blank forms of a fallback mode are made of: printed before the outage, filled in by hand during it. */
export interface FallbackForms {
  /** Of the mode: `AL000101/2026/3`. */
  number: string
  /** Reference of the office that releases the goods. */
  office: string
  /** The reserved MRNs that are still unused, in the order of the register. */
  mrns: readonly string[]
}

/** Rows for goods on one form: more go on a list of items of one's own. */
const goodsRows = 5

/** One form for each reserved MRN, on a sheet of its own: a transit accompanying document to write into, stamped for the continuity procedure. */
export function fallbackForms(reading: Reading, { number, office, mrns }: FallbackForms): string {
  const head = (mrn: string): Head => ({
    title: 'title.accompanying',
    called: 'page.mrn',
    number: mrn,
    languages: reading.languages,
  })
  const [first = number] = mrns
  return page(
    head(first),
    mrns.map((mrn) => form(reading, head(mrn), { number, office })),
  )
}

function form(reading: Reading, head: Head, { number, office }: Omit<FallbackForms, 'mrns'>): Html {
  const { languages } = reading
  const blank = markup`<div class="empty"></div>`
  const cell = (width: Width, word: Word, content: Content = blank) => box(languages, width, word, content)
  const goods = Array.from({ length: goodsRows }, () => row(['', '', '', '', '', ''], 'blank'))
  return sheet(head, [
    markup`<div class="stamp">
      <div>${label(languages, 'continuity.title')} · ${value(number)}</div>
      <div>${label(languages, 'continuity.text')}</div>
      <div>${label(languages, 'continuity.since')}: <span class="dots"></span></div>
    </div>`,
    markup`<dl>
      ${[
        cell(3, 'declaration.type'),
        cell(6, 'declaration.lrn'),
        cell(3, 'declaration.released'),
        cell(6, 'party.holder'),
        cell(6, 'party.representative'),
        cell(6, 'party.consignor'),
        cell(6, 'party.consignee'),
        cell(4, 'office.departure', officeOf(reading, office)),
        cell(4, 'office.transit'),
        cell(4, 'office.destination'),
        cell(4, 'transport.departure'),
        cell(4, 'transport.seals'),
        cell(2, 'total.packages'),
        cell(2, 'total.gross'),
        cell(12, 'guarantee.title'),
      ]}
    </dl>`,
    grid(
      languages,
      [
        ['item.number', 8],
        ['item.goods', 28],
        ['item.packages', 18],
        ['item.mass', 12],
        ['item.places', 14],
        ['item.documents', 20],
      ],
      goods,
    ),
    markup`<dl>
      ${[cell(4, 'control.departure'), cell(4, 'control.limit'), cell(4, 'control.signature')]}
    </dl>`,
  ])
}

/** The register of a fallback mode: a row for each form, to be filled in when its goods are released, and copied into the system afterwards. */
export function fallbackRegister(reading: Reading, { number, office, mrns }: FallbackForms): string {
  const { languages } = reading
  const head: Head = { title: 'title.register', called: 'page.mode', number, languages, isUncoded: true }
  const rows = mrns.map((mrn) => row([markup`<span class="strong">${value(mrn)}</span>`, '', '', '', '', ''], 'blank'))
  return page(head, [
    sheet(head, [
      markup`<dl>
        ${[
          box(languages, 6, 'office.departure', officeOf(reading, office)),
          box(languages, 6, 'continuity.since', markup`<div class="empty"></div>`),
        ]}
      </dl>`,
      grid(
        languages,
        [
          ['page.mrn', 24],
          ['register.declarant', 20],
          ['declaration.lrn', 18],
          ['register.released', 14],
          ['register.goods', 12],
          ['control.signature', 12],
        ],
        rows,
      ),
    ]),
  ])
}
