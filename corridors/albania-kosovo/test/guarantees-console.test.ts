/** The account page of a guarantee in a browser: what is open, what is missing, who must act; and the acts on it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from './consoles.ts'

const grn = '26AL0009010000019'
let stage: Stage | undefined
let consoles: Consoles
let page: Page
let mrn: string

before(async () => {
  stage = await setStage(3)
  ;({ consoles, mrn } = stage)
  page = await consoles.signIn(await consoles.context(), 'al', 'tirana-guarantee')
})
after(async () => {
  await stage?.end()
})

const isFit = (name: string): Promise<void> => isFitFor(page, `guarantees-${name}`)

test('from the list to the account: balances, the open amount, what it waits for, the ledger', async () => {
  await page.getByRole('link', { name: 'Guarantees', exact: true }).click()
  await page.getByRole('heading', { name: 'Guarantees' }).waitFor()
  await page.getByText(/Guarantees kept here: \P{L}*1/u).waitFor()
  await isFit('list')
  await page.getByRole('link', { name: grn }).click()
  const open = page.getByRole('table', { name: 'Open amounts' }).getByRole('row', { name: mrn })
  await open.waitFor()
  const words = (await open.innerText()).replace(/\s+/g, ' ')
  assert.match(words, /€5,000/)
  assert.match(words, /Locked Released for transit/)
  assert.match(words, /CD006C/)
  assert.match(words, /Vërmicë crossing of the frontier/)
  const lines = page.getByRole('table', { name: 'Ledger' }).getByRole('row')
  assert.equal(await lines.count(), 3)
  assert.match((await lines.nth(1).innerText()).replace(/\s+/g, ' '), /Locked €5,000 .* CD203C .* €245,000 €5,000 €0/)
  await isFit('account')
})

test('the reference amount is changed; what is wrong with a value is said beside it', async () => {
  await page.getByRole('button', { name: 'Change the reference amount' }).click()
  const amount = page.getByLabel('Reference amount', { exact: true })
  await amount.fill('1000.005')
  const send = page.getByRole('form').getByRole('button', { name: 'Change the reference amount' })
  await send.click()
  await page.getByText('Give an amount in digits').waitFor()
  await isFit('act')
  await amount.fill('1000')
  await send.click()
  await page.getByText('more is locked and claimed').waitFor()
  await amount.fill('300000')
  await send.click()
  await page.getByRole('table', { name: 'Ledger' }).getByText('Raised').waitFor()
  await page.getByText('€295,000').first().waitFor()
})

test('Arabic, Dari, Russian; dark; narrow: the page fits everybody', async () => {
  for (const locale of ['ru', 'fa-AF', 'ar']) {
    await consoles.language(page, 'Besnik Leka', locale)
    await isFit(locale)
  }
  assert.equal(await page.evaluate('document.documentElement.dir'), 'rtl')
  await page.emulateMedia({ colorScheme: 'dark' })
  await isFit('ar-dark')
  await page.setViewportSize({ width: 390, height: 844 })
  await isFit('ar-dark-narrow')
  await page.goto(new URL('/guarantees', page.url()).href)
  await page.getByRole('link', { name: grn }).waitFor()
  await isFit('ar-dark-narrow-list')
  await consoles.language(page, 'Besnik Leka', 'en')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('link', { name: grn }).click()
  await page.getByRole('heading', { name: 'Ledger' }).waitFor()
  await isFit('narrow')
})

test('no other officer is led to the account, or finds anything there', async () => {
  const departure = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
  assert.equal(await departure.getByRole('link', { name: 'Guarantees', exact: true }).count(), 0)
  await departure.goto(new URL(`/guarantees/${grn}`, departure.url()).href)
  await departure.getByRole('alert').or(departure.locator('.bar')).first().waitFor()
  assert.equal(await departure.getByRole('heading', { name: 'Ledger' }).count(), 0)
  assert.deepEqual(consoles.strayed, [])
  assert.deepEqual(consoles.faults, [])
})
