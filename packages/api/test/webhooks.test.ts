import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { saveAccount } from '@corridor/registry'
import { durresOfficer, testApi, trader, type TestApi } from './support.ts'

describe('/webhooks', () => {
  let api: TestApi
  let asTrader: { authorization: string }
  let url: string
  const received: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
    response.writeHead(204).end()
  })
  before(async () => {
    api = await testApi()
    asTrader = await api.bearer(trader)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  after(async () => {
    server.close()
    await api.close()
  })

  const ask = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    payload?: object,
    headers = asTrader,
  ) => {
    const answer = await api.app.inject({ method, url: path, headers, ...(payload && { payload }) })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? undefined : answer.json() }
  }

  test('the whole life of an endpoint', async () => {
    const made = await ask('POST', '/webhooks', { url, description: 'ERP of Trans Adria' })
    assert.equal(made.status, 201)
    const { webhook, secret } = made.body
    assert.equal(made.headers['location'], `/webhooks/${webhook.id}`)
    assert.deepEqual([webhook.url, webhook.description, webhook.enabled], [url, 'ERP of Trans Adria', true])

    const tried = await ask('POST', `/webhooks/${webhook.id}/test`)
    assert.equal(tried.status, 202)
    await api.webhooks.deliverNext()
    const [got] = received
    assert.equal(got?.headers['webhook-id'], tried.body.event)
    // The clock of the test stands in the past, beyond what the library allows: the signature alone is compared.
    const at = new Date(Number(got?.headers['webhook-timestamp']) * 1_000)
    const expected = new Webhook(secret).sign(tried.body.event, at, got?.body ?? '')
    assert.equal(got?.headers['webhook-signature'], expected)

    const { items } = (await ask('GET', `/webhooks/${webhook.id}/deliveries`)).body
    assert.deepEqual([items.length, items[0].state, items[0].status, items[0].messageId], [1, 'delivered', 204, null])
    assert.equal((await ask('POST', `/webhooks/${webhook.id}/deliveries/${items[0].event}/redeliver`)).status, 202)
    await api.webhooks.deliverNext()
    assert.equal(received.length, 2)
    assert.equal((await ask('POST', `/webhooks/${webhook.id}/deliveries/msg_none/redeliver`)).status, 404)

    const rotated = await ask('POST', `/webhooks/${webhook.id}/secret`)
    assert.equal(rotated.status, 201)
    assert.notEqual(rotated.body.secret, secret)

    const off = await ask('PATCH', `/webhooks/${webhook.id}`, { enabled: false })
    assert.deepEqual(
      [off.body.enabled, off.body.disabledReason, off.body.description],
      [false, 'by-owner', 'ERP of Trans Adria'],
    )
    const refused = await ask('POST', `/webhooks/${webhook.id}/test`)
    assert.deepEqual([refused.status, refused.body.type], [409, 'urn:corridor:problem:webhook-disabled'])
    assert.equal((await ask('PATCH', `/webhooks/${webhook.id}`, { enabled: true })).body.enabled, true)

    assert.deepEqual(
      (await ask('GET', '/webhooks')).body.items.map(({ id }: { id: string }) => id),
      [webhook.id],
    )
    assert.equal((await ask('DELETE', `/webhooks/${webhook.id}`)).status, 204)
    assert.equal((await ask('GET', `/webhooks/${webhook.id}`)).status, 404)
    assert.equal((await ask('DELETE', `/webhooks/${webhook.id}`)).status, 404)
  })

  test('an address that may not be called is refused with what to do, and nothing is said of what lies inside', async () => {
    const refusal = async (text: string) => {
      const { status, body } = await ask('POST', '/webhooks', { url: text })
      assert.equal(status, 422, text)
      return body.errors[0] as { field: string; remedy: string }
    }
    assert.deepEqual(await refusal('http://erp.example.com/'), {
      field: 'url',
      value: 'http://erp.example.com/',
      remedy: 'Use https.',
    })
    const inside = await refusal('https://10.0.0.7/')
    const nowhere = await refusal('https://no-such-name.example/')
    assert.equal(inside.remedy, nowhere.remedy)
    for (const text of [
      'https://a:b@erp.example.com/',
      'https://erp.example.com:22/',
      'https://[fd00::1]/',
      'nonsense',
    ])
      await refusal(text)
    assert.equal((await ask('POST', '/webhooks', {})).status, 422)
    assert.equal((await ask('POST', '/webhooks', { url, secret: 'whsec_mine' })).status, 422)
    assert.deepEqual((await ask('GET', '/webhooks')).body, { items: [] })
  })

  test('twice the same, and more than five, are refused by name', async () => {
    const codes: string[] = []
    for (const path of ['1', '1', '2', '3', '4', '5', '6'])
      codes.push((await ask('POST', '/webhooks', { url: url + path })).body.type ?? 'registered')
    const problem = 'urn:corridor:problem:webhook-'
    assert.deepEqual(codes, [
      'registered',
      `${problem}registered`,
      ...Array(4).fill('registered'),
      `${problem}too-many`,
    ])
  })

  test('a test event, and a repeat, are refused while twenty events wait', async () => {
    const [{ id }] = (await ask('GET', '/webhooks')).body.items
    const test = () => ask('POST', `/webhooks/${id}/test`)
    const { event } = (await test()).body
    for (let n = 2; n <= 20; n++) assert.equal((await test()).status, 202, String(n))
    for (const { status, body } of [await test(), await ask('POST', `/webhooks/${id}/deliveries/${event}/redeliver`)])
      assert.deepEqual([status, body.type], [409, 'urn:corridor:problem:webhook-too-many-waiting'])
    while (await api.webhooks.deliverNext());
    assert.equal((await test()).status, 202)
  })

  test('traders only, and each its own', async () => {
    const officer = await api.bearer(durresOfficer)
    assert.equal((await ask('GET', '/webhooks', undefined, officer)).status, 403)
    assert.equal((await api.app.inject({ url: '/webhooks' })).statusCode, 401)
    const other = { id: 'other-trader', name: 'Other', role: 'trader', trader: 'AL99999999', locale: 'en' } as const
    await saveAccount(api.db, other, api.clock.now)
    const asOther = await api.bearer(other)
    const [{ id }] = (await ask('GET', '/webhooks')).body.items
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/deliveries'],
      ['POST', '/test'],
      ['POST', '/secret'],
      ['DELETE', ''],
    ] as const)
      assert.equal((await ask(method, `/webhooks/${id}${path}`, undefined, asOther)).status, 404, `${method} ${path}`)
    assert.equal((await ask('PATCH', `/webhooks/${id}`, { enabled: false }, asOther)).status, 404)
    assert.equal((await ask('GET', `/webhooks/${id}`)).body.enabled, true)
  })
})
