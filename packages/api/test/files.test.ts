import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { AttachRequest } from '@corridor/casework'
import { movementFiles } from './movement-files.ts'
import { durresOfficer, testApi, trader, type TestApi } from './support.ts'

describe('/movements/:mrn/files', () => {
  let api: TestApi
  let asTrader: { authorization: string }
  let asOfficer: { authorization: string }
  before(async () => {
    api = await testApi()
    asTrader = await api.bearer(trader)
    asOfficer = await api.bearer(durresOfficer)
  })
  beforeEach(() => {
    api.standIn.asked.length = 0
    api.standIn.answers = {}
  })
  after(() => api.close())

  const mrn = '26ALAL0001010000J5'
  const about = 'name=Fatur%C3%AB%201.pdf&type=N380&reference=INV-1'

  const attach = (query: string, headers: Record<string, string> = {}, payload: Buffer = Buffer.from('%PDF-1.7')) =>
    api.app.inject({
      method: 'POST',
      url: `/movements/${mrn}/files?${query}`,
      headers: { ...asTrader, 'content-type': 'application/pdf', 'idempotency-key': randomUUID(), ...headers },
      payload,
    })

  test('a file comes as bytes of any kind, with what it is in the query', async () => {
    api.standIn.answers.attachFile = async () => ({ kind: 'done', file: movementFiles.files[0]! })
    const answer = await attach(`${about}&item=2`)
    assert.equal(answer.statusCode, 201, answer.body)
    assert.equal(answer.headers.location, `/movements/${mrn}/files/7`)
    const [, account, reference, request] = api.standIn.asked[0] as [string, { id: string }, string, AttachRequest]
    assert.equal(account.id, trader.id)
    assert.equal(reference, mrn)
    assert.equal(request.name, 'Faturë 1.pdf')
    assert.equal(request.mediaType, 'application/pdf')
    assert.deepEqual(request.document, { type: 'N380', reference: 'INV-1', item: 2 })
    assert.equal(Buffer.from(request.content).toString(), '%PDF-1.7')
  })

  test('without a key, a name or a document nothing is attached; too many bytes are not taken', async () => {
    const { 'idempotency-key': _, ...keyless } = { ...asTrader, 'idempotency-key': '' }
    const answers = [
      await api.app.inject({
        method: 'POST',
        url: `/movements/${mrn}/files?${about}`,
        headers: { ...keyless, 'content-type': 'application/pdf' },
        payload: 'x',
      }),
      await attach('type=N380&reference=INV-1'),
      await attach('name=x.pdf&type=n%20380&reference=INV-1'),
      await attach(`${about}&item=two`),
      await attach(about, {}, Buffer.alloc(1_000_001)),
      await attach(about, { 'content-encoding': 'gzip' }),
    ]
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [400, 400, 400, 400, 413, 415],
    )
    assert.match(answers[4]!.body, /A file has at most 1000000 bytes/)
    assert.deepEqual(api.standIn.asked, [])
  })

  test('why a file is not taken stands in the problem, with its code', async () => {
    api.standIn.answers.attachFile = async () => ({
      kind: 'invalid',
      errors: [{ field: 'file', value: 'active-content', remedy: 'The PDF contains a program (JavaScript).' }],
    })
    const answer = await attach(about)
    assert.equal(answer.statusCode, 422)
    assert.deepEqual(answer.json().errors[0], {
      field: 'file',
      value: 'active-content',
      remedy: 'The PDF contains a program (JavaScript).',
    })
  })

  test('a file is given to be saved, in a sandbox, with its digest', async () => {
    const content = Buffer.from('%PDF-1.7 …')
    const name = 'Faturë "1"; x=.pdf'
    api.standIn.answers.openFile = async () => ({
      kind: 'file',
      name,
      mediaType: 'application/pdf',
      digest: 'ab'.repeat(32),
      content,
    })
    // A person in a browser gets the file too, and no page of the console.
    const answer = await api.app.inject({
      url: `/movements/${mrn}/files/7`,
      headers: { ...asOfficer, accept: 'text/html,*/*' },
    })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.rawPayload, content)
    assert.equal(answer.headers['content-type'], 'application/pdf')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.equal(answer.headers['content-security-policy'], "sandbox; default-src 'none'")
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(
      answer.headers['content-disposition'],
      `attachment; filename="Fatur_ _1__ x_.pdf"; filename*=UTF-8''Fatur%C3%AB%20%221%22%3B%20x%3D.pdf`,
    )
    assert.equal(answer.headers['repr-digest'], `sha-256=:${Buffer.alloc(32, 0xab).toString('base64')}:`)
  })

  test('a file that is not what was attached is not shown; one that is not there is not found', async () => {
    api.standIn.answers.openFile = async () => ({ kind: 'damaged', digest: 'ab'.repeat(32) })
    const damaged = await api.app.inject({ url: `/movements/${mrn}/files/7`, headers: asOfficer })
    assert.equal(damaged.statusCode, 409)
    assert.equal(damaged.json().type, 'urn:corridor:problem:file-damaged')
    api.standIn.answers.openFile = async () => undefined
    assert.equal((await api.app.inject({ url: `/movements/${mrn}/files/7`, headers: asOfficer })).statusCode, 404)
    assert.equal((await api.app.inject({ url: `/movements/${mrn}/files`, headers: asTrader })).statusCode, 404)
    assert.equal((await api.app.inject({ url: `/movements/${mrn}/files` })).statusCode, 401)
  })

  test('officers ask and decide; traders do not', async () => {
    const post = (path: string, payload: object, headers: { authorization: string }) =>
      api.app.inject({
        method: 'POST',
        url: `/movements/${mrn}/${path}`,
        headers: { ...headers, 'idempotency-key': randomUUID() },
        payload,
      })
    const asked = await post('file-requests', { reason: 'The value looks low' }, asOfficer)
    assert.equal(asked.statusCode, 200, asked.body)
    assert.deepEqual(asked.json().files, movementFiles)
    assert.equal((await post('file-requests/3', { decision: 'refuse', note: 'no' }, asOfficer)).statusCode, 200)
    assert.equal((await post('file-requests/3', { decision: 'perhaps' }, asOfficer)).statusCode, 422)
    assert.equal((await post('file-requests', { reason: 'x' }, asTrader)).statusCode, 403)
    assert.equal((await post('file-requests/3', { decision: 'give' }, asTrader)).statusCode, 403)
  })
})
