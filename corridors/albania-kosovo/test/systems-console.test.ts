/** Systems and statistics in a browser: the desk announces, officers everywhere see it, a partner is asked, a month is sent. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { StoryDriver } from '@corridor/cli/story'
import type { Page } from 'playwright-core'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from './consoles.ts'
import type { TestCorridor } from './running.ts'

const title = 'Systems and central services'
let stage: Stage | undefined
let corridor: TestCorridor
let consoles: Consoles
let desk: Page
let officer: Page
let mrn: string

before(async () => {
  stage = await setStage(3)
  ;({ corridor, consoles, mrn } = stage)
  desk = await consoles.signIn(await consoles.context(), 'xk', 'prishtina-operations', title)
  officer = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
})
after(async () => {
  await stage?.end()
})

const isFit = (page: Page, name: string): Promise<void> => isFitFor(page, `systems-${name}`)

/** A moment as the field of a browser has it, from now on by so many minutes. */
const inMinutes = (minutes: number): string => {
  const at = new Date(Date.now() + minutes * 60_000)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

test('work begins with the systems; what is wrong with an announcement is said beside it', async () => {
  await desk.getByText('Nothing is announced.').waitFor()
  await isFit(desk, 'empty')
  const form = desk.getByRole('form', { name: 'Announce that our system is unavailable' })
  await form.getByLabel('From').fill(inMinutes(-5))
  await form.getByLabel('Until').fill(inMinutes(-10))
  await form.getByRole('button', { name: 'Announce' }).click()
  await form.getByText('It ends after it begins.').waitFor()
  await isFit(desk, 'wrong')
})

test('what the desk announces is in the table, and above every page of the country', async () => {
  const form = desk.getByRole('form', { name: 'Announce that our system is unavailable' })
  await form.getByLabel('Kind').selectOption({ label: 'Not planned' })
  await form.getByLabel('Why').selectOption({ label: 'Failure' })
  await form.getByLabel('Until').fill('')
  await form.getByLabel('Fallback procedure').selectOption({ label: 'Used' })
  await form.getByLabel('In words').fill('Power cut in the data centre')
  await form.getByRole('button', { name: 'Announce' }).click()
  const row = desk.getByRole('table', { name: 'Announced unavailability' }).getByRole('row', { name: 'Kosovo' })
  await row.waitFor()
  assert.match(
    (await row.innerText()).replace(/\s+/g, ' '),
    /Kosovo Unavailable .* Nobody can say Not planned .* Failure/,
  )
  await desk.getByText('Our own system is announced unavailable; nobody can say until when.').waitFor()
  await isFit(desk, 'announced')
})

test('a partner is asked on the other side, and says that it is unavailable', async () => {
  await officer.goto(new URL('/availability', officer.url()).href)
  await officer.getByRole('heading', { name: title }).waitFor()
  assert.equal(await officer.getByRole('form').count(), 0, 'an officer announces nothing')
  await officer.getByRole('textbox', { name: 'MRN', exact: true }).fill('26AL')
  await officer.getByRole('button', { name: 'Ask', exact: true }).click()
  await officer.getByText('Give an MRN: 18 characters.').waitFor()
  await officer.getByRole('textbox', { name: 'MRN', exact: true }).fill(mrn)
  await officer.getByRole('button', { name: 'Ask', exact: true }).click()
  const row = officer.getByRole('table', { name: 'Ask a partner' }).getByRole('row', { name: mrn })
  await row.getByText('Unavailable, as announced').waitFor()
  await isFit(officer, 'asked')
})

test('a notice of the central services comes while a page is open; it fits on a phone, in the dark, from right to left', async () => {
  await officer.goto(new URL(`/movements/${mrn}`, officer.url()).href)
  const driver = new StoryDriver(corridor, () => undefined, 60_000, 'unavailability')
  const step = driver.submitStep('forward')
  const startsAt = new Date().toISOString().slice(0, 19)
  await driver.submit(step, { lrn: 'NOTICE1', mrn: '' }, { lrn: 'NOTICE1', mrn: '', next: 0, kept: { startsAt } })
  await officer.getByText(/The system of \P{L}?Kosovo\P{L}? is announced unavailable/u).waitFor()
  await isFit(officer, 'movement')
  await officer.getByRole('link', { name: 'See what is announced' }).click()
  await officer.getByRole('heading', { name: title }).waitFor()
  await officer.emulateMedia({ colorScheme: 'dark' })
  await isFit(officer, 'dark')
  await consoles.language(officer, 'Arta Hoxha', 'ar')
  await isFit(officer, 'right-to-left')
  await officer.setViewportSize({ width: 390, height: 844 })
  await isFit(officer, 'phone')
})

test('the desk changes what it announced, and takes it back', async () => {
  await desk.getByRole('button', { name: 'Change' }).first().click()
  const form = desk.getByRole('form', { name: 'Change' })
  assert.ok(await form.getByLabel('From').isDisabled())
  await form.getByLabel('Until').fill(inMinutes(60))
  await form.getByRole('button', { name: 'Change' }).click()
  await desk.getByText(/Our own system is announced unavailable until/).waitFor()
  await desk.getByRole('button', { name: 'Take back' }).click()
  await desk.getByText('Nothing is announced.').waitFor()
  await desk.getByText(/Our own system is announced unavailable/).waitFor({ state: 'detached' })
})

test('a month is counted and sent; one that is not over is refused beside the field', async () => {
  await desk.getByRole('link', { name: 'Statistics' }).click()
  await desk.getByText('No statistics were sent yet.').waitFor()
  await desk.getByLabel('Month (yyyy-mm)').fill(new Date().toISOString().slice(0, 7))
  await desk.getByRole('button', { name: 'Count and send' }).click()
  await desk.getByText('Give a month that is over, as yyyy-mm.').waitFor()
  await desk.getByLabel('Month (yyyy-mm)').fill('2026-10')
  await desk.getByRole('button', { name: 'Count and send' }).click()
  const row = desk
    .getByRole('table', { name: '2026-10' })
    .getByRole('row', { name: 'Arrived at our offices of destination' })
  await row.waitFor()
  await isFit(desk, 'statistics')
  assert.deepEqual([consoles.faults, consoles.strayed], [[], []])
})
