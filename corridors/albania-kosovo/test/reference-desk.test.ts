/** Change control of reference data in the browser: who drafts, who reviews, whom a change concerns, and what becomes of it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addDays } from '@corridor/customs'
import { reference } from '@corridor/registry'
import type { Browser, Page } from 'playwright-core'
import { launch, violations } from '../../../scripts/browser.ts'
import { Consoles } from './consoles.ts'
import { startForTest, type TestCorridor } from './running.ts'

let corridor: TestCorridor
let browser: Browser
let consoles: Consoles
let author: Page
let reviewer: Page
let kosovo: Page
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Tirane' }).format(new Date())
const tomorrow = addDays(today, 1)
const list = 'CL017/NTA.AL'
const at = `/reference/${encodeURIComponent(list)}`
const pictures = process.env['CORRIDOR_PICTURES']

before(async () => {
  corridor = await startForTest()
  browser = await launch()
  consoles = new Consoles(browser, corridor)
  const head = { names: ['PackagesOfAlbania'], source: 'this test', version: '1', kind: 'national', note: '' } as const
  const owned = { ...head, id: list, owner: 'NTA.AL', illustrative: true, completeness: 'partial' } as const
  for (const db of corridor.databases.values()) await reference.declareLists(db, [owned])
  const signIn = async (node: string, account: string) =>
    consoles.signIn(await consoles.context(), node, account, 'Reference data')
  author = await signIn('al', 'tirana-tariff')
  reviewer = await signIn('al', 'tirana-review')
  kosovo = await signIn('xk', 'prishtina-tariff')
  for (const page of [author, reviewer, kosovo]) page.setDefaultTimeout(6000)
})
after(async () => {
  await browser?.close()
  await corridor?.end()
})

async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

const acts = (page: Page) => page.getByRole('region', { name: 'What may be done now' })
/** What is said politely of an act; values stand between marks of their direction. */
const told = (page: Page, number: number, what: string) => page.getByText(new RegExp(`Version .${number}. ${what}`))
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Reviews and publishes the version that is open. */
async function publish(number: number): Promise<void> {
  await open(reviewer, `${at}/versions/${number}`)
  await press(reviewer, 'Mark as reviewed')
  await told(reviewer, number, 'is reviewed').waitFor()
  await press(reviewer, 'Publish')
  await told(reviewer, number, 'is in use').waitFor()
}

test('a manager begins at the reference data, and is offered only what the role may open', async () => {
  assert.equal(new URL(author.url()).pathname, '/reference')
  await author.getByRole('heading', { name: 'What changes tomorrow' }).waitFor()
  const areas = await author.getByRole('navigation', { name: 'Areas' }).getByRole('link').allInnerTexts()
  assert.deepEqual(areas, ['Reference data', 'Exchange'])
  await author.goto(new URL('/', author.url()).href)
  await author.waitForURL(/\/reference$/)
})

test('a draft: what is wrong is said at its place, and what was written is kept', async () => {
  await open(author, at)
  await author.getByRole('link', { name: 'New version' }).click()
  await author.getByRole('heading', { name: 'New version of' }).waitFor()
  await press(author, 'Make the draft')
  const bar = author.getByRole('alert')
  await bar.getByText(/things to correct/).waitFor()
  await picture(author, 'desk-errors')
  await author.getByLabel('Code', { exact: true }).fill('QA')
  await author.getByLabel(/^Meaning, .*English/).fill('Fruit crate')
  await author.getByLabel(/^Meaning, .*Albanian/).fill('Arkë frutash')
  await author.reload()
  assert.equal(await author.getByLabel('Code', { exact: true }).inputValue(), 'QA')
  await press(author, 'Add another change')
  const second = author.getByRole('group', { name: /^Change .*2/ })
  await second.getByLabel('Code', { exact: true }).fill('QB')
  await second.getByLabel(/^Meaning, .*English/).fill('Wine barrel')
  await author.getByLabel('Why').fill('Packages of Albanian exporters')
  await press(author, 'Make the draft')
  await author.waitForURL(/versions\/1$/)
})

test('who made it cannot review it; a second person does, and it is in use from its day on', async () => {
  await acts(author).getByText('A second person must review it: you made it.').waitFor()
  assert.equal(await acts(author).getByRole('button', { name: 'Mark as reviewed' }).count(), 0)
  await publish(1)
  await open(author, `${at}/QA`)
  await author.getByRole('heading', { level: 1, name: /QA.*Fruit crate/ }).waitFor()
  const days = new Intl.DateTimeFormat('en-GB').format(new Date(tomorrow))
  await author.getByText(days).first().waitFor()
})

test('a code that the list has: what is not changed stays, and both sides are shown', async () => {
  await open(author, `${at}/versions/new`)
  await author.getByLabel('Code', { exact: true }).fill('QA')
  await author.getByLabel(/^Meaning, .*English/).focus()
  await author.getByText('The list has this code.').waitFor()
  assert.equal(await author.getByLabel(/^Meaning, .*Albanian/).inputValue(), 'Arkë frutash')
  await author.getByLabel(/^Meaning, .*English/).fill('Wooden fruit crate')
  await author.getByLabel('Valid from').fill(addDays(tomorrow, 30))
  await press(author, 'Add another change')
  const second = author.getByRole('group', { name: /^Change .*2/ })
  await second.getByLabel('End a code').check()
  await second.getByLabel('Code', { exact: true }).fill('QB')
  await second.getByLabel('Last day').fill(addDays(tomorrow, 60))
  await author.getByLabel('Why').fill('Crates are of wood, barrels are no more')
  await picture(author, 'desk-form')
  await corridor.databases.get('al')!.query(
    `insert into movement (role, office, mrn, lrn, state, data, summary, search, needs_act, created_at, updated_at)
     values ('departure', 'AL000101', '26ALAL0001010000J5', 'L', 'released', $1, '{}', '', false, now(), now())`,
    [JSON.stringify({ record: { Consignment: { HouseConsignment: [{ ConsignmentItem: [{ Packaging: [{ typeOfPackages: 'QB' }] }] }] } } })],
  ) // prettier-ignore
  await press(author, 'Make the draft')
  await author.waitForURL(/versions\/2$/)
  const row = author.getByRole('row').filter({ has: author.getByRole('link', { name: 'QA', exact: true }) })
  assert.match(await row.locator('ins').last().innerText(), /^\+.*Wooden fruit crate/s)
  await author.getByText(/1. movement under way uses a code/).waitFor()
  await author.getByText('26ALAL0001010000J5').waitFor()
})

test('an end of a code in use takes a reason', async () => {
  await open(reviewer, `${at}/versions/2`)
  await press(reviewer, 'Mark as reviewed')
  await told(reviewer, 2, 'is reviewed').waitFor()
  await press(reviewer, 'Publish')
  await reviewer
    .getByRole('alert')
    .getByText(/Movements under way use QB/)
    .waitFor()
  await reviewer.getByLabel('Why it is published all the same').fill('The movement arrives before')
  await press(reviewer, 'Publish')
  await told(reviewer, 2, 'is in use').waitFor()
  await reviewer.getByText(/barrels are no more — The movement arrives before/).waitFor()
})

test('a file: progress, wrong lines, and what it changes', async () => {
  await open(author, `${at}/versions/new`)
  await author.getByLabel('From a file').check()
  await author.getByLabel('A part: the other codes stay as they are').check()
  const file = (text: string) => ({ name: 'packages.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await author.getByLabel('File', { exact: true }).setInputFiles(file('code,validFrom,text_en\nQC,2026-13-01,Sack\n'))
  await author.getByLabel('Why').fill('Sacks')
  await press(author, 'Make the draft')
  await author.getByRole('alert').getByText('Nothing of the file was kept.').waitFor()
  await author
    .getByRole('alert')
    .getByText(/Line .2/)
    .waitFor()
  await picture(author, 'desk-file')
  await author.getByLabel('File', { exact: true }).setInputFiles(file('code,validFrom,text_en\nQC,2026-12-01,Sack\n'))
  await press(author, 'Make the draft')
  await author.waitForURL(/versions\/3$/)
  await author.getByRole('link', { name: 'QC', exact: true }).waitFor()
})

test('an open version is taken back; an earlier one is restored as a draft', async () => {
  await open(author, `${at}/versions/new`)
  await author.getByText('Another version is open').waitFor()
  await author.getByRole('link', { name: 'See the version that is open' }).click()
  await press(author, 'Discard')
  await press(author, 'Discard for good')
  await told(author, 3, 'is discarded').waitFor()
  await open(author, `${at}/versions/1`)
  await author.getByLabel('Why').fill('The barrel is back')
  await press(author, 'Restore this version')
  await author.waitForURL(/versions\/3$/)
  await publish(3)
  await open(author, `${at}/versions`)
  await author.getByRole('row', { name: /Version .3. In use/ }).waitFor()
})

test('Kosovo’s manager sees the list of Albania and cannot change it; an officer neither', async () => {
  await open(kosovo, `${at}/versions/new`)
  await kosovo.getByText('The list belongs to').waitFor()
  assert.equal(await kosovo.getByRole('button', { name: 'Make the draft' }).count(), 0)
  const refused = await kosovo.evaluate(
    `fetch('${at}/versions', { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: JSON.stringify({ effective: '${tomorrow}', note: 'x', changes: [{ code: 'QZ', texts: { en: 'Ours' } }] }) })
      .then(async (answer) => [answer.status, (await answer.json()).type])`,
  )
  assert.deepEqual(refused, [403, 'urn:corridor:problem:not-owner'])
  const officer = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
  await open(officer, `${at}/versions`)
  await officer.getByRole('row', { name: /Version .3/ }).waitFor()
  assert.equal(await officer.getByRole('link', { name: 'New version' }).count(), 0)
})

/** The pages, and what is on each when it is all there. */
const paths: Record<string, [path: string, whole: string]> = {
  versions: [`${at}/versions`, 'tbody tr >> nth=2'],
  version: [`${at}/versions/4`, 'tbody tr'],
  published: [`${at}/versions/2`, 'tbody tr'],
  shipped: ['/reference/CL008/versions/1', 'tbody tr >> nth=40'],
  form: ['/reference/CL008/versions/new', 'fieldset'],
  list: [at, '.versions a >> nth=1'],
}

test('every page of it in every dress: nobody is shut out, nothing scrolls sideways', async () => {
  await open(author, `${at}/versions/new`)
  await author.getByLabel('Code', { exact: true }).fill('QB')
  await author.getByLabel(/^Meaning, .*English/).focus()
  await author.getByText('The list has this code.').waitFor()
  await author.getByLabel('End a code').check()
  await author.getByLabel('Last day').fill(addDays(tomorrow, 9))
  await press(author, 'Add another change')
  const second = author.getByRole('group', { name: /^Change .*2/ })
  await second.getByLabel('Code', { exact: true }).fill('QA')
  await second.getByLabel(/^Meaning, .*English/).focus()
  await author.getByText('The list has this code.').nth(1).waitFor()
  await second.getByLabel(/^Meaning, .*English/).fill('Plastic crate')
  await author.getByLabel('Why').fill('Everything at once')
  await press(author, 'Make the draft')
  await author.waitForURL(/versions\/4$/)
  for (const dress of ['en-light-1366', 'ar-dark-1366', 'ar-light-390', 'sq-dark-390', 'fa-AF-light-320']) {
    const [, locale = '', colorScheme, width] = /^(.+)-(light|dark)-(\d+)$/.exec(dress)!
    await author.setViewportSize({ width: 1366, height: 900 })
    await author.emulateMedia({ colorScheme: colorScheme as 'light' | 'dark' })
    await open(author, '/reference')
    await consoles.language(author, 'Elira Dervishi', locale)
    await author.setViewportSize({ width: Number(width), height: 844 })
    for (const [name, [path, whole]] of Object.entries(paths)) {
      await open(author, path)
      await author.getByRole('main').locator(whole).first().waitFor()
      await picture(author, `desk-${dress}-${name}`)
      assert.deepEqual(await violations(author), [], `${dress} ${path}`)
      assert.ok(
        await author.evaluate('document.documentElement.scrollWidth <= innerWidth'),
        `${dress} ${path} scrolls sideways`,
      )
    }
  }
})

test('no page had an error, no request left its own origin', () => {
  assert.deepEqual([consoles.strayed, consoles.faults], [[], []])
})
