/** The secretariat's board in a browser: what members copied to it, as it comes; in other languages, on a narrow screen, in the dark. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { isFit as isFitFor, setStage, type Stage } from '../../albania-kosovo/test/consoles.ts'

let stage: Stage | undefined
let page: Page

before(async () => {
  stage = await setStage(3, 'cemac')
  page = await stage.consoles.signIn(await stage.consoles.context(), 'hq', 'secretariat', 'Le transit dans la région')
  await stage.consoles.language(page, 'Béatrice Assoumou', 'en')
})
after(async () => {
  await stage?.end()
})

const isFit = (name: string): Promise<void> => isFitFor(page, `board-${name}`)
const rowOf = (table: string, name: string) => page.getByRole('table', { name: table }).getByRole('row', { name })
const goTo = (path: string) => page.goto(new URL(path, page.url()).href)

test('a movement that was released is in its corridor, and its amount among the guarantees in use', async () => {
  const corridor = rowOf('Movements by corridor', 'Congo - Brazzaville to Chad')
  await corridor.waitFor()
  assert.match(
    (await corridor.innerText()).replace(/[\s\u2068\u2069]+/g, ' '),
    /by Central African Republic 1 1 0 0 — — 0/,
  )
  await rowOf('By country', 'Congo - Brazzaville FCFA 3,500,000 1 1').waitFor()
  await rowOf('Copies of the members', 'Gabon NTA.GA none yet').waitFor()
  await isFit('overview')
})

test('a crossing is on the page as soon as it was copied, without asking', async () => {
  await page.getByRole('link', { name: 'Congo - Brazzaville to Chad' }).click()
  await rowOf('Movements in the region', `${stage?.mrn} Released for transit`).waitFor()
  await isFit('list')
  await stage?.play(1)
  await rowOf('Movements in the region', `${stage?.mrn} Crossed frontier`).waitFor()
})

test('one movement shows who told what', async () => {
  await page.getByRole('link', { name: stage?.mrn ?? '' }).click()
  await page.getByRole('heading', { name: stage?.mrn ?? '' }).waitFor()
  await rowOf('Copies, as they were told', 'NTA.CF CD118C').waitFor()
  const words = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ')
  assert.match(words, /26CG0009010000016 FCFA 3,500,000 In use/)
  assert.doesNotMatch(words, /Kouilou|Négoce/, 'nobody is named')
  await isFit('movement')
})

test('from right to left, on a narrow screen, in the dark', async () => {
  await stage?.consoles.language(page, 'Béatrice Assoumou', 'ar')
  await page.emulateMedia({ colorScheme: 'dark' })
  for (const width of [1366, 390]) {
    await page.setViewportSize({ width, height: 844 })
    for (const path of ['/regional', '/regional/movements', `/regional/movements/${stage?.mrn}`]) {
      await goTo(path)
      await page.getByRole('table').first().waitFor()
      await isFit(`ar-${width}${path.replaceAll('/', '-')}`)
    }
  }
})

test('no page asked another place for anything, and none broke', () => {
  assert.deepEqual([stage?.consoles.strayed, stage?.consoles.faults], [[], []])
})
