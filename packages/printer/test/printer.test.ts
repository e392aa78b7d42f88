import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { accompanyingDocument, fallbackForms, fallbackRegister, guaranteeReceipt } from '@corridor/paper'
import { chromium } from 'playwright-core'
import { accompanying, grn, item, items, mrn, reading, record } from '../../paper/test/samples.ts'
import { createPrinter, PrinterFault, systemBrowser } from '../src/index.ts'
import { openPdf, readPage } from './read-pdf.ts'

// The system's, else Playwright's own, which `npm test` has fetched.
const printer = createPrinter({ browser: () => systemBrowser() ?? chromium.executablePath() })
const print = async (html: string) => openPdf(await printer.pdf(html))
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('corridor-paper-'))

/** Without what PDF readers make of spaces, joined letters and directions. */
const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '')
const holds = (text: string, words: string): boolean => {
  const turned = [...plain(words)].toReversed().join('')
  return plain(text).includes(plain(words)) || plain(text).includes(turned)
}

describe('an accompanying document as PDF', () => {
  test('is A4, in both languages, and the barcode on each page reads back as the MRN', async () => {
    const pdf = await print(accompanyingDocument(reading('en', 'sq'), accompanying(record(items(3)))))
    assert.equal(pdf.numPages, 2)
    for (const number of [1, 2]) {
      const { codes, width, height, text } = await readPage(pdf, number)
      assert.deepEqual(codes, [mrn], `page ${number}`)
      assert.deepEqual([Math.round(width), Math.round(height)], [595, 842])
      assert.ok(holds(text, `${number} / 2`), 'its own number')
      for (const words of number === 1
        ? ['Consignor', 'Dërguesi', 'Adria Spedicion', '2026-12-02']
        : ['List of items', 'Lista e artikujve', 'KK 3'])
        assert.ok(holds(text, words), words)
    }
  })

  test('from right to left and from left to right on one page', async () => {
    for (const [first, second, ...expected] of [
      ['ar', 'fr', 'المرسل إليه', 'Destinataire'],
      ['fa-AF', 'ru', 'گیرنده', 'Получатель'],
      ['ru', 'ar', 'Получатель', 'المرسل إليه'],
    ] as [string, string, ...string[]][]) {
      const pdf = await print(accompanyingDocument(reading(first, second), accompanying(record(items(1)))))
      const { codes, text } = await readPage(pdf, 1)
      assert.deepEqual(codes, [mrn], first)
      for (const words of [...expected, mrn, grn]) assert.ok(holds(text, words), `${words} in ${first}`)
    }
  })

  test('of 999 items has each of them, and the MRN on the last page as on the first', async () => {
    const pdf = await print(accompanyingDocument(reading('en', 'sq'), accompanying(record(items(999)))))
    const last = await readPage(pdf, pdf.numPages)
    assert.deepEqual(last.codes, [mrn])
    let seen = ''
    for (let number = 1; number <= pdf.numPages; number++) {
      const content = await (await pdf.getPage(number)).getTextContent()
      seen += ` ${content.items.map((part) => ('str' in part ? part.str : '')).join('')}`
    }
    for (const number of [1, 500, 999]) assert.ok(plain(seen).includes(`INV-${number}`), String(number))
    assert.equal(new Set(seen.match(/INV-\d+/g)).size, 999)
  })

  test('cuts nothing of the longest values that a document can have', async () => {
    const long = (sign: string, length: number) => `${sign.repeat(length - 3)}END`
    const goods = {
      Commodity: {
        descriptionOfGoods: long('W', 512),
        GoodsMeasure: { grossMass: '1234567890.123456', netMass: '1234567890.123456' },
      },
    }
    const of = record(
      [
        item(1, {
          ...goods,
          Packaging: [{ typeOfPackages: 'CT', numberOfPackages: '99999999', shippingMarks: long('M', 512) }],
        }),
      ],
      {
        Consignor: {
          name: long('N', 70),
          Address: { streetAndNumber: long('S', 70), city: long('C', 35), country: 'AL' },
        },
        TransportEquipment: Array.from({ length: 60 }, (_, index) => ({
          containerIdentificationNumber: `CONT${index}`,
          numberOfSeals: '3',
          Seal: [1, 2, 3].map((seal) => ({ identifier: `SEAL-${index}-${seal}-EEEEEEEE` })),
        })),
      },
    )
    const pdf = await print(accompanyingDocument(reading('fr', 'ru'), accompanying(of)))
    let seen = ''
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await readPage(pdf, number)
      assert.deepEqual(page.codes, [mrn], `page ${number}`)
      seen += page.text
    }
    for (const words of [
      `W${'W'.repeat(100)}`,
      'WWEND',
      'MMEND',
      'NNEND',
      'SSEND',
      'CCEND',
      'SEAL-59-3-EEEEEEEE',
      '1234567890.123456',
    ])
      assert.ok(holds(seen, words), words)
  })
})

test('forms with reserved MRNs are a page each, whose barcode reads back; the register names them all', async () => {
  const mrns = [mrn, '26ALFABCDEFGHIJKJ9']
  const forms = { number: 'AL000101/2026/3', office: 'AL000101', mrns }
  const pdf = await print(fallbackForms(reading('sq', 'en'), forms))
  assert.equal(pdf.numPages, 2)
  for (const [at, expected] of mrns.entries()) assert.deepEqual((await readPage(pdf, at + 1)).codes, [expected])
  const register = await print(fallbackRegister(reading('ar', 'fr'), forms))
  const { codes, text } = await readPage(register, 1)
  assert.deepEqual(codes, [])
  for (const each of mrns) assert.ok(holds(text, each), each)
})

test('the receipt of a guarantee has the GRN as a barcode', async () => {
  const pdf = await print(
    guaranteeReceipt(reading('sq', 'en'), {
      grn,
      type: '1',
      typeName: 'Comprehensive guarantee',
      state: 'valid',
      holder: { id: 'ALL12345678A', name: 'Adria' },
      guarantor: undefined,
      office: 'AL000901',
      percentage: undefined,
      currency: 'EUR',
      referenceAmount: '250000.00',
      available: '250000.00',
      locked: '0.00',
      liable: '0.00',
      validFrom: '2026-01-01',
      validTo: undefined,
      invalidFrom: undefined,
      notValidIn: [],
      open: [],
      isCut: false,
      printedOn: '2026-11-25',
    }),
  )
  assert.equal(pdf.numPages, 1)
  assert.deepEqual((await readPage(pdf, 1)).codes, [grn])
})

test('no script of a page runs', async () => {
  const pdf = await print(`<p id=p>before</p><script>document.getElementById('p').textContent = 'after'</script>`)
  const { text } = await readPage(pdf, 1)
  assert.ok(text.includes('before') && !text.includes('after'), text)
})

describe('what stands in the way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'printer-test-'))
  after(() => rmSync(folder, { recursive: true }))
  const program = (lines: string): string => {
    const path = join(folder, `program-${lines.length}`)
    writeFileSync(path, `#!/bin/sh\n${lines}\n`)
    chmodSync(path, 0o755)
    return path
  }
  const failing = async (printing: Promise<unknown>, code: string): Promise<PrinterFault> => {
    const fault = await printing.then(
      () => assert.fail('it printed'),
      (error: unknown) => error,
    )
    assert.ok(fault instanceof PrinterFault && fault.code === code, String(fault))
    return fault
  }

  test('no browser, one that fails, one that makes nothing, one that hangs: each is said, and nothing is left behind', async () => {
    const before = left()
    await failing(createPrinter({ browser: () => undefined }).pdf('x'), 'NO_BROWSER')
    await failing(createPrinter({ browser: () => join(folder, 'nothing') }).pdf('x'), 'NO_BROWSER')
    const failed = await failing(
      createPrinter({ browser: () => program('echo no sandbox >&2; exit 1') }).pdf('x'),
      'BROWSER_FAILED',
    )
    assert.match(failed.said, /no sandbox/)
    await failing(createPrinter({ browser: () => program('exit 0') }).pdf('x'), 'BROWSER_FAILED')
    await failing(
      createPrinter({ browser: () => program('sleep 600 & sleep 600'), patienceMs: 200 }).pdf('x'),
      'BROWSER_FAILED',
    )
    assert.deepEqual(left(), before)
  })

  test('a browser is told nothing of the environment of the node', async () => {
    process.env['DATABASE_URL'] = 'postgres://corridor:password@db/corridor'
    const { said } = await failing(
      createPrinter({ browser: () => program('env >&2; exit 1') }).pdf('x'),
      'BROWSER_FAILED',
    ).finally(() => delete process.env['DATABASE_URL'])
    assert.match(said, /HOME=.*corridor-paper-/)
    // What a shell adds is of itself.
    const names = [...said.matchAll(/(?:^|\s)([A-Za-z_]+)=/g)].map(([, name]) => name)
    const allowed = new Set('HOME TMPDIR LANG PATH FONTCONFIG_FILE FONTCONFIG_PATH PWD SHLVL OLDPWD _'.split(' '))
    assert.deepEqual(
      names.filter((name) => !allowed.has(name!)),
      [],
    )
  })

  test('who comes when too many wait is sent away, and the others are served one after the other', async () => {
    const one = createPrinter({ browser: () => systemBrowser() ?? chromium.executablePath(), waiting: 1 })
    const asked = [1, 2, 3].map((number) => one.pdf(`<p>${number}</p>`))
    await failing(asked[2]!, 'BUSY')
    for (const [index, printing] of asked.slice(0, 2).entries())
      assert.ok((await readPage(await openPdf(await printing), 1)).text.includes(String(index + 1)))
    assert.ok((await one.pdf('<p>4</p>')).length > 0, 'and the next one is taken again')
  })
})
