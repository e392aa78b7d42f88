import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { accompanyingDocument, languagesOf } from '@corridor/paper'
import { saveAccount } from '@corridor/registry'
import { durresOfficer, guaranteeOfficer, movementView, testApi, type TestApi, trader } from './support.ts'

const { mrn } = movementView
const grn = '26AL0009010000019'
const html = accompanyingDocument(
  { languages: languagesOf(['en', 'sq']), nameOf: (reference) => reference },
  {
    mrn,
    record: {},
    acceptedOn: undefined,
    releasedOn: undefined,
    limitDate: undefined,
    control: undefined,
    incidents: [],
  },
)
const pdf = Buffer.from('%PDF-1.7 and so on')

describe('documents on paper', () => {
  let api: TestApi
  let officer: { authorization: string }
  before(async () => {
    api = await testApi()
    officer = await api.bearer(durresOfficer)
  })
  beforeEach(() => {
    api.standIn.asked.length = 0
    api.standIn.answers = {
      movementPaper: async () => ({ kind: 'paper', html, number: mrn }),
      guaranteePaper: async () => ({ kind: 'paper', html, number: grn }),
      pdf: async () => ({ kind: 'pdf', bytes: pdf }),
    }
  })
  after(() => api.close())

  const url = `/movements/${mrn}/paper/accompanying-document`
  const get = (accept?: string, address = url, headers: Record<string, string> = officer) =>
    api.app.inject({ url: address, headers: { ...headers, ...(accept === undefined ? {} : { accept }) } })

  test('come as a page or as PDF, whichever is wanted most', async () => {
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
    for (const accept of [undefined, '*/*', 'text/html', browser, 'application/pdf;q=0.5, text/html']) {
      const answer = await get(accept)
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8', accept)
      assert.equal(answer.body, html)
      assert.equal(answer.headers['cache-control'], 'no-store')
    }
    for (const accept of ['application/pdf', 'application/pdf, text/html;q=0.5', 'application/pdf, */*;q=0.1']) {
      const answer = await get(accept)
      assert.equal(answer.headers['content-type'], 'application/pdf', accept)
      assert.deepEqual(answer.rawPayload, pdf)
      assert.equal(answer.headers['content-disposition'], `inline; filename="${mrn}-accompanying-document.pdf"`)
    }
    assert.equal((await get('application/json')).statusCode, 406)
    assert.equal((await get('image/png')).statusCode, 406)
  })

  test('a page may do nothing but have its own style', async () => {
    const policy = String((await get('text/html')).headers['content-security-policy'])
    const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? ''
    assert.ok(policy.includes(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`), policy)
    assert.match(policy, /^sandbox; default-src 'none';/)
  })

  test('what was asked for goes to casework: who, which, in which languages', async () => {
    await get('text/html', `${url}?languages=fr,fa-AF`)
    const [name, account, ...asked] = api.standIn.asked[0]!
    assert.deepEqual([name, (account as { id: string }).id], ['movementPaper', durresOfficer.id])
    assert.deepEqual(asked, [mrn, 'accompanying-document', { languages: ['fr', 'fa-AF'] }])
    const receipt = `/guarantees/${grn}/paper/receipt`
    const answer = await get('text/html', `${receipt}?mrn=${mrn}`, await api.bearer(guaranteeOfficer))
    assert.equal(answer.headers['content-disposition'], `inline; filename="${grn}-receipt.html"`)
    assert.deepEqual(api.standIn.asked[1]!.slice(2), [grn, { languages: undefined, mrn }])
    for (const query of ['languages=xx', 'languages=en,fr,ru', 'languages=', 'languages=en,,fr'])
      assert.equal((await get('text/html', `${url}?${query}`)).statusCode, 400, query)
    assert.equal((await get('text/html', `/movements/${mrn}/paper/anything`)).statusCode, 404)
  })

  test('who has no part in it is refused', async () => {
    await saveAccount(api.db, { id: 'tariff', name: 'T', role: 'reference', locale: 'en' }, api.clock.now)
    const tariff = await api.bearer({ id: 'tariff' })
    assert.equal((await get('text/html', url, {})).statusCode, 401)
    assert.equal((await get('text/html', url, tariff)).statusCode, 403)
    const receipt = `/guarantees/${grn}/paper/receipt`
    for (const other of [tariff, officer]) assert.equal((await get('text/html', receipt, other)).statusCode, 403)
    for (const address of [url, receipt])
      assert.equal((await get('text/html', address, await api.bearer(trader))).statusCode, 200, address)
    api.standIn.answers.movementPaper = async () => ({ kind: 'not-found' })
    assert.equal((await get('text/html')).statusCode, 404)
  })

  test('what cannot be printed now says why', async () => {
    api.standIn.answers.movementPaper = async () => ({ kind: 'conflict', detail: 'when it is released' })
    const answer = await get('application/pdf')
    assert.equal(answer.statusCode, 409)
    assert.equal(answer.json<{ detail: string }>().detail, 'when it is released')
    assert.equal(answer.json<{ type: string }>().type, 'urn:corridor:problem:not-printable')
  })

  test('without a printer there is still the page, and what is missing is said', async () => {
    for (const [kind, status] of [
      ['no-printer', 501],
      ['failed', 503],
      ['busy', 503],
    ] as const) {
      api.standIn.answers.pdf = async () => ({ kind, detail: 'Install one.' })
      const answer = await get('application/pdf')
      assert.equal(answer.statusCode, status, kind)
      assert.match(
        answer.json<{ detail: string }>().detail,
        kind === 'busy' ? /Install one/ : /Install one.*text\/html/,
      )
      assert.equal(answer.headers['retry-after'], kind === 'busy' ? '10' : undefined)
      assert.equal((await get('text/html')).statusCode, 200)
    }
  })
})
