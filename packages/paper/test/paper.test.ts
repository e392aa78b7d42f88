import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import { code128 } from '../src/code128.ts'
import { escaped } from '../src/html.ts'
import {
  accompanyingDocument,
  fallbackForms,
  fallbackRegister,
  guaranteeReceipt,
  type GuaranteeReceipt,
  languagesOf,
  unloadingPermission,
} from '../src/index.ts'
import { catalogues, wordIn } from '../src/words.ts'
import { accompanying, grn, item, items, mrn, reading, record } from './samples.ts'

const receipt: GuaranteeReceipt = {
  grn,
  type: '1',
  typeName: 'Comprehensive guarantee',
  state: 'valid',
  holder: { id: 'ALL12345678A', name: 'Adria Spedicion' },
  guarantor: { id: 'ALK98765432B', name: 'Bank' },
  office: 'AL000901',
  percentage: 50,
  currency: 'EUR',
  referenceAmount: '250000.00',
  available: '245000.00',
  locked: '5000.00',
  liable: '0.00',
  validFrom: '2026-01-01',
  validTo: undefined,
  invalidFrom: undefined,
  notValidIn: ['RS'],
  open: [{ mrn, state: 'locked', amount: '5000.00', since: '2026-11-24', office: 'AL000101' }],
  isCut: false,
  printedOn: '2026-11-25',
}

/** What is between the tags. */
const words = (page: string): string =>
  page
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

/** Names of the elements of a page. A page that is not well-formed is no page. */
function elementsOf(page: string): Set<string> {
  const found = new Set<string>()
  const walk = (nodes: Record<string, unknown>[]): void => {
    for (const node of nodes)
      for (const [name, inner] of Object.entries(node))
        if (Array.isArray(inner)) {
          found.add(name)
          walk(inner as Record<string, unknown>[])
        }
  }
  const strict = page.replace('<!doctype html>', '')
  walk(new XMLParser({ preserveOrder: true, ignoreAttributes: false }).parse(strict, true) as Record<string, unknown>[])
  return found
}

describe('catalogues', () => {
  test('each language has each word, and none is left in English by mistake', () => {
    const keys = Object.keys(catalogues['en'] ?? {}).toSorted()
    for (const [language, words] of Object.entries(catalogues)) {
      assert.deepEqual(Object.keys(words).toSorted(), keys, language)
      assert.ok(
        Object.values(words).every((word) => word.trim() === word && word !== ''),
        language,
      )
    }
    for (const language of ['ru', 'ar', 'fa-AF']) {
      const latin = Object.entries(catalogues[language] ?? {}).filter(([, word]) => /^[\x20-\x7e]+$/.test(word))
      assert.deepEqual(latin.map(([, word]) => word).toSorted(), ['GRN', 'GRN', 'LRN', 'MRN'], language)
    }
  })

  test('the two languages of a page differ, and English is the last resort', () => {
    assert.deepEqual(languagesOf(['sq', 'sq', 'fr']), { first: 'sq', second: 'fr' })
    assert.deepEqual(languagesOf(['sq', undefined, 'xx']), { first: 'sq', second: 'en' })
    assert.deepEqual(languagesOf(['en', 'en']), { first: 'en', second: undefined })
    assert.deepEqual(languagesOf(['toString']), { first: 'en', second: undefined })
  })
})

describe('the accompanying document', () => {
  test('has every label in both languages, and the values of the declaration', () => {
    const page = accompanyingDocument(reading('ar', 'fr'), accompanying(record(items(1))))
    const seen = words(page)
    for (const word of [
      'title.accompanying',
      'title.items',
      'party.holder',
      'control.limit',
      'incident.title',
      'office.return',
    ] as const) {
      assert.ok(seen.includes(wordIn('ar', word)), word)
      assert.ok(seen.includes(escaped(wordIn('fr', word))), word)
    }
    for (const value of [
      mrn,
      'LRN-1',
      'Adria Spedicion',
      'Durrës Port',
      'Prizren',
      'AA366XF',
      'AL-204871',
      grn,
      '5000.00 EUR',
      '2026-12-02',
      'A2',
      '080810',
      'INV-1',
    ])
      assert.ok(seen.includes(value), value)
    assert.match(page, /<html lang="ar" dir="rtl">/)
    assert.match(page, /<span class="second" lang="fr" dir="ltr">/)
    assert.ok(page.includes(`<bdi>${mrn}</bdi>`), 'the MRN keeps its order')
  })

  test('never has an access code, whatever the record holds', () => {
    const page = accompanyingDocument(reading('en', 'sq'), accompanying(record(items(2))))
    assert.ok(!page.includes('Zq7x'))
  })

  test('says that it is for security as well when the declaration is', () => {
    const of = record(items(1))
    const page = accompanyingDocument(reading('en'), accompanying({ ...of, TransitOperation: { security: '2' } }))
    assert.ok(words(page).includes(wordIn('en', 'title.accompanyingSecurity')))
  })

  test('counts packages and items over all house consignments, and lists each', () => {
    const of = record([], {
      HouseConsignment: [
        { sequenceNumber: '1', grossMass: '1', ConsignmentItem: [item(1), item(2)] },
        { sequenceNumber: '2', grossMass: '1', Consignee: { name: 'Second Buyer' }, ConsignmentItem: [item(3)] },
      ],
    })
    const page = accompanyingDocument(reading('en'), accompanying(of))
    assert.match(page, /Items<\/span><\/dt>\s*<dd>3<\/dd>/)
    assert.match(page, /Packages<\/span><\/dt>\s*<dd>54<\/dd>/)
    assert.ok(words(page).includes('Second Buyer'))
    for (const marks of ['KK 1', 'KK 2', 'KK 3']) assert.ok(words(page).includes(marks))
  })

  test('prints what was registered on the way, and leaves rows to write in', () => {
    const incident = {
      office: 'XK000201',
      at: '2026-11-25T10:00:00',
      incident: {
        code: '3',
        text: 'Tyre burst, load moved',
        Location: { country: 'XK', Address: { city: 'Prizren' } },
        Transhipment: { TransportMeans: { identificationNumber: '01-234-KS', nationality: 'XK' } },
      },
    }
    const page = accompanyingDocument(reading('en'), { ...accompanying(record(items(1))), incidents: [incident] })
    for (const value of ['Tyre burst, load moved', '01-234-KS', 'Vërmicë'])
      assert.ok(words(page).includes(value), value)
    assert.equal(page.match(/<tr class="blank">/g)?.length, 3)
  })
})

describe('forms of a fallback mode', () => {
  const forms = { number: 'AL000101/2026/3', office: 'AL000101', mrns: [mrn, '26ALFABCDEFGHIJKJ9'] }

  test('are one for each MRN, stamped, with room to write; the office is printed', () => {
    const page = fallbackForms(reading('en', 'sq'), forms)
    assert.equal(page.match(/<table class="sheet">/g)?.length, 2)
    for (const word of ['continuity.title', 'continuity.text', 'continuity.since', 'party.holder'] as const)
      assert.ok(words(page).includes(wordIn('en', word)) && words(page).includes(wordIn('sq', word)), word)
    for (const value of [...forms.mrns, forms.number, 'Durrës Port']) assert.ok(words(page).includes(value), value)
  })

  test('have a register with a row for each', () => {
    const page = fallbackRegister(reading('fa-AF', 'en'), forms)
    assert.equal(page.match(/<tr class="blank">/g)?.length, 2)
    for (const value of [...forms.mrns, forms.number, wordIn('fa-AF', 'title.register')])
      assert.ok(words(page).includes(value), value)
    assert.ok(!page.includes('<svg'), 'its number is for people alone')
  })
})

describe('hostile values', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</bdi></td></tr></table><h1>Released</h1>',
    '<style>*{display:none}</style>',
    '&lt;b&gt;',
    '=cmd|calc!A1',
    '${process.exit()}',
    'url(https://example.org/x)',
  ]

  test('are text, wherever they stand', () => {
    const plain = elementsOf(accompanyingDocument(reading('en', 'ar'), accompanying(record(items(1)))))
    for (const text of hostile) {
      const goods = {
        Commodity: {
          descriptionOfGoods: text,
          CommodityCode: { harmonizedSystemSubHeadingCode: text },
          GoodsMeasure: { grossMass: text },
        },
      }
      const of = record(
        [item(1, { ...goods, Packaging: [{ shippingMarks: text, typeOfPackages: text, numberOfPackages: '1' }] })],
        {
          Consignor: { name: text, Address: { streetAndNumber: text, city: text, country: text } },
          DepartureTransportMeans: [{ identificationNumber: text, nationality: text }],
          TransportEquipment: [{ containerIdentificationNumber: text, Seal: [{ identifier: text }] }],
          SupportingDocument: [{ type: text, referenceNumber: text }],
          LocationOfGoods: { qualifierOfIdentification: text, UNLocode: text },
        },
      )
      const page = accompanyingDocument(reading('en', 'ar'), accompanying(of))
      assert.deepEqual(
        [...elementsOf(page)].filter((name) => !plain.has(name)),
        [],
        text,
      )
      assert.ok(page.includes(escaped(text)), 'it is still there, as text')
      assert.ok(!/<[^>]*\son\w+=/i.test(page.replace(/<bdi>[^]*?<\/bdi>/g, '')), text)
    }
  })

  test('that would change the order of reading are shown for what they are; joiners of a language stay', () => {
    assert.equal(escaped('AL\u202e1XK\u202c'), 'AL[U+202E]1XK[U+202C]')
    assert.equal(escaped('a\u2066b\u0000\u0007'), 'a[U+2066]b[U+0000][U+0007]')
    assert.equal(escaped('می\u200cخواهم'), 'می\u200cخواهم')
    assert.equal(escaped('two\nlines'), 'two\nlines')
  })

  test('are no barcode', () => {
    for (const text of ['', 'abc', '26AL<script>', '^FNC1', 'A'.repeat(36)])
      assert.throws(() => code128(text), RangeError)
  })

  test('a page names nothing that could be fetched', () => {
    const page = accompanyingDocument(reading('en', 'fa-AF'), accompanying(record(items(3))))
    const elements = elementsOf(page)
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'embed', 'form', 'a', 'base'])
      assert.ok(!elements.has(name), name)
    assert.ok(!/url\(|@import|@font-face/.test(page))
    assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;/)
  })
})

test('the note of an unloading permission has the goods to compare with, and room for the remarks', () => {
  const page = unloadingPermission(reading('en', 'sq'), {
    mrn,
    record: record(items(2)),
    office: 'XK000301',
    trader: { id: 'XK810123456', name: 'Sharr Cargo' },
    arrivedAt: '2026-11-26',
    continued: 2,
    seals: ['NEW-1'],
    means: { identificationNumber: '01-234-KS', nationality: 'XK' },
  })
  const seen = words(page)
  for (const value of [
    mrn,
    'Sharr Cargo',
    'NEW-1',
    '01-234-KS',
    '2026-11-26',
    'KK 2',
    wordIn('sq', 'unloading.remarks'),
    wordIn('en', 'unloading.continue'),
  ])
    assert.ok(seen.includes(value), value)
  assert.ok(!seen.includes('AL-204871'), 'the seals are those of now')
})

test('the receipt of a guarantee has its balances and what is open', () => {
  const seen = words(guaranteeReceipt(reading('ru', 'en'), receipt))
  for (const value of [
    grn,
    'Adria Spedicion',
    'Bank',
    '250000.00 EUR',
    '245000.00 EUR',
    mrn,
    '2026-11-24',
    'RS',
    wordIn('ru', 'state.locked'),
    wordIn('en', 'guarantee.reference'),
  ])
    assert.ok(seen.includes(value), value)
  const none = guaranteeReceipt(reading('ru'), { ...receipt, open: [] })
  assert.ok(!none.includes(wordIn('ru', 'guarantee.open')))
  assert.ok(
    words(guaranteeReceipt(reading('en'), { ...receipt, isCut: true })).includes(wordIn('en', 'guarantee.more')),
  )
})
