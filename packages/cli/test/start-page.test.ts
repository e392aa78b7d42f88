/** The start page as a person has it: `corridor start` in a process of its own, the page in a browser, one corridor and then another. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launch, violations } from '../../../scripts/browser.ts'
import { type Started, startProgram } from './started.ts'

const patience = { timeout: 120_000 }
const pictures = process.env['CORRIDOR_PICTURES']

let started: Started
let browser: Browser
let context: BrowserContext
let page: Page
const faults: string[] = []
const strayed: string[] = []

before(async () => {
  started = startProgram('syria-jordan')
  browser = await launch()
  context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })
  page = await opened(await started.heard(/http:\/\/127\.0\.0\.1:\d+\/#\S+/))
})
after(async () => {
  await browser?.close()
  await started.clear()
})

async function opened(url: string): Promise<Page> {
  const made = await context.newPage()
  made.on('pageerror', ({ message }) => faults.push(message))
  made.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) faults.push(message.text())
  })
  made.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(url).host) strayed.push(request.url())
  })
  await made.goto(url)
  return made
}

async function isFit(name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/start-${name}.png`, fullPage: true })
  assert.deepEqual(await violations(page), [], name)
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${name} scrolls sideways`)
}

test('the page shows the corridor while it starts, and the story line by line', async () => {
  assert.ok(!page.url().includes('#'), 'the secret does not stay in the address')
  await page.getByRole('heading', { name: 'Runs now: Syria – Jordan' }).waitFor(patience)
  const log = page.getByRole('log')
  await log.getByText('CC015C Declaration data').first().waitFor(patience)
  await log.getByText('CD118C Notification crossing frontier').waitFor(patience)
  await page.getByText('runs', { exact: true }).waitFor(patience)
  assert.match(await log.innerText(), /CD001C Anticipated arrival record[^]*receipt \d+ ms/)
  const picture = page.getByRole('img', { name: /^Syria and Jordan/ })
  assert.ok(await picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0))
  await isFit('running')
})

test('by keyboard a sign-in link is made for an officer, and it signs in once', async () => {
  const button = page.getByRole('button', { name: 'Sign-in link Omar Zoubi' })
  await button.focus()
  await page.keyboard.press('Enter')
  const link = page.getByRole('link', { name: 'Sign in as Omar Zoubi' })
  await link.waitFor()
  assert.ok(await link.evaluate((made) => made.ownerDocument.activeElement === made), 'the focus is on what comes next')
  const [popup] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')])
  await popup.getByRole('button', { name: 'Sign in' }).click()
  await popup.waitForURL(/\/movements/, patience)
  await popup.close()
  await link.waitFor({ state: 'detached' })
  await page.locator('#programs-jo summary').click()
  await page.getByText('npx --no corridor token yarmouk-logistics NAME --corridor syria-jordan').waitFor()
})

test('in each language and direction, dark and narrow, everybody can read it', async () => {
  for (const [language, heading, width, scheme] of [
    ['ar', 'يعمل الآن: Syria – Jordan', 1280, 'dark'],
    ['fa-AF', 'اکنون کار می‌کند: Syria – Jordan', 390, 'light'],
    ['fr', 'En marche: Syria – Jordan', 390, 'dark'],
    ['sq', 'Punon tani: Syria – Jordan', 390, 'light'],
    ['ru', 'Работает сейчас: Syria – Jordan', 390, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator('#language').selectOption(language)
    await page.getByRole('heading', { name: heading }).waitFor()
    await isFit(`${language}-${width}-${scheme}`)
  }
  assert.equal(await page.evaluate('document.documentElement.dir'), 'ltr')
  await page.locator('#language').selectOption('en')
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('who comes without the secret sees nothing of what runs', async () => {
  const stranger = await browser.newContext({ locale: 'en-GB' })
  const bare = await stranger.newPage()
  await bare.goto(page.url())
  await bare.getByText('This page opens with the address that the terminal shows').waitFor()
  assert.doesNotMatch(await bare.locator('body').innerText(), /Syria|Omar/)
  await stranger.close()
})

test('another corridor is started instead; the first is stopped in order, and goes on later where it was', async () => {
  await page.getByRole('button', { name: 'Start this one Albania – Kosovo' }).click()
  await page.getByRole('heading', { name: 'Runs now: Albania – Kosovo' }).waitFor(patience)
  await page.getByRole('log').getByText('CC015C Declaration data').first().waitFor(patience)
  // In the middle of the story: what it waits for is ended with it.
  await page.getByRole('button', { name: 'Start this one Syria – Jordan' }).click()
  await page.getByRole('heading', { name: 'Runs now: Syria – Jordan' }).waitFor(patience)
  await page.getByText('runs', { exact: true }).waitFor(patience)
  await started.heard(/The story was played before \(MRN 26SY/)
  await page.getByRole('button', { name: 'Start this one Albania – Kosovo' }).waitFor()
  assert.deepEqual([faults, strayed], [[], []])
})

test('when the program ends the page says so, and everything is stopped', async () => {
  assert.equal(await started.end(), 0, started.said())
  await page.getByText('The program does not answer.').waitFor(patience)
})
