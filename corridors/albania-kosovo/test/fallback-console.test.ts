/** Working on paper in a browser: an officer prepares, begins, registers, ends, enters, and settles what is flagged. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from './consoles.ts'
import type { TestCorridor } from './running.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-fallback-'))
let stage: Stage | undefined
let corridor: TestCorridor
let consoles: Consoles
let page: Page
let form = ''

before(async () => {
  stage = await setStage(0)
  ;({ corridor, consoles } = stage)
  page = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
})
after(async () => {
  await stage?.end()
  rmSync(folder, { recursive: true, force: true })
})

const isFit = (name: string): Promise<void> => isFitFor(page, `fallback-${name}`)

/** A day and a time on the wall in Tirana, so many hours ago. */
function wall(hours: number): { day: string; time: string } {
  const format = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Tirane', dateStyle: 'short', timeStyle: 'short' })
  const [day = '', time = ''] = format.format(Date.now() - hours * 3_600_000).split(' ')
  return { day, time }
}

/** The row of a form; the journal below names it too. */
const rowOf = (mrn: string) => page.getByRole('table', { name: 'Papers' }).getByRole('row', { name: mrn })

const press = (name: string) => page.locator('form').getByRole('button', { name, exact: true }).click()

async function fillMoment(hours: number): Promise<void> {
  const { day, time } = wall(hours)
  await page.getByLabel('Day').fill(day)
  await page.getByLabel('Time').fill(time)
}

/** The corridor's declaration with an LRN, as the declarant's software would write it. */
function declaration(lrn: string): string {
  const grn = '26AL0009010000019'
  const values: Record<string, string> = {
    sender: 'ALL12345678A',
    recipient: 'NTA.AL',
    now: new Date().toISOString().slice(0, 19),
    messageIdentification: lrn,
    lrn,
    grn,
    accessCode: corridor.nodes[0]?.settings.accessCodes[grn] ?? '',
  }
  const xml = readFileSync(new URL('../documents/declaration.xml', import.meta.url), 'utf8')
  return xml.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? assert.fail(name))
}

test('forms are reserved before they are needed', async () => {
  await page.getByRole('link', { name: 'Fallback', exact: true }).click()
  await page.getByText('This office has not worked on paper yet').waitFor()
  await isFit('none')
  await page.getByRole('link', { name: 'Prepare a fallback mode' }).click()
  const count = page.getByLabel('How many numbers')
  assert.equal(await count.inputValue(), '20')
  await count.fill('0')
  await press('Prepare a fallback mode')
  await page.getByText('Give a whole number from 1 to 500').first().waitFor()
  await isFit('wrong')
  await count.fill('3')
  await press('Prepare a fallback mode')
  await page.getByRole('heading', { name: /^AL000101\/\d{4}\/1$/ }).waitFor()
  const forms = page.getByRole('table', { name: 'Papers' }).getByRole('row')
  assert.equal(await forms.count(), 4)
  const printed = await page.request.get(new URL(`${new URL(page.url()).pathname}/paper/forms`, page.url()).href, {
    headers: { accept: 'text/html' },
  })
  assert.equal(printed.status(), 200)
  assert.equal((await printed.text()).match(/class="sheet"/g)?.length, 3)
  await isFit('prepared')
})

test('the outage is begun, a form is registered, the outage is ended: what is left is flagged with who must act', async () => {
  await page.getByRole('link', { name: 'Begin to work on paper' }).click()
  await page.getByLabel('The customs system is not available').check()
  await fillMoment(4)
  await press('Begin to work on paper')
  await page.getByText('On paper now').waitFor()
  await page.locator('.buttons').getByRole('link', { name: 'Register a form' }).click()
  form = (await page.locator('form dd').first().innerText()).trim()
  assert.match(form, /^\d\dALF/)
  await page.getByLabel('Declarant (identification number)').fill('ALL12345678A')
  await page.getByLabel('LRN on the form').fill('PAPER-1')
  await fillMoment(5)
  await page.getByLabel('Packages').fill('28')
  await page.getByLabel('Gross mass (kg)').fill('13780')
  await press('Register a form')
  await page.getByText('outside of the outage').waitFor()
  await isFit('register')
  await fillMoment(3)
  await press('Register a form')
  await page.getByText('Not entered yet').waitFor()
  await page.getByRole('link', { name: 'End: the systems work again' }).click()
  await fillMoment(1)
  await press('End: the systems work again')
  await page.getByText(/Flagged: \P{L}*3/u).waitFor()
  const row = rowOf(form)
  assert.match(await row.innerText(), /no declaration was entered[^]*To act: \P{L}*Adria Spedicion Shpk/u)
  await page.getByRole('link', { name: 'Close' }).click()
  await press('Close')
  await page.getByText('Not everything is settled').waitFor()
  await page.locator('form').getByRole('link', { name: 'Cancel' }).click()
  await page.getByText(/Flagged: \P{L}*3/u).waitFor()
  await isFit('flagged')
})

test('the declaration is entered as a file; the form is matched, the others are returned, the mode is closed', async () => {
  const file = join(folder, 'declaration.xml')
  writeFileSync(file, declaration('PAPER-1'))
  await rowOf(form).getByRole('link', { name: 'Enter the declaration' }).click()
  await press('Enter the declaration')
  await page.getByText('Fill this in.').waitFor()
  await isFit('enter')
  await page.getByLabel('Declaration (CC015C, XML)').setInputFiles(file)
  await press('Enter the declaration')
  await rowOf(form).getByText('Matched').waitFor()
  await page.getByRole('link', { name: 'Return unused forms' }).click()
  await press('Return unused forms')
  await page.getByText('Returned: 2').waitFor()
  await page.getByRole('link', { name: 'Close' }).click()
  await press('Close')
  await page.locator('.tag', { hasText: 'Closed' }).waitFor()
  await isFit('closed')
  await page.getByRole('link', { name: form }).click()
  await page.getByText('Released for transit').first().waitFor()
  await page.locator('#audit').getByText('Entered from paper').waitFor()
})

test('Russian, Dari, Arabic; dark; narrow: the pages fit everybody', async () => {
  const mode = `/fallback/AL000101-${wall(0).day.slice(0, 4)}-1`
  await page.goto(new URL(mode, page.url()).href)
  await page.getByText('Matched').waitFor()
  for (const locale of ['ru', 'fa-AF', 'ar']) {
    await consoles.language(page, 'Arta Hoxha', locale)
    await isFit(locale)
  }
  assert.equal(await page.evaluate('document.documentElement.dir'), 'rtl')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  await isFit('ar-dark-narrow')
  await page.goto(new URL('/fallback/new/do/begin', page.url()).href)
  await page.locator('form.card').waitFor()
  await isFit('ar-dark-narrow-begin')
  await page.goto(new URL('/fallback', page.url()).href)
  await page.getByRole('link', { name: 'AL000101' }).waitFor()
  await isFit('ar-dark-narrow-list')
  assert.deepEqual(consoles.strayed, [])
  assert.deepEqual(consoles.faults, [])
})

test('an officer of destination notes arrivals; others are not led here', async () => {
  const prizren = await consoles.signIn(await consoles.context(), 'xk', 'prizren-destination')
  await prizren.getByRole('link', { name: 'Fallback', exact: true }).click()
  await prizren.getByRole('link', { name: 'Begin to work on paper' }).waitFor()
  assert.equal(await prizren.getByRole('link', { name: 'Prepare a fallback mode' }).count(), 0)
  const transit = await consoles.signIn(await consoles.context(), 'xk', 'vermice-transit')
  assert.equal(await transit.getByRole('link', { name: 'Fallback', exact: true }).count(), 0)
})
