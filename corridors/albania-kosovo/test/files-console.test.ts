/** Files of supporting documents in two browsers: attached at departure, asked for at destination, saved with the digest of what was attached. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { pdfPage } from '@corridor/files/testing'
import type { Page } from 'playwright-core'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from './consoles.ts'
import type { TestCorridor } from './running.ts'

const invoice = readFileSync(new URL('../documents/invoice.pdf', import.meta.url))
const digest = createHash('sha256').update(invoice).digest('hex')
let stage: Stage | undefined
let corridor: TestCorridor
let consoles: Consoles
let durres: Page
let prizren: Page
let mrn: string

before(async () => {
  stage = await setStage(3)
  ;({ corridor, consoles, mrn } = stage)
  const context = await consoles.context()
  durres = await consoles.signIn(context, 'al', 'durres-departure')
  prizren = await consoles.signIn(context, 'xk', 'prizren-destination')
  for (const page of [durres, prizren]) await page.goto(new URL(`/movements/${mrn}`, page.url()).href)
})
after(async () => {
  await stage?.end()
})

const isFit = (page: Page, name: string): Promise<void> => isFitFor(page, `files-${name}`, page.locator('#files'))

const filesOf = (page: Page) => page.locator('#files')
const choose = (page: Page, name: string, buffer: Buffer) =>
  page.locator('#files input[type=file]').setInputFiles({ name, mimeType: '', buffer })

test('what is wrong with a file is said, and nothing is attached; a right one is', async () => {
  const files = filesOf(durres)
  await files.getByText('No file is here.').waitFor()
  await files.getByRole('button', { name: 'Attach a file' }).click()
  const send = files.locator('form').getByRole('button', { name: 'Attach a file' })
  await choose(durres, 'invoice.pdf', pdfPage('x', { more: ['<< /S /JavaScript /JS (app.alert(1)) >>'] }))
  await send.click()
  await files.getByText('The PDF contains a program (JavaScript)').waitFor()
  await isFit(durres, 'refused')
  await choose(durres, 'invoice.pdf', Buffer.from('PK\x03\x04'))
  await send.click()
  await files.getByText('This kind of file is not taken.').waitFor()
  await choose(durres, 'invoice.pdf', invoice)
  await send.click()
  await files.getByRole('row', { name: 'invoice.pdf' }).waitFor()
  await durres.locator('#audit').getByText(digest, { exact: false }).waitFor()
  await isFit(durres, 'attached')
})

test('the officer abroad asks, sees the file come by itself, and saves what was attached', async () => {
  const files = filesOf(prizren)
  await files.getByText('No file is here.').waitFor()
  await files.getByRole('button', { name: /Ask .*Albania.* for files/ }).click()
  await files.getByLabel('Reason', { exact: false }).fill('The value looks low')
  await files
    .locator('form')
    .getByRole('button', { name: /Ask .*Albania.* for files/ })
    .click()
  const row = files.getByRole('row', { name: 'invoice.pdf' })
  await row.waitFor()
  await files.getByText('invoice.pdf (taken)').waitFor()
  const [download] = await Promise.all([
    prizren.waitForEvent('download'),
    row.getByRole('link', { name: 'invoice.pdf' }).click(),
  ])
  assert.equal(download.suggestedFilename(), 'invoice.pdf')
  assert.equal(
    createHash('sha256')
      .update(readFileSync(await download.path()))
      .digest('hex'),
    digest,
  )
  await isFit(prizren, 'received')
  // The other side sees that it was taken, also without a look.
  await filesOf(durres).getByText('invoice.pdf (taken)').waitFor()
})

test('a file that was changed in the database is not saved', async () => {
  const db = corridor.databases.get('xk')!
  await db.query('alter table movement_file disable trigger movement_file_is_final')
  await db.query('update movement_file set digest = $1', [Buffer.alloc(32)])
  await db.query('alter table movement_file enable trigger movement_file_is_final')
  await filesOf(prizren).getByRole('link', { name: 'invoice.pdf' }).click()
  await filesOf(prizren).getByText('has not the digest that the journal has').waitFor()
})

test('Arabic, Dari, Russian; dark; narrow: the section fits everybody', async () => {
  for (const locale of ['ru', 'fa-AF', 'ar']) {
    await consoles.language(prizren, 'Mimoza Berisha', locale)
    await isFit(prizren, locale)
  }
  await prizren.emulateMedia({ colorScheme: 'dark' })
  await prizren.setViewportSize({ width: 390, height: 844 })
  await filesOf(prizren).locator('.card-head .button').click()
  await isFit(prizren, 'ar-dark-narrow')
  assert.deepEqual(consoles.strayed, [])
  assert.deepEqual(consoles.faults, [])
})
