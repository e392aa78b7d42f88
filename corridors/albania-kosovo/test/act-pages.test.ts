/**
 * One page an act, in a browser: every act that an officer may do on a movement, with each field that it has. No single movement allows them
 * all; so the node's answer about a real one is given every act of the tables, as the node would build it, and what the form sends is read.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Act, ActField } from '@corridor/procedures'
import { loadLaw } from '@corridor/tables'
import type { Locator, Page, Route } from 'playwright-core'
import { type Consoles, isFit as isFitFor, setStage, type Stage } from './consoles.ts'

const { law } = loadLaw(new URL('../codelists/', import.meta.url))
/** Of several roles with an act of the same name, one page: it shows the fields that it is given. */
const acts = [
  ...new Map(law.acts.map((act) => [`${act.act} ${act.fields.map(({ name }) => name).join()}`, act])).values(),
]

let stage: Stage | undefined
let consoles: Consoles
let page: Page
let mrn: string
/** What the page is given, and what it sent. */
let shown: Act | undefined
let sent: { act: string; fields: Record<string, string> } | undefined

before(async () => {
  stage = await setStage(1)
  ;({ consoles, mrn } = stage)
  page = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
  page.setDefaultTimeout(10_000)
  await page.route(`**/movements/${mrn}`, withAct)
  await page.route(`**/movements/${mrn}/acts`, taken)
})
after(async () => {
  await stage?.end()
})

/** The node's own answer, with the act that is looked at. */
async function withAct(route: Route): Promise<void> {
  if (route.request().resourceType() === 'document' || shown === undefined) return route.continue()
  const response = await route.fetch()
  const movement = (await response.json()) as Record<string, unknown>
  await route.fulfill({ response, json: { ...movement, acts: [viewOf(shown)] } })
}

async function taken(route: Route): Promise<void> {
  sent = route.request().postDataJSON() as typeof sent
  const movement = await page.request.get(`${new URL(page.url()).origin}/movements/${mrn}`, {
    headers: { accept: 'application/json' },
  })
  await route.fulfill({ json: { movement: await movement.json() } })
}

function viewOf(act: Act): Record<string, unknown> {
  return {
    act: act.act,
    primary: true,
    undoable: act.undoable,
    fields: act.fields.map((field) => ({
      name: field.name,
      kind: field.kind,
      required: field.required,
      ...(field.kind === 'code' && { codes: law.choices.get(field.list) ?? [] }),
      ...(field.kind === 'text' && { maxLength: longest(field) }),
    })),
    effect: { code: act.effect, values: { mrn, amount: '5000.00', currency: 'EUR', ...places } },
  }
}

const places = { departure: 'Durrës', transit: 'Vërmicë', destination: 'Prizren', trader: 'Adria Spedicion Shpk' }

/** What is filled in that is no words and no code. */
const samples: Partial<Record<ActField['kind'], string>> = {
  date: '2026-12-01',
  time: '10:30',
  number: '7',
  amount: '7',
}

const longest = ({ format }: ActField): number => Number(/\d+$/.exec(format)?.[0] ?? 512)

const words = JSON.parse(
  readFileSync(new URL('../../../packages/console/src/locales/en.json', import.meta.url), 'utf8'),
) as Record<string, string>

const control = (field: ActField): Locator => page.locator(`#field-${field.name}`)

/** Fills in one field as a person does. @returns what must be sent for it */
async function fill(field: ActField): Promise<string> {
  const codes = law.choices.get(field.list) ?? []
  if (field.kind === 'code') {
    const { code } = codes.at(-1) ?? assert.fail(`${field.name} has nothing to choose`)
    if (codes.length <= 6) await page.locator(`input[name="${field.name}"][value="${code}"]`).check()
    else await control(field).fill(code)
    return code
  }
  const value = samples[field.kind] ?? 'Fjalë'.slice(0, longest(field))
  await control(field).fill(value)
  return value
}

async function open(act: Act): Promise<void> {
  shown = act
  sent = undefined
  await page.goto(`${new URL(page.url()).origin}/movements/${mrn}/do/${act.act}`)
  await page.locator('form.card').waitFor()
}

const isFit = (name: string): Promise<void> => isFitFor(page, `act-${name}`)

for (const act of acts)
  test(`${act.role} ${act.act}: ${act.fields.map(({ name }) => name).join(', ') || 'nothing to fill in'}`, async () => {
    await open(act)
    const title = words[`act.${act.act}`] ?? assert.fail(`act.${act.act} has no words`)
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), title)
    for (const { name } of act.fields) {
      const label = words[`field.${name}`] ?? assert.fail(`field.${name} has no words`)
      assert.ok((await page.locator('form.card').innerText()).includes(label), label)
    }
    assert.ok(words[`effect.${act.effect}`], `effect.${act.effect} has no words`)
    // Nothing is proposed here, so that everything must be filled in.
    const needed = act.fields.filter(({ required }) => required)
    const send = page.getByRole('button', { name: title, exact: true })
    if (needed.length > 0) {
      await send.click()
      assert.equal(await page.locator('[role=alert] a').count(), needed.length, 'each that is missing is named once')
      assert.equal(sent, undefined)
    }
    await isFit(act.act)
    const expected: Record<string, string> = {}
    for (const field of act.fields) expected[field.name] = await fill(field)
    await send.click()
    await page.waitForURL((url) => url.pathname === `/movements/${mrn}`)
    assert.deepEqual([sent?.act, sent?.fields], [act.act, expected])
  })

test('right to left, in the dark, on a narrow screen: the page with the most fields, and with its errors', async () => {
  const act = acts.toSorted((one, other) => other.fields.length - one.fields.length)[0] ?? assert.fail()
  await consoles.language(page, 'Arta Hoxha', 'ar')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 390, height: 844 })
  await open(act)
  await isFit(`${act.act}-ar-dark-390`)
  await page.locator('form.card button.primary').click()
  await page.locator('[role=alert]').waitFor()
  await isFit(`${act.act}-ar-dark-390-errors`)
  assert.deepEqual([consoles.faults, consoles.strayed], [[], []])
})
