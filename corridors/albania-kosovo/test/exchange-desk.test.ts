/** The operations desk in a browser: messages are found, seen whole, and the list follows what happens without moving a row. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from './consoles.ts'

let stage: Stage | undefined
let consoles: Consoles
let desk: Page
let mrn: string

before(async () => {
  stage = await setStage(4)
  ;({ consoles, mrn } = stage)
  desk = await consoles.signIn(await consoles.context(), 'al', 'tirana-operations', 'Systems and central services')
})
after(async () => {
  await stage?.end()
})

const isFit = (page: Page, name: string): Promise<void> => isFitFor(page, `exchange-${name}`)
const at = (path: string): string => new URL(path, desk.url()).href
const rows = (page: Page) => page.getByRole('table', { name: 'Messages of the exchange' }).locator('tbody tr')

test('from the partners to the messages, by what a document names, with the filter in the address', async () => {
  await desk.goto(at('/exchange'))
  await desk.getByRole('link', { name: 'Messages', exact: true }).click()
  await desk.getByRole('heading', { name: 'Messages of the exchange' }).waitFor()
  await rows(desk).first().waitFor()
  await isFit(desk, 'messages')
  await desk.getByLabel('Search MRN, LRN, plate, seal, container or message id').fill(mrn.toLowerCase())
  await desk.getByRole('button', { name: 'Search' }).last().click()
  await desk.getByRole('combobox', { name: 'Direction' }).selectOption({ label: 'Leaves' })
  await desk.getByRole('combobox', { name: 'Partner' }).selectOption({ label: 'Kosovo' })
  await desk.waitForURL(/partner=NTA\.XK/)
  assert.equal(new URL(desk.url()).searchParams.get('direction'), 'out')
  await rows(desk).filter({ hasText: 'CD001C' }).waitFor()
  assert.equal(await rows(desk).filter({ hasText: 'CC015C' }).count(), 0, 'what came is not what leaves')
  await isFit(desk, 'filtered')
  await desk.getByRole('link', { name: /Without the filter Direction/ }).click()
  await desk.waitForURL((url) => !url.searchParams.has('direction'))
  await desk.getByText('More filters').click()
  await desk.getByLabel('Plate', { exact: true }).fill('nowhere')
  await desk.getByRole('button', { name: 'Search' }).last().click()
  await desk.getByText('No message is like this.').waitFor()
  await isFit(desk, 'nothing')
})

test('what is asked wrongly is refused in words, and a list is not lost by it', async () => {
  await desk.goto(at('/exchange/messages?state=lost'))
  await desk.getByText(/Use one or some of: received/).waitFor()
  await desk.goto(at('/exchange/messages?cursor=abc'))
  await desk.locator('.bar.bad').waitFor()
  await desk.goto(at('/exchange/messages/in-99999'))
  await desk.locator('.bar.bad').waitFor()
})

test('a message whole: verdict, envelope, receipt, what happened, its conversation, the document, the very bytes', async () => {
  await desk.goto(at(`/exchange/messages?mrn=${mrn}&type=CD001C`))
  await rows(desk).first().waitFor()
  await desk.keyboard.press('j')
  await desk.keyboard.press('Enter')
  await desk.getByRole('heading', { name: 'CD001C Anticipated arrival record' }).waitFor()
  await desk.getByText('The partner’s signed receipt is verified and stored here.').waitFor()
  const envelope = desk.getByRole('region', { name: 'Envelope' })
  await envelope.getByText('holds, by a known certificate').waitFor()
  await desk.getByRole('region', { name: 'Receipt' }).getByText('Signed receipt').waitFor()
  const history = desk.getByRole('region', { name: 'What happened to it' })
  await history.getByText('Receipt stored').waitFor()
  await desk.getByRole('region', { name: 'Document', exact: true }).getByText(mrn).first().waitFor()
  await desk.getByRole('region', { name: 'Whole conversation' }).getByText('CC015C').waitFor()
  const coming = desk.waitForEvent('download')
  await envelope.getByRole('link', { name: /Save/ }).click()
  assert.match((await coming).suggestedFilename(), /^out-\d+\.raw$/)
  await isFit(desk, 'message')
})

test('in the dark, from right to left, on a phone', async () => {
  await desk.emulateMedia({ colorScheme: 'dark' })
  await isFit(desk, 'message-dark')
  await consoles.language(desk, 'Ilir Prifti', 'ar')
  await isFit(desk, 'message-right-to-left')
  await desk.setViewportSize({ width: 390, height: 844 })
  await isFit(desk, 'message-phone')
  await desk.goto(at('/exchange/messages'))
  await desk.locator('tbody tr').first().waitFor()
  await isFit(desk, 'messages-phone')
  await desk.setViewportSize({ width: 1366, height: 900 })
  await isFit(desk, 'messages-right-to-left')
  await desk.emulateMedia({ colorScheme: 'light' })
  await consoles.language(desk, 'Ilir Prifti', 'en')
})

test('what comes meanwhile moves no row: it is counted, and shown when it is asked for', async () => {
  await desk.goto(at('/exchange/messages'))
  const first = rows(desk).first()
  const before = await first.innerText()
  await stage!.play(1)
  const fresh = desk.getByRole('button', { name: /new — show/ })
  await fresh.waitFor()
  assert.equal((await first.innerText()).split('\n')[0], before.split('\n')[0])
  await fresh.click()
  await fresh.waitFor({ state: 'detached' })
  assert.notEqual(await rows(desk).count(), 0)
})

test('who is not of the operations desk sees the partners alone', async () => {
  const officer = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
  await officer.goto(at('/exchange'))
  await officer.getByRole('heading', { name: 'Exchange' }).waitFor()
  assert.equal(await officer.getByRole('navigation', { name: 'Exchange' }).count(), 0)
  await officer.goto(at('/exchange/messages'))
  await officer.locator('.bar.bad').waitFor()
  assert.deepEqual([consoles.faults, consoles.strayed], [[], []])
})
