import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { DatabaseFault } from '@corridor/database'
import { durresOfficer, testApi, trader, wholeHealth, type TestApi } from './support.ts'

const elsewhere = { host: 'customs.example' }

describe('health and metrics', () => {
  let api: TestApi
  before(async () => {
    api = await testApi({ allowedHosts: [elsewhere.host] })
  })
  after(() => api.close())

  const ask = (url: string, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
    api.app.inject({ url, headers, remoteAddress })

  test('on the node’s own machine everything is told', async () => {
    const answer = await ask('/health')
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { ...wholeHealth, node: 'NTA.AL', country: 'AL', version: '0.1.0' })
    const metrics = await ask('/metrics', {
      accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5,*/*;q=0.1',
    })
    assert.equal(metrics.statusCode, 200)
    assert.equal(metrics.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    assert.equal(metrics.body, '# HELP corridor_test A metric\n')
  })

  test('who asks from elsewhere or through a proxy hears the status alone, and no metrics', async () => {
    const ways: [Record<string, string>, string?][] = [
      [elsewhere],
      [{ host: 'localhost', 'x-forwarded-for': '203.0.113.9' }],
      [{ host: 'localhost', forwarded: 'for=203.0.113.9' }],
      [{ host: 'localhost' }, '203.0.113.9'],
      [{ ...elsewhere, authorization: 'Bearer wrong' }],
      [{ ...elsewhere, ...(await api.bearer(trader)) }],
    ]
    for (const [headers, from] of ways) {
      const answer = await ask('/health', headers, from)
      assert.equal(answer.statusCode, 200, JSON.stringify(headers))
      assert.deepEqual(answer.json(), { status: 'degraded' })
      const metrics = await ask('/metrics', headers, from)
      assert.ok([401, 403].includes(metrics.statusCode), JSON.stringify(headers))
      assert.ok(!metrics.body.includes('corridor_test'))
    }
  })

  test('an officer is told everything from anywhere, by token or session', async () => {
    const cookie = await api.signIn(durresOfficer)
    for (const who of [await api.bearer(durresOfficer), { cookie }]) {
      assert.deepEqual((await ask('/health', { ...elsewhere, ...who })).json().reasons, ['messages-parked'])
      assert.equal((await ask('/metrics', { ...elsewhere, ...who })).statusCode, 200)
    }
  })

  test('a node that cannot take messages on answers 503, also when nobody can be known', async () => {
    api.standIn.answers.health = async () => ({ ...wholeHealth, status: 'down', reasons: ['database-cannot-store'] })
    const answer = await ask('/health')
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.json().status, 'down')
    const away = await testApi({
      allowedHosts: [elsewhere.host],
      health: async () => ({ ...wholeHealth, status: 'down' }),
      db: new Proxy(api.db, {
        get: () => () => Promise.reject(new DatabaseFault('database.unreachable', 'no connection')),
      }),
    })
    const unknown = await away.app.inject({ url: '/health', headers: { ...elsewhere, authorization: 'Bearer some' } })
    assert.deepEqual([unknown.statusCode, unknown.json()], [503, { status: 'down' }])
    await away.close()
    delete api.standIn.answers.health
  })
})
