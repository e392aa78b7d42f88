/** The pages of reference data in a browser, on the lists that a corridor starts with and an office that both sides share. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { addDays, namingOf, readReference } from '@corridor/customs'
import { reference } from '@corridor/registry'
import type { Browser, Page } from 'playwright-core'
import { launch, violations } from '../../../scripts/browser.ts'
import { Consoles } from './consoles.ts'
import { startForTest, type TestCorridor } from './running.ts'

let corridor: TestCorridor
let browser: Browser
let consoles: Consoles
let page: Page
/** Days in Albania, whose officer looks. */
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Tirane' }).format(new Date())
const tomorrow = addDays(today, 1)
const pictures = process.env['CORRIDOR_PICTURES']

before(async () => {
  corridor = await startForTest()
  browser = await launch()
  consoles = new Consoles(browser, corridor)
  await bring([
    office,
    { list: 'CL019', code: '9', validFrom: tomorrow, texts: { en: 'Bridge closed', sq: 'Urë e mbyllur' } },
  ])
  page = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
})
after(async () => {
  await browser?.close()
  await corridor?.end()
})

/** A customs office as an administration gives it: an illustration. */
const address = (LanguageCode: string, CustomsOfficeUsualName: string, City: string) => ({
  name: 'CustomsOfficeLsd',
  items: { LanguageCode, CustomsOfficeUsualName, StreetAndNumber: 'Rruga Doganore 1', City },
  groups: [],
})
const competence = (Role: string, TrafficType: string) => ({
  name: 'CustomsOfficeRoleTrafficCompetence',
  items: { Role, TrafficType },
  groups: [],
})
const line = (from: string, to: string, hours: [string, string][], competences: object[]) => ({
  name: 'CustomsOfficeTimetableLine',
  items: {
    DayInTheWeekBeginDay: from,
    DayInTheWeekEndDay: to,
    ...Object.fromEntries(
      hours.flatMap(([open, close], n) => {
        const period = `OpeningHoursTime${n === 0 ? 'First' : 'Second'}Period`
        return [
          [`${period}From`, open],
          [`${period}To`, close],
        ]
      }),
    ),
  },
  groups: competences,
})
const season = (SeasonName: string, from: string, to: string, lines: object[]) => ({
  name: 'CustomsOfficeTimetable',
  items: { SeasonCode: SeasonName.slice(0, 1), SeasonName, SeasonStartDate: from, SeasonEndDate: to },
  groups: lines,
})
const transit = ['DEP', 'DES', 'TRA'].flatMap((role) => [competence(role, 'R'), competence(role, 'P')])
const office = {
  list: 'CL141',
  code: 'AL000101',
  validFrom: '2026-01-01',
  items: {
    CountryCode: 'AL',
    UnLocodeId: 'DRZ',
    GeoInfoCode: 'AL/MK',
    PostalCode: '2001',
    PhoneNumber: '+355 52 22 00 28',
    EMailAddress: 'durres@customs.example',
    ReferenceNumberHigherAuthority: 'AL000901',
    ReferenceNumberCompetentAuthorityOfEnquiry: 'AL000901',
    ReferenceNumberCompetentAuthorityOfRecovery: 'AL000901',
  },
  groups: [
    address('SQ', 'Porti i Durrësit', 'Durrës'),
    address('EN', 'Durrës Port', 'Durrës'),
    address('AR', 'ميناء دوريس', 'دوريس'),
    season('Summer', '20260401', '20261031', [
      line('1', '5', [['0700', '2200']], transit),
      line('6', '7', [['0800', '1400']], [competence('DES', 'P')]),
    ]),
    season('Winter', '20261101', '20270331', [
      line('1', '6', [['0800', '1200'], ['1300', '1900']], transit), // prettier-ignore
    ]),
  ],
}

/** Brings entries into the lists of Albania's node, beside what is there. */
async function bring(entries: object[]): Promise<void> {
  const lines = [...entries, { entries: entries.length }].map((entry) => JSON.stringify(entry)).join('\n')
  await corridor.databases.get('al')!.transaction(async (tx) => {
    const read = readReference('json', [lines], namingOf(await reference.listSummaries(tx)))
    const report = await reference.importEntries(tx, read, {
      author: 'durres-departure',
      at: new Date(),
      effective: today,
      covers: 'addition',
    })
    assert.deepEqual(report.wrong, [])
  })
}

async function open(path: string, heading?: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href)
  await page.getByRole('heading', { level: 1, ...(heading !== undefined && { name: heading }) }).waitFor()
}

async function picture(name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

const rows = () => page.locator('tbody tr')
const place = () => new URL(page.url()).pathname + new URL(page.url()).search

/** Until the other node has said that it has every list of this one: a page shows what was so when it was asked for. */
async function everybodyHasAll(): Promise<void> {
  const subscribers = await reference.subscribersOf(corridor.databases.get('al')!, 'NTA.AL')
  if (subscribers.length > 0 && subscribers.every(({ version, published }) => version > 0 && version === published))
    return
  await pause(100)
  await everybodyHasAll()
}

test('what changes tomorrow, and who has not taken the last version, is the first thing to see', async () => {
  await everybodyHasAll()
  await page.getByRole('link', { name: 'Reference data' }).click()
  await page.getByRole('heading', { name: 'What changes tomorrow' }).waitFor()
  await page.getByText(/1.* code changes tomorrow/).waitFor()
  await page.getByText('Everybody has the last version.').waitFor()
  const geo = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'CL015', exact: true }) })
  await geo.getByText('CL15', { exact: true }).waitFor()
  assert.match(await geo.innerText(), /Table.*12/)
})

test('codes are found while they are typed, by words without their marks, and the address keeps what was sought', async () => {
  const box = page.getByRole('main').getByRole('searchbox')
  await box.pressSequentially('durr')
  await page.getByRole('link', { name: 'AL000101' }).first().waitFor()
  await page.waitForURL(/q=durr$/)
  assert.equal(await box.inputValue(), 'durr')
  await page.reload()
  await page.getByRole('link', { name: 'AL000101' }).first().waitFor()
  await box.fill('nothing is called so')
  await page.getByText('No code in force begins like this').waitFor()
  await page.getByText('No list is called like this.').waitFor()
})

test('a list: as of a day, of any time, by words of any language, page by page; a pasted address opens the same view', async () => {
  await open('/reference/CL019')
  await rows().first().waitFor()
  const before = await rows().count()
  await page.getByLabel('As of').fill(tomorrow)
  await page.getByRole('link', { name: '9', exact: true }).waitFor()
  assert.equal(await rows().count(), before + 1)
  assert.equal(place(), `/reference/CL019?at=${tomorrow}`)
  await page.getByLabel('Of any time').check()
  await rows().getByText('From a later day').waitFor()
  await page.getByRole('main').getByRole('searchbox').pressSequentially('ure e mby')
  await page.waitForURL(/q=ure.e.mby&at=any/)
  await rows().nth(1).waitFor({ state: 'detached' })
  const shown = place()
  await open(shown)
  await page.getByRole('link', { name: '9', exact: true }).waitFor()
  assert.equal(await rows().count(), 1)
  await page.getByRole('link', { name: 'Clear' }).click()
  await rows().nth(1).waitFor()

  await open('/reference/C05')
  await rows().first().waitFor()
  assert.equal(await rows().count(), 50)
  const first = page.locator('tbody a[data-row-link][href="/reference/C05/01"]')
  await first.waitFor()
  await page.getByRole('link', { name: 'Next' }).click()
  await page.getByRole('link', { name: 'First page' }).waitFor()
  // The address is that of the next page at once, its rows come after.
  await first.waitFor({ state: 'detached' })
})

test('a code shows every time, and a customs office its whole record', async () => {
  await open('/reference/CL141/AL000101')
  await page.getByRole('heading', { level: 1, name: /AL000101.*Durrës Port/ }).waitFor()
  for (const words of ['+355 52 22 00 28', 'Porti i Durrësit', 'ميناء دوريس', 'Summer', 'Winter', '13:00 – 19:00'])
    await page.getByText(words, { exact: true }).first().waitFor()
  await page
    .getByRole('row', { name: /Mon.*Fri/ })
    .getByText('Road')
    .first()
    .waitFor()
  assert.equal(await page.getByRole('link', { name: 'AL000901' }).count(), 3)
  await open('/reference/CL015/AL%2FMK')
  await page.getByText('Frontière albano-macédonienne').waitFor()
})

test('what is not there says so', async () => {
  await open('/reference/CL999')
  await page.getByText('There is nothing at this address').waitFor()
  await open('/reference/CL019/ZZZ')
  await page.getByText('There is nothing at this address').waitFor()
  await open('/reference/CL019?q=zzzz')
  await page.getByText('No code of this list fits.').waitFor()
})

test('which side produces how much: a picture, the same as a table, and a file for planning', async () => {
  await open('/reference')
  await page.getByRole('link', { name: 'Volume' }).click()
  await page.getByRole('heading', { name: 'By list' }).waitFor()
  await page.getByText('No complete month yet').first().waitFor()
  assert.ok((await page.locator('svg rect.forecast').count()) >= 6)
  const running = page.getByRole('row', { name: /So far/ }).first()
  assert.match(await running.innerText(), /\d/)
  const link = page.getByRole('link', { name: 'Save as CSV' })
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  assert.match(download.suggestedFilename(), /^reference-volume-\d{4}-\d\d-\d{4}-\d\d\.csv$/)
  const file = readFileSync(await download.path(), 'utf8')
  assert.match(file, /^owner,list,month,kind,/)
  assert.match(file, new RegExp(`,CL019,${today.slice(0, 7)},running,\\d+,1,`))
})

/** The pages, and what is on each when it is all there. */
const paths: Record<string, [path: string, whole: string]> = {
  lists: ['/reference', 'tbody tr >> nth=50'],
  sought: ['/reference?q=durr', '#hits-title + ul'],
  list: ['/reference/CL019', 'tbody tr'],
  table: ['/reference/CL015', 'tbody tr'],
  offices: ['/reference/CL141%2FNTA.AL', 'tbody tr'],
  levels: ['/reference/C05', 'tbody tr'],
  empty: ['/reference/CL016', '.empty'],
  office: ['/reference/CL141/AL000101', 'tbody tr >> nth=3'],
  code: ['/reference/CL019/9', '.facts dd'],
  changes: ['/reference/changes', 'tbody tr >> nth=9'],
  subscribers: ['/reference/subscribers', 'tbody tr'],
  volume: ['/reference/volume', 'tbody tr >> nth=20'],
}

for (const dress of ['en-light-1366', 'ar-dark-1366', 'ar-light-390', 'sq-dark-390', 'fa-AF-light-320'])
  test(`${dress}: nobody is shut out, nothing scrolls sideways`, async () => {
    const [, locale = '', colorScheme, width] = /^(.+)-(light|dark)-(\d+)$/.exec(dress)!
    await page.setViewportSize({ width: 1366, height: 900 })
    await page.emulateMedia({ colorScheme: colorScheme as 'light' | 'dark' })
    await open('/reference')
    await consoles.language(page, 'Arta Hoxha', locale)
    await page.setViewportSize({ width: Number(width), height: 844 })
    for (const [name, [path, whole]] of Object.entries(paths)) {
      await open(path)
      await page.getByRole('main').locator(whole).first().waitFor()
      await picture(`${dress}-${name}`)
      assert.deepEqual(await violations(page), [], path)
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} scrolls sideways`)
    }
  })

test('no page had an error, no request left its own origin', () => {
  assert.deepEqual([consoles.strayed, consoles.faults], [[], []])
})
