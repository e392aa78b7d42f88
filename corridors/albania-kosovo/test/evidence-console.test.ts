/** Evidence in a browser: an officer saves it from the page of a movement and from that of a message. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { checkEvidence } from '@corridor/evidence'
import type { Page } from 'playwright-core'
import { isFit, setStage, type Stage } from './consoles.ts'

let stage: Stage | undefined
let page: Page
before(async () => {
  // Up to the release: what was sent to Kosovo is receipted.
  stage = await setStage(3)
  page = await stage.consoles.signIn(await stage.consoles.context(), 'al', 'durres-departure')
})
after(() => stage?.end())

async function saved(): Promise<Buffer> {
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Evidence', exact: true }).click()
  const file = await saving
  assert.equal(file.suggestedFilename(), `${stage!.mrn}.asice`)
  return readFileSync(await file.path())
}

test('an officer saves evidence from the page of the movement and of a message; the page stays as it is', async () => {
  await page.goto(new URL(`/movements/${stage!.mrn}`, page.url()).href)
  await page.getByRole('link', { name: 'Evidence', exact: true }).waitFor()
  await isFit(page, 'evidence-movement')
  const ofMovement = await checkEvidence(await saved())
  assert.deepEqual([ofMovement.sound, ofMovement.movement], [true, stage!.mrn])
  assert.ok(ofMovement.messages > 3)
  assert.equal(new URL(page.url()).pathname, `/movements/${stage!.mrn}`)
  await page.locator('a', { hasText: 'CD001C' }).first().click()
  await page.getByRole('link', { name: 'Save XML' }).waitFor()
  await isFit(page, 'evidence-message')
  assert.equal((await checkEvidence(await saved())).sound, true)
  const taken = await stage!.corridor.databases
    .get('al')!
    .query(`select actor from journal where kind = 'evidence.taken' and conversation = $1`, [stage!.mrn])
  assert.deepEqual(taken, [{ actor: 'durres-departure' }, { actor: 'durres-departure' }])
})

test('it stands where it belongs on a narrow screen, in the dark and from right to left', async () => {
  for (const locale of ['ar', 'fr']) {
    await page.goto(new URL(`/movements/${stage!.mrn}`, page.url()).href)
    await stage!.consoles.language(page, 'Arta Hoxha', locale)
    await page.emulateMedia({ colorScheme: locale === 'ar' ? 'dark' : 'light' })
    for (const width of [1366, 390]) {
      await page.setViewportSize({ width, height: 844 })
      await page.locator('a[download]').waitFor()
      await isFit(page, `evidence-${locale}-${width}`)
    }
    await page.setViewportSize({ width: 1366, height: 900 })
  }
  assert.deepEqual([stage!.consoles.strayed, stage!.consoles.faults], [[], []])
})
