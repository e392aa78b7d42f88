import type { Browser, Page } from 'playwright-core'

const focused = (page: Page) => page.evaluate(() => document.activeElement?.tagName ?? '')

/**
 * Walks the ways that a picture does not show: keys, live changes, a press too many, a conflict, a spent link. Hands back
 * what is wrong, in words.
 */
export async function walk(browser: Browser, origin: string, arrive: () => void): Promise<string[]> {
  const findings: string[] = []
  const expect = (held: boolean, words: string) => {
    if (!held) findings.push(`ways: ${words}`)
  }
  const enter = async (role: string): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1366, height: 860 } })).newPage()
    await page.goto(`${origin}/sign-in#${role}`)
    await page.locator('.primary').click()
    await page.waitForSelector('.table')
    return page
  }

  const link = await (await browser.newContext()).newPage()
  await link.goto(`${origin}/sign-in#spent-long-ago`)
  await link.locator('.primary').click()
  await link.waitForSelector('[role=alert]')
  expect((await link.locator('code').innerText()).includes('corridor login'), 'a spent link names the remedy')

  const page = await enter('departure')
  expect(page.url() === `${origin}/movements`, 'the token is gone from the address after signing in')
  arrive()
  await page.locator('.live button').waitFor()
  const before = await page.locator('[data-row-link]').first().innerText()
  expect((await page.locator('.live').innerText()).includes('1'), 'a new movement is counted')
  await page.locator('.live button').click()
  const top = await page.locator('[data-row-link]').first().innerText()
  expect(top !== before, 'the new movement is shown on a press')

  await page.keyboard.press('j')
  expect((await focused(page)) === 'A', 'j goes to the first row')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#audit')
  expect((await focused(page)) === 'H1', 'focus is on the heading after a navigation')
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await page.waitForURL('**/exchange')
  await page.goBack()
  await page.waitForSelector('[data-next-act]')
  await page.keyboard.press('?')
  expect(await page.locator('dialog').isVisible(), '? shows the list of keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  expect((await focused(page)) === 'INPUT', '/ goes to the search box')
  await page.keyboard.type(`${top}\n`)
  await page.waitForURL(`**/movements/${top}`)

  await page.waitForSelector('[data-next-act]')
  const other = await enter('departure')
  await other.goto(`${origin}/movements/${top}/do/release`)
  await other.waitForSelector('form.card')
  await page.keyboard.press('n')
  await page.waitForURL('**/do/release')
  const posts: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/acts')) posts.push(request.headers()['idempotency-key'] ?? '')
  })
  await page.locator('textarea').fill('Checked at gate 4')
  await page.reload()
  await page.waitForSelector('form.card')
  expect((await page.locator('textarea').inputValue()) === 'Checked at gate 4', 'a draft survives a reload')
  await page.locator('form.card .primary').dblclick()
  await page.waitForURL(`**/movements/${top}`)
  expect(posts.length === 1 && /^[0-9a-f-]{36}$/.test(posts[0] ?? ''), `pressed twice, sent ${posts.length} times`)
  expect((await page.locator('.notice').innerText()).includes(top), 'the act is said to be done')

  await other.locator('form.card .primary').click()
  await other.waitForSelector('.bar.warn')
  const said = await other.locator('.bar.warn').innerText()
  expect(said.includes('Accepted') && said.includes('Released'), 'a conflict shows what was and what is')

  const live = await enter('transit')
  await live.goto(`${origin}/movements/${top}`)
  await live.waitForSelector('[data-next-act]')
  await live.locator('[data-next-act]').click()
  await live.locator('form.card .primary').click()
  await live.waitForURL(`**/movements/${top}`)
  await page
    .locator('.identity', { hasText: 'Crossed frontier' })
    .waitFor({ timeout: 3000 })
    .catch(() => {
      findings.push('ways: an act in the other country does not appear by itself')
    })
  await page.evaluate(() => fetch('/session', { method: 'DELETE' }))
  await other.goto(`${origin}/movements`)
  await other.waitForSelector('.table')
  await page.locator('nav a', { hasText: 'Exchange' }).click()
  await page
    .locator('code', { hasText: 'corridor login' })
    .waitFor({ timeout: 3000 })
    .catch(() => {
      findings.push('ways: a session that ended does not lead to signing in')
    })
  await other.goto(`${origin}/movements/${top}`)
  await other.waitForSelector('#audit')
  await other.emulateMedia({ media: 'print' })
  expect(!(await other.locator('header').isVisible()), 'the bar is not printed')
  expect(await other.locator('.print-only').isVisible(), 'the foot with the address is printed')
  return findings
}
