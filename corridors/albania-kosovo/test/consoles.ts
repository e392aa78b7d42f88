import assert from 'node:assert/strict'
import { StoryDriver } from '@corridor/cli/story'
import { issueLink } from '@corridor/node'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { launch, violations } from '../../../scripts/browser.ts'
import { startForTest, type TestCorridor } from './running.ts'

const pictures = process.env['CORRIDOR_PICTURES']

/**
 * What everybody must be able to do on a page as it is now: no finding of axe, nothing that scrolls sideways. `CORRIDOR_PICTURES` names a
 * folder that gets a picture of it, or of a part of it.
 */
export async function isFit(page: Page, name: string, part?: Locator): Promise<void> {
  if (pictures !== undefined) {
    const path = `${pictures}/${name}.png`
    await (part === undefined ? page.screenshot({ path, fullPage: true }) : part.screenshot({ path }))
  }
  assert.deepEqual(await violations(page), [], name)
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${name} scrolls sideways`)
}

/** What a test of the consoles runs on. */
export interface Stage {
  corridor: TestCorridor
  consoles: Consoles
  /** The movement that the main story was played with; '' when no step of it was. */
  mrn: string
  /** Plays so many more steps of it. */
  play(steps: number): Promise<void>
  end(): Promise<void>
}

/** Starts a corridor and a browser, and plays so many steps of the main story. */
export async function setStage(steps: number, name?: string): Promise<Stage> {
  const corridor = await startForTest(name)
  const browser = await launch()
  const end = async (): Promise<void> => {
    await browser.close()
    await corridor.end()
  }
  const driver = new StoryDriver(corridor, () => undefined)
  const progress = driver.newProgress()
  try {
    if (steps > 0) await driver.play(progress, steps)
  } catch (error) {
    await end()
    throw error
  }
  const play = (more: number): Promise<void> => driver.play(progress, progress.next + more)
  return { corridor, consoles: new Consoles(browser, corridor), mrn: steps > 0 ? progress.mrn : '', play, end }
}

/** The consoles of a corridor in one browser, and what went wrong in any of their pages. */
export class Consoles {
  /** Requests that left the origin of the page that made them. */
  readonly strayed: string[] = []
  /** Errors that a page did not catch. */
  readonly faults: string[] = []
  readonly #browser: Browser
  readonly #corridor: TestCorridor

  constructor(browser: Browser, corridor: TestCorridor) {
    this.#browser = browser
    this.#corridor = corridor
  }

  /** A jar of cookies of its own. */
  async context(): Promise<BrowserContext> {
    const made = await this.#browser.newContext({ viewport: { width: 1366, height: 900 }, locale: 'en-GB' })
    made.on('page', (page) => {
      page.on('pageerror', (error) => this.faults.push(error.message))
      page.on('request', (request) => {
        const from = page.url() === 'about:blank' ? request.url() : page.url()
        if (
          !request.url().startsWith('data:') &&
          new URL(request.url()).origin !== new URL(from).origin &&
          !request.isNavigationRequest()
        ) {
          this.strayed.push(`${from} asked for ${request.url()}`)
        }
      })
    })
    return made
  }

  /** A page on which somebody is signed in, where the work of the role begins: an officer's at the movements. */
  async signIn(where: BrowserContext, node: string, account: string, begins = 'Movements'): Promise<Page> {
    const { settings } = this.#corridor.nodes.find((candidate) => candidate.node.id === node)!
    const page = await where.newPage()
    await page.goto(await issueLink(settings, account))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: begins, exact: true }).waitFor()
    return page
  }

  /** Chooses a language in the menu under the person's name. */
  async language(page: Page, person: string, locale: string): Promise<void> {
    const select = page.locator('#user-menu select').first()
    // A page that is just turning to another may close the menu again.
    for (let look = 0; look < 3; look++) {
      await page.locator('.who', { hasText: person }).click()
      const isChosen = await select.selectOption(locale, { timeout: 5_000 }).catch(() => undefined)
      if (isChosen !== undefined) break
    }
    await page.locator(`html[lang="${locale}"]`).waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
  }
}
