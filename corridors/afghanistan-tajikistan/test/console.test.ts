/** Declarations in a browser: the list of both sides, one element by element, the mirror report. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from '../../albania-kosovo/test/consoles.ts'

let stage: Stage | undefined
let consoles: Consoles
let officer: Page

before(async () => {
  stage = await setStage(14, 'afghanistan-tajikistan')
  ;({ consoles } = stage)
  officer = await consoles.signIn(await consoles.context(), 'tj', 'panji-imports', 'Перевозки')
  await consoles.language(officer, 'Daler Sharipov', 'en')
})
after(async () => {
  await stage?.end()
})

const isFit = (page: Page, name: string): Promise<void> => isFitFor(page, `declarations-${name}`)

test('the list has the declarations of both sides, and finds one by its reference', async () => {
  await officer.getByRole('link', { name: 'Declarations', exact: true }).click()
  await officer.getByRole('heading', { name: 'Declarations of two countries' }).waitFor()
  const table = officer.getByRole('table', { name: 'Declarations of two countries' })
  await table.getByRole('row', { name: /6AF9001122334-KFR31 Import of ours Registered Afghanistan/ }).waitFor()
  await table.getByRole('row', { name: /6TJ510067890-77 Import of theirs/ }).waitFor()
  await isFit(officer, 'list')
  await officer.getByRole('combobox', { name: /^Declaration/ }).selectOption({ label: 'Export of theirs' })
  await officer.getByRole('button', { name: 'Search', exact: true }).click()
  await table.getByRole('row', { name: /Import of ours/ }).waitFor({ state: 'detached' })
  assert.equal(await table.getByRole('row').count(), 2)
})

test('one declaration is shown element by element; what the importer changed is marked', async () => {
  await officer.getByRole('link', { name: '6AF9001122334-KFR31' }).first().click()
  await officer.getByRole('heading', { name: '6AF9001122334-KFR31' }).waitFor()
  const table = officer.getByRole('table', { name: 'Element by element' })
  const code = table.getByRole('row', { name: /Item\[1\]\/Commodity\/Classification\[1\]\/ID/ })
  await code.waitFor()
  assert.match(
    (await code.innerText()).replace(/\s+/g, ' '),
    /08062000 080620 0806209000 Changed Export and import differ/,
  )
  await isFit(officer, 'page')
  const all = await table.getByRole('row').count()
  await officer.getByLabel('Only what is not the same').check()
  assert.ok((await table.getByRole('row').count()) < all)
  await isFit(officer, 'page-differences')
})

test('the mirror report has bars by chapter, and what differs; it is saved as CSV', async () => {
  await officer.goto(
    new URL('/declarations/mirror?party=NTA.AF&direction=out&from=2026-01-01&to=2099-12-31', officer.url()).href,
  )
  await officer.getByRole('heading', { name: 'Mirror data' }).waitFor()
  const row = officer.getByRole('table', { name: 'Consignments' }).getByRole('row', { name: /6TJ510067890-77/ })
  await row.getByText('Net mass').first().waitFor()
  assert.match((await row.innerText()).replace(/\s+/g, ' '), /Differs 40,000 36,000 5,600 5,600/)
  const [download] = await Promise.all([
    officer.waitForEvent('download'),
    officer.getByRole('link', { name: 'Save as CSV' }).click(),
  ])
  assert.match(download.suggestedFilename(), /^mirror-NTA\.AF-out-/)
  await isFit(officer, 'mirror')
  await officer.getByLabel('Direction').selectOption({ label: 'Their exports, our imports' })
  await officer.getByRole('button', { name: 'Compare' }).click()
  await officer
    .getByRole('table', { name: 'Consignments' })
    .getByRole('row', { name: /6AF9001122334-KFR31 Agrees/ })
    .waitFor()
})

test('all of it fits on a phone, in the dark, from right to left', async () => {
  await officer.emulateMedia({ colorScheme: 'dark' })
  await isFit(officer, 'mirror-dark')
  await consoles.language(officer, 'Daler Sharipov', 'fa-AF')
  await isFit(officer, 'mirror-right-to-left')
  await officer.setViewportSize({ width: 390, height: 844 })
  await isFit(officer, 'mirror-phone')
  await officer.goto(new URL('/declarations', officer.url()).href)
  await officer.locator('table').waitFor()
  await isFit(officer, 'list-phone')
  await officer.locator('[data-row-link]').first().click()
  await officer.locator('#elements-title').waitFor()
  await isFit(officer, 'page-phone')
  assert.deepEqual([consoles.faults, consoles.strayed], [[], []])
})
