import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { startStandIn } from './stand-in.ts'
import { walk } from './ways.ts'

/**
 * Looks at every screen of the built console on the stand-in server: a picture of each, and axe on each in light, dark,
 * left-to-right and right-to-left; then walks the ways that no picture shows. Prints what it found; exits 1 when there is a violation, a request off the own origin,
 * an error in the page's console, or a page that scrolls sideways.
 *
 *   node packages/console/dev/look.ts [folder for the pictures]
 *
 * CHROMIUM names the browser; without it /usr/bin/chromium.
 */

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'corridor-look-'))
mkdirSync(folder, { recursive: true })
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const findings: string[] = []
const say = (line: string) => process.stdout.write(`${line}\n`)

async function check(page: Page, name: string): Promise<void> {
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (root: Document, options: object) => Promise<AxeResult> } }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const result = await axe.run(document, { runOnly: { type: 'tag', values: tags } })
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  })
  for (const violation of violations) findings.push(`${name}: axe ${violation}`)
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  if (sideways) findings.push(`${name}: the page scrolls sideways`)
}

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[]
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(350)
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: !name.endsWith('-list') })
  await check(page, name)
}

interface Dress {
  name: string
  width: number
  dark?: boolean
  locale?: string
}

async function signIn(browser: Browser, origin: string, role: string, dress: Dress): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext({
    viewport: { width: dress.width, height: dress.width < 700 ? 844 : 860 },
    colorScheme: dress.dark ? 'dark' : 'light',
    bypassCSP: false,
  })
  await context.addInitScript({ content: axe })
  const page = await context.newPage()
  page.on('pageerror', (error) => findings.push(`${dress.name}: ${error.message}`))
  page.on('console', (message) => {
    const expected = message.text().includes('401') || message.text().includes('409') || message.text().includes('422')
    if (message.type() === 'error' && !expected) findings.push(`${dress.name}: ${message.text()}`)
  })
  page.on('request', (request) => {
    const local = request.url().startsWith(origin) || request.url().startsWith('blob:')
    if (!local) findings.push(`${dress.name}: request to ${request.url()}`)
  })
  await page.goto(`${origin}/sign-in#${role}`)
  await page.waitForSelector('h1')
  if (role === 'departure') await shoot(page, `${dress.name}-sign-in`)
  await page.locator('.primary').click()
  await page.waitForSelector('.table')
  if (dress.locale) {
    await page.evaluate(
      (locale) =>
        fetch('/session', {
          method: 'PATCH',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ locale }),
        }),
      dress.locale,
    )
    await page.reload()
    await page.waitForSelector('.table')
  }
  return [context, page]
}

async function tour(browser: Browser, origin: string, dress: Dress): Promise<void> {
  const [context, page] = await signIn(browser, origin, 'departure', dress)
  await shoot(page, `${dress.name}-list`)
  const found = await page.evaluate(async () => {
    const answer = await fetch('/movements', { headers: { accept: 'application/json' } })
    return ((await answer.json()) as { items: { mrn: string; status: { code: string; tone: string } }[] }).items
  })
  const addressOf = (code: string, tone?: string) => {
    const hit = found.find(({ status }) => status.code === code && (tone === undefined || status.tone === tone))
    return `${origin}/movements/${hit?.mrn}`
  }
  const moments = [
    ['accepted', addressOf('accepted')],
    ['trouble', addressOf('released', 'bad')],
    ['arrived', addressOf('arrived')],
    ['written-off', addressOf('written-off')],
  ] as const
  for (const [name, address] of moments) {
    await page.goto(address)
    await page.waitForSelector('#audit')
    await shoot(page, `${dress.name}-movement-${name}`)
  }
  await page.locator('#messages [data-row-link]').nth(8).click()
  await page.waitForSelector('.outline')
  await shoot(page, `${dress.name}-message`)
  await page.goto(`${addressOf('accepted')}/do/release`)
  await page.waitForSelector('form.card')
  await shoot(page, `${dress.name}-act`)
  await page.locator('textarea').fill('<b>')
  await page.locator('.primary').click()
  await page.waitForSelector('[role=alert]')
  await shoot(page, `${dress.name}-act-error`)
  await page.goto(`${addressOf('arrived')}/do/release`)
  await page.waitForSelector('.closed')
  await shoot(page, `${dress.name}-act-closed`)
  await page.goto(`${origin}/exchange`)
  await page.waitForSelector('.table')
  await page.locator('.who').click()
  await shoot(page, `${dress.name}-exchange`)
  await page.goto(`${origin}/movements?q=nothing-has-this`)
  await page.waitForSelector('.empty')
  await shoot(page, `${dress.name}-empty`)
  await page.goto(`${origin}/nowhere`)
  await page.waitForSelector('h1')
  await shoot(page, `${dress.name}-not-found`)
  await context.close()
}

const standIn = await startStandIn(0)
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args: [...args, ...quiet] })
try {
  const dresses: Dress[] = [
    { name: 'light', width: 1366 },
    { name: 'dark', width: 1366, dark: true },
    { name: 'arabic', width: 1366, locale: 'ar' },
    { name: 'arabic-dark', width: 1366, locale: 'ar', dark: true },
    { name: 'narrow', width: 390 },
    { name: 'narrow-arabic', width: 390, locale: 'ar' },
    { name: 'smallest', width: 320, locale: 'sq' },
    { name: 'russian', width: 1366, locale: 'ru' },
    { name: 'dari', width: 1366, locale: 'fa-AF' },
  ]
  const wanted = process.env['DRESS']?.split(',')
  for (const dress of dresses) if (!wanted || wanted.includes(dress.name)) await tour(browser, standIn.origin, dress)
  if (!wanted || wanted.includes('ways')) findings.push(...(await walk(browser, standIn.origin, standIn.arrive)))
} finally {
  await browser.close()
  standIn.stop()
}
for (const finding of findings) say(finding)
say(`${findings.length} findings; pictures in ${folder}`)
process.exitCode = findings.length === 0 ? 0 : 1
