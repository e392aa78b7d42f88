/** Documents on paper in a browser: printed from the pages of officers, saved as PDF, and read back. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { issueToken, printPaper } from '@corridor/node'
import type { Page } from 'playwright-core'
import { openPdf, readPage } from '../../../packages/printer/test/read-pdf.ts'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from './consoles.ts'
import type { TestCorridor } from './running.ts'

const pictures = process.env['CORRIDOR_PICTURES']
const grn = '26AL0009010000019'
let stage: Stage | undefined
let corridor: TestCorridor
let consoles: Consoles
let mrn: string

before(async () => {
  // Up to the permission to unload.
  stage = await setStage(6)
  ;({ corridor, consoles, mrn } = stage)
})
after(async () => {
  await stage?.end()
})

const isFit = (page: Page, name: string): Promise<void> => isFitFor(page, `papers-${name}`)

/** The same for a document itself. Its address lets no program run in it, not even axe: what it shows is looked at in an empty page. */
async function paperIsFit(paper: Page, name: string): Promise<void> {
  const copy = await (await consoles.context()).newPage()
  await copy.setViewportSize(name.endsWith('narrow') ? { width: 390, height: 844 } : { width: 1366, height: 900 })
  await copy.setContent(await paper.content())
  await isFit(copy, name)
  await copy.close()
}

/** Opens a document beside the page, looks at it, and saves it as PDF. @returns the text of the page, and the codes on the first page of the PDF */
async function printed(page: Page, words: string, name: string): Promise<{ text: string; codes: string[] }> {
  const opening = page.waitForEvent('popup')
  await page.getByRole('link', { name: words, exact: true }).click()
  const paper = await opening
  await paper
    .getByRole('img', { name: /Code 128/ })
    .first()
    .waitFor()
  const text = await paper.locator('body').innerText()
  if (pictures !== undefined) await paper.screenshot({ path: `${pictures}/papers-${name}-page.png`, fullPage: true })
  await paper.close()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: words }).click()
  const file = await saving
  const pdf = await openPdf(readFileSync(await file.path()))
  return { text, codes: (await readPage(pdf, 1)).codes }
}

test('the officer at departure prints the accompanying document; the barcode of the PDF is the MRN', async () => {
  const page = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
  await page.goto(new URL(`/movements/${mrn}`, page.url()).href)
  await page.getByRole('heading', { name: 'On paper' }).waitFor()
  await isFit(page, 'departure')
  const { text, codes } = await printed(page, 'Accompanying document', 'accompanying')
  assert.deepEqual(codes, [mrn])
  for (const words of [
    'Transit accompanying document',
    'Dokumenti shoqërues i tranzitit',
    mrn,
    'Adria Spedicion Shpk',
    grn,
  ])
    assert.ok(text.includes(words), words)
  for (const locale of ['fa-AF', 'ar']) {
    await consoles.language(page, 'Arta Hoxha', locale)
    await isFit(page, locale)
  }
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  await isFit(page, 'ar-dark-narrow')
  const opening = page.waitForEvent('popup')
  await page.getByRole('link', { name: 'الوثيقة المرافقة', exact: true }).click()
  const paper = await opening
  assert.equal(await paper.locator('html').getAttribute('dir'), 'rtl')
  await paperIsFit(paper, 'ar-page')
  await paperIsFit(paper, 'ar-page-narrow')
})

test('the officer at destination prints the note of the unloading permission', async () => {
  const page = await consoles.signIn(await consoles.context(), 'xk', 'prizren-destination')
  await page.goto(new URL(`/movements/${mrn}`, page.url()).href)
  const { text, codes } = await printed(page, 'Unloading permission', 'unloading')
  assert.deepEqual(codes, [mrn])
  for (const words of ['Unloading permission', 'Sharr Cargo', 'AL-204871', 'Wooden furniture'])
    assert.ok(text.includes(words), words)
  assert.equal(await page.getByRole('link', { name: 'Accompanying document' }).count(), 0)
})

test('the officer of guarantee prints the receipt, for the whole account and for one amount', async () => {
  const page = await consoles.signIn(await consoles.context(), 'al', 'tirana-guarantee')
  await page.goto(new URL(`/guarantees/${grn}`, page.url()).href)
  await page.getByRole('heading', { name: 'On paper' }).waitFor()
  await isFit(page, 'guarantee')
  const opening = page.waitForEvent('popup')
  await page.getByRole('link', { name: `Guarantee receipt ${mrn}` }).click()
  const paper = await opening
  await paper.getByText('Open amounts').waitFor()
  await paperIsFit(paper, 'receipt')
  await paper.close()
  const { text, codes } = await printed(page, 'Guarantee receipt', 'guarantee')
  assert.deepEqual(codes, [grn])
  for (const words of ['Guarantee receipt', 'Vërtetim i garancisë', '250000.00 EUR', mrn])
    assert.ok(text.includes(words), words)
})

test('the declarant’s program gets the same document, another trader’s gets nothing', async () => {
  const { node, settings } = corridor.nodes.find((each) => each.node.id === 'al')!
  assert.equal(node.id, 'al')
  const token = await issueToken(settings, 'adria-spedicion', 'papers')
  const address = `http://127.0.0.1:${settings.ports.api}/movements/${mrn}/paper/accompanying-document?languages=ru,ar`
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}`, accept: 'application/pdf' } })
  assert.equal(answer.status, 200)
  const pdf = await openPdf(new Uint8Array(await answer.arrayBuffer()))
  assert.deepEqual((await readPage(pdf, pdf.numPages)).codes, [mrn])
  const other = corridor.nodes.find((each) => each.node.id === 'xk')!.settings
  const stranger = await issueToken(other, 'sharr-cargo', 'papers')
  const refused = await fetch(`http://127.0.0.1:${other.ports.api}/movements/${mrn}/paper/accompanying-document`, {
    headers: { authorization: `Bearer ${stranger}`, accept: 'application/pdf' },
  })
  assert.equal(refused.status, 404)
  assert.deepEqual(consoles.strayed, [])
  assert.deepEqual(consoles.faults, [])
})

test('from the command line whoever may see it on the screen may print it', async () => {
  const [al, xk] = ['al', 'xk'].map((id) => corridor.nodes.find((each) => each.node.id === id)!.settings)
  const kind = 'accompanying-document'
  const printed = await printPaper(al!, { account: 'durres-departure', number: mrn, kind, languages: ['fr'] })
  assert.ok(printed.kind === 'paper' && printed.html.includes('Adria Spedicion Shpk'), printed.kind)
  assert.match(printed.html, /<html lang="fr"/)
  const note = await printPaper(xk!, { account: 'prizren-destination', number: mrn, kind: 'unloading-permission' })
  assert.ok(note.kind === 'paper' && note.html.includes('Sharr Cargo'), note.kind)
  const receipt = await printPaper(al!, { account: 'tirana-guarantee', number: grn, kind: 'receipt' })
  assert.ok(receipt.kind === 'paper' && receipt.html.includes(mrn), receipt.kind)
  assert.equal((await printPaper(al!, { account: 'tirana-guarantee', number: mrn, kind })).kind, 'not-found')
  assert.equal((await printPaper(al!, { account: 'nobody', number: mrn, kind })).kind, 'nobody')
})
