import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { StoryDriver } from '@corridor/cli/story'
import { issueLink } from '@corridor/node'
import type { Browser, Page } from 'playwright-core'
import { launch, violations } from '../../../scripts/browser.ts'
import { Consoles } from './consoles.ts'
import { startForTest, type TestCorridor } from './running.ts'

let corridor: TestCorridor
let browser: Browser
let driver: StoryDriver
let consoles: Consoles

before(async () => {
  corridor = await startForTest()
  browser = await launch()
  consoles = new Consoles(browser, corridor)
  driver = new StoryDriver(corridor, () => undefined)
})
after(async () => {
  await browser?.close()
  await corridor?.end()
})

test('the whole movement goes through both consoles', async (t) => {
  const progress = driver.newProgress()
  await driver.play(progress, 1)
  const { mrn } = progress
  // One browser for the officer of departure and the officer of transit: two countries, two sessions side by side.
  const shared = await consoles.context()
  const departure = await consoles.signIn(shared, 'al', 'durres-departure')
  const transit = await consoles.signIn(shared, 'xk', 'vermice-transit')
  const destination = await consoles.signIn(await consoles.context(), 'xk', 'prizren-destination')
  await departure.reload()
  await departure.getByText('Arta Hoxha').first().waitFor()

  await t.test('departure: control, then release', async () => {
    await departure.getByRole('link', { name: mrn }).click()
    await status(departure, 'Accepted')
    assert.deepEqual(await violations(departure), [])
    await act(departure, 'Order control')
    await status(departure, 'Under control')
    await act(departure, 'Release for transit')
    // The amount is locked by the office of guarantee and both records are sent while the officer looks on.
    await status(departure, 'Released for transit')
    await departure.getByRole('row', { name: /CD001C/ }).waitFor()
  })

  await t.test('transit: the crossing', async () => {
    await open(transit, mrn)
    await status(transit, 'Expected')
    await act(transit, 'Record crossing')
    await status(transit, 'Crossed frontier')
    await status(departure, 'Crossed frontier')
  })

  await t.test('destination: arrival, unloading, results', async () => {
    await submit('arrive', progress)
    await open(destination, mrn)
    await status(destination, 'Arrived')
    await act(destination, 'Permit unloading')
    await status(destination, 'Unloading')
    await submit('unload', progress)
    await status(destination, 'Unloaded')
    await act(destination, 'Record control results')
    await status(destination, 'Goods released')
  })

  await t.test('departure sees the discharge without having touched the page', async () => {
    await status(departure, 'Written off')
    await departure.getByRole('row', { name: /CC045C/ }).waitFor()
    await status(transit, 'Closed')
    const page = await (await driver.client('al', 'durres-departure')).movement(mrn)
    assert.equal(page?.guarantees[0]?.state, 'released')
  })

  await t.test(
    'Arabic, dark, and narrow: nothing is left to right only, nothing scrolls sideways, nobody is shut out',
    async () => {
      await consoles.language(departure, 'Arta Hoxha', 'ar')
      assert.equal(await departure.evaluate('document.documentElement.dir'), 'rtl')
      await departure.emulateMedia({ colorScheme: 'dark' })
      assert.deepEqual(await violations(departure), [])
      await departure.setViewportSize({ width: 390, height: 844 })
      assert.ok(await departure.evaluate('document.documentElement.scrollWidth <= innerWidth'))
      assert.deepEqual(await violations(departure), [])
      // An MRN stands apart from the words around it, so that no language turns it round.
      await departure.getByRole('heading', { level: 1 }).locator('bdi').waitFor()
    },
  )

  assert.deepEqual(consoles.strayed, [], 'no request leaves its own origin')
  assert.deepEqual(consoles.faults, [], 'no page had an error')
})

test('a sign-in link works once, and the page says what to do with a spent one', async () => {
  const { settings } = corridor.nodes[0]!
  const link = await issueLink(settings, 'tirana-guarantee')
  const first = await (await consoles.context()).newPage()
  await first.goto(link)
  await first.getByRole('button', { name: 'Sign in' }).click()
  await first.getByRole('heading', { name: 'Movements' }).waitFor()
  const second = await (await consoles.context()).newPage()
  await second.goto(link)
  await second.getByRole('button', { name: 'Sign in' }).click()
  await second.getByText('This link can no longer be used.').waitFor()
  await second.getByText('npx --no corridor login').waitFor()
})

async function open(page: Page, mrn: string): Promise<void> {
  await page.goto(new URL(`/movements/${mrn}`, page.url()).href)
}

/** Presses an act on the movement page and confirms it with what the form proposes. */
async function act(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('heading', { name, exact: true }).waitFor()
  await page.getByRole('button', { name, exact: true }).click()
}

/** Waits until the movement page shows a status, by itself. */
async function status(page: Page, words: string): Promise<void> {
  await page.getByRole('main').getByText(words, { exact: true }).first().waitFor({ timeout: 20_000 })
}

async function submit(name: string, progress: { lrn: string; mrn: string; next: number }): Promise<void> {
  await driver.submit(driver.submitStep(name), progress)
}
