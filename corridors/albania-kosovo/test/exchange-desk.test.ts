/** The operations desk in a browser: messages are found, seen whole, repaired by two people, and days held against those of the partner. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
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
  const filters = desk.getByRole('search', { name: 'Filter the list' })
  await filters.getByRole('searchbox').fill(mrn.toLowerCase())
  await filters.getByRole('button', { name: 'Search' }).click()
  await desk.getByRole('combobox', { name: 'Direction' }).selectOption({ label: 'Leaves' })
  await desk.getByRole('combobox', { name: 'Partner' }).selectOption({ label: 'Kosovo' })
  await desk.waitForURL(/partner=NTA\.XK/)
  assert.equal(new URL(desk.url()).searchParams.get('direction'), 'out')
  await rows(desk).filter({ hasText: 'CD001C' }).waitFor()
  assert.equal(await rows(desk).filter({ hasText: 'CC015C' }).count(), 0, 'what came is not what leaves')
  await isFit(desk, 'filtered')
  await desk.getByRole('link', { name: /Without the filter .?Direction/ }).click()
  await desk.waitForURL((url) => !url.searchParams.has('direction'))
  await desk.getByText('More filters').click()
  await desk.getByLabel('Plate', { exact: true }).fill('nowhere')
  await filters.getByRole('button', { name: 'Search' }).click()
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

test('the box of the bar goes straight to the one message that is meant', async () => {
  const [sent] = await stage!.corridor.databases
    .get('al')!
    .query<{ message_id: string }>(`select message_id from outbox where document_type = 'CD001C'`)
  const box = desk.getByRole('search', { name: 'Search' }).first().getByRole('searchbox')
  await desk.goto(at('/exchange'))
  await desk.keyboard.press('/')
  await box.fill(sent!.message_id.slice(0, 20))
  await box.press('Enter')
  await desk.getByRole('heading', { name: 'CD001C Anticipated arrival record' }).waitFor()
})

/** A declaration that stands parked because nobody can read it, and as it should have come. */
async function poison(): Promise<{ id: string; right: Buffer }> {
  const { databases, vaults } = stage!.corridor
  const [db, vault] = [databases.get('al')!, vaults.get('al')!]
  const [row] = await db.query<{ id: string; message_id: string; payload: Buffer; conversation: string }>(
    `select id::text, message_id, payload, conversation from inbox where document_type = 'CC015C'`,
  )
  assert.ok(row)
  const declared = vault.open('payload', row.message_id, row.payload).toString('utf8')
  const lrn = /<LRN>([^<]+)</.exec(declared)?.[1] ?? ''
  const right = declared.replaceAll(lrn, 'POISON1').replaceAll(row.message_id.split('@')[0]!, 'poison1')
  const came = Buffer.from(right.replace('</LRN>', '</LNR>'))
  const messageId = 'poison1@trader'
  const [{ id } = { id: '' }] = await db.query<{ id: string }>(
    `insert into inbox (sender, message_id, link, recipient, conversation, document_type, payload, payload_digest, due_at, turn,
       received_at, state, reason, tries)
     select sender, $2, link, recipient, 'POISON1', document_type, $3, $4, now(), now(), now(), 'parked', 'the document is not readable', 5
     from inbox where id = $1 returning id::text`,
    [row.id, messageId, vault.seal('payload', messageId, came), createHash('sha256').update(came).digest()],
  )
  return { id: `in-${id}`, right: Buffer.from(right) }
}

test('sent again by two people: a dry run, a reason, no approval of one’s own, another approves, what became of it', async () => {
  await desk.goto(at(`/exchange/messages?mrn=${mrn}&direction=out&partner=NTA.XK`))
  await rows(desk).first().waitFor()
  await desk.getByRole('checkbox', { name: /Choose .?CD001C/ }).check()
  await desk.getByText(/With the chosen .?1.? message:/).waitFor()
  await desk.getByRole('link', { name: 'Send again' }).click()
  await desk.getByRole('heading', { name: /Dry run: .?1.? message/ }).waitFor()
  await desk
    .getByText(/would be done: .?Send again/)
    .first()
    .waitFor()
  await desk.getByRole('button', { name: 'Ask for it' }).click()
  await desk.getByText(/Say why, in ten characters/).waitFor()
  await isFit(desk, 'dry-run-refused')
  await desk.getByLabel('Reason').fill('Kosovo asked for it by telephone')
  await desk.getByRole('button', { name: 'Ask for it' }).dblclick()
  await desk.getByRole('heading', { name: 'It waits for a second person', exact: true }).waitFor()
  assert.equal(await desk.getByRole('button', { name: 'Approve' }).count(), 0, 'who asks does not approve')
  await isFit(desk, 'asked')
  const second = await consoles.signIn(await consoles.context(), 'al', 'tirana-duty', 'Systems and central services')
  await second.goto(at('/exchange/batches?state=requested'))
  await second.getByRole('table', { name: 'Repairs by two people' }).getByRole('link').click()
  await second.getByText('Kosovo asked for it by telephone').waitFor()
  await isFit(second, 'approval')
  await second.getByRole('button', { name: 'Approve' }).click()
  await second
    .getByText('Being done')
    .or(second.getByText('Done', { exact: true }))
    .first()
    .waitFor()
  await desk.locator('.head').getByText('Done', { exact: true }).waitFor()
  await desk.getByRole('table', { name: 'What became of each message' }).getByRole('link').click()
  await desk.getByText('Goes again').waitFor()
  await desk.getByText('The partner’s signed receipt is verified and stored here.').waitFor()
  await desk.getByText('Repairs that it is in').waitFor()
  await isFit(desk, 'sent-again')
})

test('a parked message is corrected and decided: the second person sees what is other', async () => {
  const { id, right } = await poison()
  await desk.goto(at('/exchange'))
  await desk.getByRole('link', { name: 'Parked', exact: true }).click()
  const parked = desk.getByRole('table', { name: 'Parked messages' })
  await parked.getByText('the document is not readable').waitFor()
  await isFit(desk, 'parked')
  await parked.locator('[data-row-link]').click()
  await desk.getByText('Deciding on it failed each time').waitFor()
  await desk.getByRole('button', { name: 'Try what would be decided' }).click()
  await desk.getByText(/It would be decided on.|Deciding on it would fail./).waitFor()
  await isFit(desk, 'trial')
  await desk.getByRole('link', { name: 'Correct' }).click()
  await desk.getByRole('heading', { name: 'Correct a parked message' }).waitFor()
  await desk.getByText(/Access codes of guarantees are not shown here/).waitFor()
  await desk
    .getByLabel('Or take the corrected document')
    .setInputFiles({ name: 'right.xml', mimeType: 'text/xml', buffer: right })
  await desk.getByLabel('Reason').fill('a tag was misspelt by the trader’s software')
  await isFit(desk, 'correction')
  await desk.getByRole('button', { name: 'Ask for it' }).click()
  await desk.getByRole('heading', { name: 'What is other in the corrected document' }).waitFor()
  const second = await consoles.signIn(await consoles.context(), 'al', 'tirana-duty', 'Systems and central services')
  await second.goto(desk.url())
  await second.getByText('</LNR>').waitFor()
  await isFit(second, 'difference')
  await second.getByRole('button', { name: 'Approve' }).click()
  await desk.locator('.head').getByText('Done', { exact: true }).waitFor()
  await desk.goto(at(`/exchange/messages/${id}`))
  await desk.getByText('It was decided on, and has taken effect.').waitFor()
  await desk.getByRole('region', { name: 'Whole conversation' }).getByText('CC928C').waitFor()
})

test('one’s own repair is withdrawn; all messages at once only with their number', async () => {
  await desk.goto(at('/exchange/batches/new?act=park'))
  await desk.getByText('None: all messages there are').waitFor()
  await desk.getByLabel('Reason').fill('stop everything for the restore')
  await desk.getByRole('button', { name: 'Ask for it' }).click()
  await desk.getByText(/The filter leaves all messages/).waitFor()
  await isFit(desk, 'everything')
  await desk.goto(at('/exchange/batches/new?act=park&q=nothing-has-this'))
  await desk.getByRole('heading', { name: /Dry run: .?0.? messages/ }).waitFor()
  await desk.goto(at(`/exchange/batches/new?act=resend&mrn=${mrn}&type=CD050C`))
  await desk.getByLabel('Reason').fill('asked for by mistake here')
  await desk.getByRole('button', { name: 'Ask for it' }).click()
  await desk.getByRole('heading', { name: 'It waits for a second person', exact: true }).waitFor()
  await desk.getByLabel('Reason').fill('it was a mistake of mine')
  await desk.getByRole('button', { name: 'Withdraw' }).click()
  await desk.locator('.head').getByText('Withdrawn', { exact: true }).waitFor()
  await consoles.language(desk, 'Ilir Prifti', 'ar')
  await desk.emulateMedia({ colorScheme: 'dark' })
  await desk.setViewportSize({ width: 390, height: 844 })
  await isFit(desk, 'batch-phone')
  await desk.goto(at('/exchange/batches'))
  await desk.locator('tbody tr').first().waitFor()
  await isFit(desk, 'batches-phone')
  await desk.goto(at(`/exchange/batches/new?act=resend&mrn=${mrn}`))
  await desk.locator('tbody tr').first().waitFor()
  await isFit(desk, 'dry-run-phone')
  await desk.setViewportSize({ width: 1366, height: 900 })
  await isFit(desk, 'dry-run-right-to-left')
  await desk.emulateMedia({ colorScheme: 'light' })
  await consoles.language(desk, 'Ilir Prifti', 'en')
})

test('a day is held against the partner’s, a message that is gone there is shown, and mended', async () => {
  await desk.setViewportSize({ width: 1366, height: 900 })
  await desk.goto(at('/exchange/reconciliation'))
  await desk.getByText('No day was compared like this.').waitFor()
  const compare = async (): Promise<void> => {
    const form = desk.getByRole('form', { name: 'Compare a day' })
    await form.getByLabel('Reason').fill('Kosovo restored its database')
    await form.getByRole('button', { name: 'Compare' }).click()
  }
  await desk.getByRole('form', { name: 'Compare a day' }).getByRole('button', { name: 'Compare' }).click()
  await desk.locator('#refused').waitFor()
  await isFit(desk, 'reconciliation-refused')
  await compare()
  await desk.locator('.head').getByText('The same at both sides').waitFor()
  await isFit(desk, 'reconciliation-same')
  await stage!.corridor.databases.get('xk')!.query(`delete from inbox where document_type = 'CD001C'`)
  await desk.goto(at('/exchange/reconciliation'))
  await compare()
  await desk.locator('.head').getByText('Differs', { exact: true }).waitFor()
  const differences = desk.getByRole('table', { name: 'What differs, message by message' })
  await differences.getByText('The partner has lost it').waitFor()
  await isFit(desk, 'reconciliation-differs')
  await desk.getByLabel('Reason').fill('it was lost with the disk')
  await desk.getByRole('button', { name: 'Mend what is missing' }).click()
  await desk.locator('.head').getByText('Settled', { exact: true }).waitFor()
  await desk.goto(at('/exchange/reconciliation'))
  await desk.locator('tbody tr').first().waitFor()
  await consoles.language(desk, 'Ilir Prifti', 'fa-AF')
  await desk.emulateMedia({ colorScheme: 'dark' })
  await isFit(desk, 'reconciliation-right-to-left')
  await desk.setViewportSize({ width: 390, height: 844 })
  await isFit(desk, 'reconciliation-phone')
})

test('who is not of the operations desk sees partners and certificates, and no message', async () => {
  const officer = await consoles.signIn(await consoles.context(), 'al', 'durres-departure')
  await officer.goto(at('/exchange'))
  await officer.getByRole('heading', { name: 'Exchange' }).waitFor()
  assert.deepEqual(await officer.getByRole('navigation', { name: 'Exchange' }).getByRole('link').allInnerTexts(), [
    'Partners',
    'Certificates',
  ])
  await officer.getByRole('link', { name: 'Kosovo' }).click()
  await officer.getByRole('heading', { name: 'Kosovo' }).waitFor()
  await officer.getByRole('table', { name: 'What was agreed (P-Modes)' }).waitFor()
  await isFit(officer, 'partner')
  await officer.getByRole('link', { name: 'Certificates' }).click()
  const certificates = officer.getByRole('table', { name: 'Certificates and what breaks when they end' })
  await certificates.getByText(/What the partner signs is refused here/).waitFor()
  await isFit(officer, 'certificates')
  await officer.getByRole('combobox', { name: 'What breaks within' }).selectOption('30')
  await officer.getByText('Nothing breaks within this time.').waitFor()
  await officer.goto(at('/exchange/certificates'))
  await certificates.waitFor()
  await officer.emulateMedia({ colorScheme: 'dark' })
  await consoles.language(officer, 'Arta Hoxha', 'ar')
  await officer.setViewportSize({ width: 390, height: 844 })
  await isFit(officer, 'certificates-phone')
  await officer.goto(at('/exchange/partners/NTA.XK'))
  await officer.locator('tbody tr').first().waitFor()
  await isFit(officer, 'partner-phone')
  await officer.goto(at('/exchange/messages'))
  await officer.locator('.bar.bad').waitFor()
  assert.deepEqual([consoles.faults, consoles.strayed], [[], []])
})
