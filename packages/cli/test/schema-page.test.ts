/** The page of a message as an analyst sees it: in a real Chromium, from a file, light and dark, on a desk, a phone and paper. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launch, violations } from '../../../scripts/browser.ts'
import { corridor } from './run.ts'

/** A trader's message, one between offices, and a short one. */
const types = ['CC015C', 'CD001C', 'CC044C']
const desk = { viewport: { width: 1366, height: 860 } }
const item = 'Consignment/HouseConsignment/ConsignmentItem'

let folder: string
let browser: Browser
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-page-'))
  for (const type of types) {
    const { code, out } = await corridor(['schema', type, '--html', '--corridor', 'albania-kosovo'])
    assert.equal(code, 0)
    writeFileSync(join(folder, `${type}.html`), out)
  }
  browser = await launch()
})
after(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

/** Opens the page of a message, looks, and says what it asked for and what went wrong in it. */
async function look(
  type: string,
  how: BrowserContextOptions,
  see: (page: Page) => Promise<void>,
): Promise<{ requests: string[]; errors: string[] }> {
  const requests: string[] = []
  const errors: string[] = []
  const context = await browser.newContext(how)
  try {
    const page = await context.newPage()
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(urlOf(type))
    await see(page)
  } finally {
    await context.close()
  }
  return { requests, errors }
}

const urlOf = (type: string): string => pathToFileURL(join(folder, `${type}.html`)).href

/** Follows a link of the page to one of its own places. */
const goTo = (page: Page, id: string): Promise<void> => page.evaluate(`location.hash = ${JSON.stringify(`#${id}`)}`)

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no violation of WCAG 2.2 AA, no request off the page, no error: ${colorScheme}`, async () => {
    for (const type of types) {
      const seen = await look(type, { ...desk, colorScheme }, async (page) => {
        // Unfolded, so that what is inside counts too.
        await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true })`)
        assert.deepEqual(await violations(page), [], type)
      })
      assert.deepEqual(seen, { requests: [urlOf(type)], errors: [] })
    }
  })
}

test('on a phone nothing scrolls sideways but the picture, and what is deeper stands further in', async () => {
  for (const type of types) {
    for (const width of [390, 320]) {
      await look(type, { viewport: { width, height: 844 } }, async (page) => {
        await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true })`)
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${type} at ${width}`)
        if (width === 390) assert.deepEqual(await violations(page), [], type)
        const left = (id: string): Promise<number> =>
          page.evaluate(
            `document.getElementById(${JSON.stringify(id)}).querySelector('.name').getBoundingClientRect().left`,
          )
        assert.ok((await left('Consignment')) < (await left(item)))
        assert.ok((await left(item)) < (await left(`${item}/goodsItemNumber`)))
      })
    }
  }
})

test('a row that is gone to stands below the head and the heading of its group, and no other heading stays', async () => {
  for (const viewport of [desk.viewport, { width: 390, height: 844 }]) {
    await look('CC015C', { viewport }, async (page) => {
      await goTo(page, item)
      const { target, covering } = await page.evaluate<{
        target: number
        covering: { id: string; bottom: number }[]
      }>(`({
        target: document.getElementById(${JSON.stringify(item)}).getBoundingClientRect().top,
        covering: [...document.querySelectorAll('tr.top')]
          .map((row) => ({ id: row.id, top: row.getBoundingClientRect().top, bottom: row.getBoundingClientRect().bottom }))
          .filter(({ top, bottom }) => bottom > 1 && top < 100),
      })`)
      assert.deepEqual(
        covering.map(({ id }) => id),
        ['Consignment'],
      )
      assert.ok(target >= covering[0]!.bottom - 1, `${target} is under ${covering[0]!.bottom}`)
      assert.ok(target < covering[0]!.bottom + 12, `${target} is far from ${covering[0]!.bottom}`)
    })
  }
})

test('a rule is read where it is cited, and in full behind its link', async () => {
  await look('CC015C', desk, async (page) => {
    const chip = page.locator('tr[id="Guarantee/GuaranteeReference"] .chip')
    const meaning = await chip.getAttribute('title')
    assert.match(meaning!, /^A guarantee has references/)
    await chip.click()
    const rule = page.locator('article#C0085')
    assert.match(await rule.innerText(), /A guarantee has references exactly when its type has them\./)
    const { y } = (await rule.boundingBox())!
    assert.ok(y >= 0 && y < 860, `the rule is at ${y}`)
    await rule.locator('a').first().click()
    assert.match(page.url(), /#Guarantee\/GuaranteeReference$/)
  })
})

test('on paper the navigation is gone and every list is unfolded', async () => {
  await look('CC015C', desk, async (page) => {
    const code = page.locator('article#CL251 details dt').first()
    const height = async (): Promise<number> => (await code.boundingBox())?.height ?? 0
    assert.equal(await height(), 0)
    await page.emulateMedia({ media: 'print' })
    assert.ok((await height()) > 0)
    assert.equal(await page.locator('nav').isVisible(), false)
    assert.equal(await page.evaluate(`getComputedStyle(document.getElementById('Consignment')).position`), 'static')
  })
})

test('the codes that a corridor adds are shown as such, and are not there without it', async () => {
  await look('CC015C', desk, async (page) => {
    const list = page.locator('article#CL009')
    const words = (await list.innerText()).replaceAll(/\s+/g, ' ')
    assert.match(words, /54 codes on \d{4}-\d\d-\d\d 2 of them from the corridor: AL Albania XK Kosovo/)
    assert.match(words, /\(illustrative\)/)
    assert.match(await page.locator('article#CL172').innerText(), /CustomsOfficeDestination[^]*XK000301/)
    assert.match(await page.locator('.figures').innerText(), /Albania – Kosovo/)
  })
  const alone = (await corridor(['schema', 'CC015C', '--html'])).out
  const list = /<article id="CL009">[^]*?<\/article>/.exec(alone)![0]
  assert.match(list, /52 codes on/)
  assert.doesNotMatch(list, /XK|Kosovo/)
  const wrong = await corridor(['schema', 'CC015C', '--xsd', '--corridor', 'albania-kosovo'])
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /--corridor goes with --html/)
  assert.match((await corridor(['schema', 'CC015C', '--html', '--corridor', 'atlantis'])).err, /atlantis/)
})
