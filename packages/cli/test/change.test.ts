/** A person changes the corridor that runs: by a button of the start page while its story goes on, then by a command. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launch, violations } from '../../../scripts/browser.ts'
import { corridor } from './run.ts'
import { type Started, startProgram } from './started.ts'

const folder = fileURLToPath(new URL('../../../corridors/afghanistan-tajikistan/', import.meta.url))
const patience = { timeout: 180_000 }
const pictures = process.env['CORRIDOR_PICTURES']
const both = 'Runs now: Afghanistan – Tajikistan'
const all = 'Runs now: Afghanistan – Tajikistan, with Iran and Pakistan'

let started: Started
let browser: Browser
let context: BrowserContext
let page: Page
const faults: string[] = []

before(async () => {
  started = startProgram('afghanistan-tajikistan')
  browser = await launch()
  context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(patience.timeout)
  page = await context.newPage()
  page.on('pageerror', ({ message }) => faults.push(message))
  await page.goto(await started.heard(/http:\/\/127\.0\.0\.1:\d+\/#\S+/))
})
after(async () => {
  await browser?.close()
  await started.clear()
})

async function isFit(name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/change-${name}.png`, fullPage: true })
  assert.deepEqual(await violations(page), [], name)
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${name} scrolls sideways`)
}

const change = (...typed: string[]) => corridor(['change', ...typed], '', started.environment)

/** Another file of this corridor, with something else in it. */
function fileOf(name: string, from: string, to: string): string {
  const text = readFileSync(join(folder, 'corridor.yaml'), 'utf8')
  assert.ok(text.includes(from))
  const path = join(started.home, name)
  writeFileSync(path, text.replace('codelists: codelists', `codelists: ${folder}codelists`).replace(from, to))
  return path
}

const cards = () => page.locator('.node h3').allInnerTexts()

test('while the story goes on, a button lets Iran and Pakistan join, and the story comes true', async () => {
  await page.getByRole('heading', { name: both, exact: true }).waitFor()
  await page.getByRole('log').getByText('Afghanistan').first().waitFor()
  await page.getByText('plays its story').waitFor()
  await isFit('before-en-1280')
  await page
    .getByRole('button', { name: 'Take this one up Afghanistan – Tajikistan, with Iran and Pakistan' })
    .press('Enter')
  await page.getByText('is being taken up …').waitFor()
  await page.getByRole('heading', { name: all }).waitFor()
  assert.deepEqual(await cards(), ['Afghanistan (AF)', 'Tajikistan (TJ)', 'Iran (IR)', 'Pakistan (PK)'])
  await page.getByRole('img', { name: /Afghanistan and Iran: direct/ }).waitFor()
  await started.heard(/taken up\. New sign-in links: npx --no corridor login --corridor \S+region\.yaml/)
  await page.getByRole('log').getByText('taken up while everything runs').waitFor()
  await page.getByText('runs', { exact: true }).waitFor()
  assert.match(started.said(), /All \d+ steps of it came true\./)
  assert.doesNotMatch(started.said(), /did not come true|is started again/)
  await page.getByRole('button', { name: 'Take this one up Afghanistan – Tajikistan', exact: true }).waitFor()
})

test('who joined is there for a person: a link signs in an officer of Iran, and a program is told how', async () => {
  await page.getByRole('button', { name: 'Sign-in link Maryam Hosseini' }).press('Enter')
  const link = page.getByRole('link', { name: 'Sign in as Maryam Hosseini' })
  await link.waitFor()
  const [popup] = await Promise.all([context.waitForEvent('page'), link.press('Enter')])
  await popup.getByRole('button', { name: 'Sign in' }).click()
  await popup.getByText('Maryam Hosseini').first().waitFor()
  await popup.close()
  await page.locator('#programs-ir summary').click()
  const told = await page.locator('#programs-ir code').first().innerText()
  const words = /^npx --no corridor token (\S+) NAME --corridor (\S+)$/.exec(told)
  assert.ok(words, told)
  const made = await corridor(['token', words[1]!, 'software', '--corridor', words[2]!], '', started.environment)
  assert.equal(made.code, 0, made.err)
})

test('in each direction, dark and narrow, everybody can read it', async () => {
  for (const [language, heading, width, scheme] of [
    ['ar', 'إعدادات أخرى لهذا الممر', 390, 'dark'],
    ['fa-AF', 'تنظیمات دیگر این دهلیز', 1280, 'light'],
    ['fr', 'Autres configurations de ce corridor', 390, 'light'],
    ['en', 'Other configurations of this corridor', 390, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme: scheme })
    await page.locator('#language').selectOption(language)
    await page.getByRole('heading', { name: heading }).waitFor()
    await isFit(`${language}-${width}-${scheme}`)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('what is typed wrong, or cannot be taken up, is said in words; the page says it too, and all goes on', async () => {
  const address = join(started.home, 'afghanistan-tajikistan', 'start-page.json')
  assert.equal(statSync(address).mode & 0o777, 0o600)
  const kind = fileOf('kind.yaml', 'database-triggers', 'rest')
  for (const [typed, code, said] of [
    [[], 2, /^Say which file: corridor change /],
    [[kind, 'twice'], 2, /“twice” is one word too many/],
    [['--file', kind], 2, /There is no option --file here/],
    [['nowhere.yaml'], 1, /^No corridor “nowhere\.yaml”/],
    [[fileOf('links.yaml', 'kind: tunnel', 'kind: string')], 1, /links/],
    [['cemac'], 1, /^The corridor cemac does not run here: npm start -- cemac starts it\.\n$/],
    [[kind], 1, /^Not taken up, and all goes on as before: nodes › af: nationalSystem is another one\./],
  ] as const) {
    const run = await change(...typed)
    assert.equal(run.code, code, `${typed.join(' ')}\n${run.out}${run.err}`)
    assert.match(run.err, said)
    assert.doesNotMatch(run.err, /^ {4}at /m)
  }
  const real = await corridor(['change', kind], '', {
    ...started.environment,
    DATABASE_URL: 'postgres://127.0.0.1:1/x',
  })
  assert.deepEqual([real.code, /A real node takes up .* kill -HUP PID/.test(real.err)], [2, true], real.err)
  await page.getByText('was not taken up, and all goes on as before.').waitFor()
  await page.getByText('nodes › af: nationalSystem is another one.').waitFor()
  assert.equal((await cards()).length, 4)
  await isFit('refused')
})

test('a command takes the first one up again: who joined leaves, and the refusal is forgotten', async () => {
  const run = await change('afghanistan-tajikistan')
  assert.equal(run.code, 0, run.err)
  assert.match(run.out, /Afghanistan – Tajikistan: taken up while everything runs\.\n$/)
  await page.getByRole('heading', { name: both, exact: true }).waitFor()
  assert.deepEqual(await cards(), ['Afghanistan (AF)', 'Tajikistan (TJ)'])
  await page.getByText('was not taken up').waitFor({ state: 'detached' })
  assert.deepEqual(faults, [])
})

test('when the program has ended a command says that nothing runs', async () => {
  const address = join(started.home, 'afghanistan-tajikistan', 'start-page.json')
  const left = readFileSync(address)
  assert.equal(await started.end(), 0, started.said())
  assert.equal(existsSync(address), false)
  const says = /^The corridor afghanistan-tajikistan does not run here/
  assert.match((await change('afghanistan-tajikistan')).err, says)
  // As a program that was killed leaves it.
  writeFileSync(address, left)
  assert.match((await change('afghanistan-tajikistan')).err, says)
})
