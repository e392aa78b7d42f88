import { issueLink } from '@corridor/node'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { TestCorridor } from './running.ts'

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
    await page.locator('.who', { hasText: person }).click()
    await page.locator('#user-menu select').first().selectOption(locale)
    await page.locator(`html[lang="${locale}"]`).waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
  }
}
