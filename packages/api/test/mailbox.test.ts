import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { after, before, beforeEach, describe, test } from 'node:test'
import { saveAccount, type IdempotentRequest } from '@corridor/registry'
import { durresOfficer, testApi, trader, type TestApi } from './support.ts'

const item = (position: number) => ({
  id: `m${position}`,
  position: String(position),
  at: '2026-11-24T10:00:00.000Z',
  type: 'CC028C',
  mrn: null,
  lrn: 'LRN-1',
  refTo: null,
})

describe('/messages', () => {
  let api: TestApi
  let asTrader: { authorization: string }
  let base: string
  before(async () => {
    api = await testApi()
    asTrader = await api.bearer(trader)
    await api.app.listen({ host: '127.0.0.1', port: 0 })
    base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    api.standIn.asked.length = 0
    api.standIn.answers = {}
  })
  after(() => api.close())

  const limit = 5 * 1024 * 1024

  function post(body: Buffer | string, headers: Record<string, string> = {}) {
    return fetch(`${base}/messages`, {
      method: 'POST',
      headers: { ...asTrader, 'content-type': 'application/xml', ...headers },
      body: Buffer.from(body),
    })
  }

  test('a document is taken as it is, and the answer says where answers will be', async () => {
    const document = Buffer.from('\uFEFF<CC015C>Vërmicë</CC015C>\r\n')
    const answer = await post(document, { 'content-type': 'application/xml; charset=utf-8' })
    assert.equal(answer.status, 202)
    const body = (await answer.json()) as { mailbox: string }
    assert.deepEqual(body, { id: 'in-1', receivedAt: '2026-11-24T10:00:00.000Z', mailbox: body.mailbox })
    const [, account, bytes, idempotency] = api.standIn.asked[0]!
    assert.equal((account as { id: string }).id, trader.id)
    assert.deepEqual(bytes, document)
    assert.equal(idempotency, undefined)
    await fetch(base + body.mailbox, { headers: asTrader })
    assert.deepEqual(api.standIn.asked[1]!.slice(2), ['7', 100])
  })

  test('broken XML is no matter of this contract: it is taken, and answered in the mailbox', async () => {
    assert.equal((await post('<CC015C><unclosed>')).status, 202)
  })

  test('the key goes with the document; a key of another document is 422', async () => {
    await post('<a/>', { 'idempotency-key': 'k1' })
    await post('<b/>', { 'idempotency-key': 'k1' })
    const [first, second] = api.standIn.asked.map((asked) => asked[3] as IdempotentRequest)
    assert.equal(first?.key, 'k1')
    assert.notDeepEqual(first?.requestDigest, second?.requestDigest)
    api.standIn.answers.submitTraderMessage = async () => ({ kind: 'key-reused' })
    const answer = await post('<b/>', { 'idempotency-key': 'k1' })
    assert.equal(answer.status, 422)
    assert.equal(((await answer.json()) as { type: string }).type, 'urn:corridor:problem:idempotency-key-reused')
    assert.equal((await post('<b/>', { 'idempotency-key': 'a b' })).status, 400)
  })

  test('five megabytes are taken, one byte more is 413, with or without a length', async () => {
    assert.equal((await post(Buffer.alloc(limit, 'x'))).status, 202)
    const long = await post(Buffer.alloc(limit + 1, 'x'))
    assert.equal(long.status, 413)
    assert.equal(long.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    const chunks = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent <= limit; sent += 65_536) controller.enqueue(new Uint8Array(65_536))
        controller.close()
      },
    })
    const init = {
      method: 'POST',
      headers: { ...asTrader, 'content-type': 'application/xml' },
      body: chunks,
      duplex: 'half',
    }
    assert.equal((await fetch(`${base}/messages`, init as RequestInit)).status, 413)
    assert.equal(api.standIn.asked.length, 1)
  })

  test('other content, packed content and no content are refused', async () => {
    assert.equal((await post('{}', { 'content-type': 'application/json' })).status, 415)
    assert.equal((await post('<a/>', { 'content-type': 'text/plain' })).status, 415)
    assert.equal((await post(gzipSync('<a/>'), { 'content-encoding': 'gzip' })).status, 415)
    assert.equal((await post('')).status, 400)
    assert.equal(api.standIn.asked.length, 0)
  })

  test('the mailbox is read page by page with cursors that say nothing of the inside', async () => {
    api.standIn.answers.mailbox = async (_account, since, limit) => {
      const from = since === undefined ? 0 : Number(since)
      return Array.from({ length: 5 }, (_, index) => item(index + 1))
        .filter(({ position }) => Number(position) > from)
        .slice(0, limit)
    }
    interface Page {
      items: { id: string; cursor: string; href: string }[]
      next: string
    }
    const page = async (query: string) =>
      (await (await fetch(`${base}/messages?${query}`, { headers: asTrader })).json()) as Page
    const first = await page('limit=2')
    assert.deepEqual(
      first.items.map(({ id }) => id),
      ['m1', 'm2'],
    )
    assert.equal(first.items[1]!.href, '/messages/m2')
    assert.equal(first.items[1]!.cursor, first.next)
    const rest = await page(`since=${first.next}`)
    assert.deepEqual(
      rest.items.map(({ id }) => id),
      ['m3', 'm4', 'm5'],
    )
    const none = await page(`since=${rest.next}`)
    assert.deepEqual(none, { items: [], next: rest.next })
  })

  test('an outside system has a mailbox as a trader has; of what is for officers it sees nothing', async () => {
    const system = { id: 'export', name: 'Export system', role: 'system', system: 'aes', locale: 'en' } as const
    await saveAccount(api.db, system, api.clock.now)
    const headers = await api.bearer({ id: 'export' })
    assert.equal((await post('<CC191C/>', headers)).status, 202)
    assert.deepEqual((api.standIn.asked[0]![1] as { system: string }).system, 'aes')
    assert.equal((await fetch(`${base}/messages`, { headers })).status, 200)
    for (const path of ['/movements', '/exchange', '/guarantees']) {
      const answer = await fetch(base + path, { headers: { ...headers, accept: 'application/json' } })
      assert.equal(answer.status, 403, path)
    }
    const officer = await api.bearer(durresOfficer)
    assert.equal((await fetch(`${base}/messages`, { headers: officer })).status, 403)
  })

  test('an empty mailbox has a cursor to wait with', async () => {
    const answer = await fetch(`${base}/messages`, { headers: asTrader })
    const { items, next } = (await answer.json()) as { items: unknown[]; next: string }
    assert.deepEqual(items, [])
    await fetch(`${base}/messages?since=${next}`, { headers: asTrader })
    assert.deepEqual(api.standIn.asked[1]!.slice(2), [undefined, 100])
  })

  test('a made-up cursor and a wrong limit are 400', async () => {
    for (const query of ['since=7', 'since=', 'since=MTo3Cg%3D%3D', 'limit=0', 'limit=101', 'limit=x', 'page=1']) {
      const answer = await fetch(`${base}/messages?${query}`, { headers: asTrader })
      assert.equal(answer.status, 400, query)
    }
    assert.equal(api.standIn.asked.length, 0)
  })

  test('a document of the mailbox comes byte for byte; somebody else’s is 404', async () => {
    api.standIn.answers.mailboxMessage = async (_account, id) => (id === 'm1' ? Buffer.from('<CC028C/>') : undefined)
    const answer = await fetch(`${base}/messages/m1`, { headers: asTrader })
    assert.equal(answer.status, 200)
    assert.equal(await answer.text(), '<CC028C/>')
    assert.equal((await fetch(`${base}/messages/m2`, { headers: asTrader })).status, 404)
  })
})
