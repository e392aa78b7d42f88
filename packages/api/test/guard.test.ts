import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { DatabaseFault } from '@corridor/database'
import { durresOfficer, movementView, testApi, trader, type TestApi } from './support.ts'

describe('what every request passes', () => {
  let api: TestApi
  let officer: { authorization: string }
  let port: number
  before(async () => {
    api = await testApi()
    officer = await api.bearer(durresOfficer)
    await api.app.listen({ host: '127.0.0.1', port: 0 })
    ;({ port } = api.app.server.address() as AddressInfo)
  })
  after(() => api.close())

  interface RawAnswer {
    status: number
    type: string
    body: string
  }

  /** A request over a real connection, with headers that fetch would not let through. */
  function raw(options: {
    method?: string
    path: string
    headers?: Record<string, string>
    body?: Buffer
  }): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const { method = 'GET', path, headers = {}, body } = options
      const asked = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', body: text })
        })
      })
      asked.on('error', reject)
      asked.end(body)
    })
  }

  test('only loopback names are answered, so that no other name can be rebound to this node', async () => {
    for (const host of ['localhost', 'localhost:4001', '127.0.0.1:4001', '[::1]:4001', 'LOCALHOST']) {
      assert.equal((await raw({ path: '/health', headers: { host } })).status, 200, host)
    }
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      'localhost:4001:80',
      'a@localhost',
    ]) {
      const answer = await raw({ path: '/health', headers: { host } })
      assert.equal(answer.status, 421, host)
      assert.equal(JSON.parse(answer.body).type, 'urn:corridor:problem:wrong-host')
    }
    assert.equal((await raw({ path: '/nothing', headers: { host: 'evil.example' } })).status, 421)
  })

  test('a configured name is answered too', async () => {
    const named = await testApi({ allowedHosts: ['transit.customs.example'] })
    const ask = (host: string) => named.app.inject({ url: '/health', headers: { host } })
    assert.equal((await ask('transit.customs.example')).statusCode, 200)
    assert.equal((await ask('other.customs.example')).statusCode, 421)
    await named.close()
  })

  test('a cookie request that changes something needs the own origin', async () => {
    const cookie = await api.signIn(durresOfficer)
    const patch = (headers: Record<string, string>) =>
      api.app.inject({
        method: 'PATCH',
        url: '/session',
        headers: { cookie, host: 'localhost:4001', ...headers },
        payload: { locale: 'en' },
      })
    assert.equal((await patch({ origin: 'http://localhost:4001' })).statusCode, 200)
    const foreign = ['http://localhost:4002', 'http://127.0.0.1:4001', 'https://evil.example', 'null', '']
    for (const headers of [{}, ...foreign.map((origin) => ({ origin }))]) {
      const answer = await patch(headers)
      assert.equal(answer.statusCode, 403, JSON.stringify(headers))
      assert.equal(answer.json().type, 'urn:corridor:problem:foreign-origin')
    }
    for (const method of ['DELETE', 'POST'] as const) {
      const headers = { cookie, host: 'localhost:4001', origin: 'http://localhost:4002' }
      const payload = method === 'POST' ? { token: await api.link(durresOfficer) } : undefined
      assert.equal(
        (await api.app.inject({ method, url: '/session', headers, ...(payload && { payload }) })).statusCode,
        403,
      )
    }
    assert.equal((await api.app.inject({ url: '/session', headers: { cookie } })).statusCode, 200)
  })

  test('a bearer request needs no origin', async () => {
    const answer = await api.app.inject({
      method: 'PATCH',
      url: '/session',
      headers: officer,
      payload: { locale: 'en' },
    })
    assert.equal(answer.statusCode, 200)
  })

  const officerRoutes = ['/movements', '/movements/26AL', '/movements/26AL/messages/m1', '/exchange', '/events']
  const traderRoutes = ['/messages', '/messages/m1']

  test('nobody in particular gets 401 from every route that needs somebody', async () => {
    for (const url of [...officerRoutes, ...traderRoutes, '/session']) {
      const answer = await api.app.inject({ url })
      assert.equal(answer.statusCode, 401, url)
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    }
  })

  test('a trader gets 403 from officers’ routes and an officer from traders’ routes', async () => {
    const wrong = async (url: string, headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') => {
      const answer = await api.app.inject({ method, url, headers })
      assert.equal(answer.statusCode, 403, url)
      assert.equal(answer.json().type, 'urn:corridor:problem:wrong-role')
    }
    const asTrader = await api.bearer(trader)
    for (const url of officerRoutes) await wrong(url, asTrader)
    await wrong('/movements/26AL/acts', asTrader, 'POST')
    for (const url of traderRoutes) await wrong(url, officer)
    await wrong('/messages', officer, 'POST')
    assert.equal((await api.app.inject({ url: '/movements', headers: officer })).statusCode, 200)
    assert.equal((await api.app.inject({ url: '/messages', headers: asTrader })).statusCode, 200)
  })

  test('every answer has the security headers, refusals and misses too', async () => {
    for (const url of ['/health', '/session', '/nothing', '/movements/%E0%A4%A', '/movements/a%2']) {
      const { headers, statusCode } = await api.app.inject({ url })
      assert.match(
        String(headers['content-security-policy']),
        /^default-src 'self'; .*frame-ancestors 'none'$/,
        `${url} ${statusCode}`,
      )
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    }
    assert.equal((await api.app.inject({ url: '/session' })).headers['cache-control'], 'no-store')
  })

  test('an unknown address is 404, a wrong method 405 with the right ones', async () => {
    const missing = await api.app.inject({ url: '/nothing' })
    assert.equal(missing.statusCode, 404)
    assert.deepEqual(Object.keys(missing.json()), ['type', 'title', 'status', 'detail', 'instance'])
    for (const [method, url, allow] of [
      ['PUT', '/session', 'DELETE, GET, HEAD, PATCH, POST'],
      ['DELETE', '/movements/26AL', 'GET, HEAD'],
      ['GET', '/movements/26AL/acts', 'POST'],
      ['OPTIONS', '/openapi.json', 'GET, HEAD'],
      ['HEAD', '/events', 'GET'],
    ] as const) {
      const answer = await api.app.inject({ method, url })
      assert.equal(answer.statusCode, 405, `${method} ${url}`)
      assert.equal(answer.headers.allow, allow)
    }
    assert.equal((await api.app.inject({ url: '/openapiXjson' })).statusCode, 404)
  })

  test('an answer of the wanted kind, or 406', async () => {
    const ask = (url: string, accept: string) => api.app.inject({ url, headers: { ...officer, accept } })
    for (const accept of ['application/json', '*/*', 'application/*;q=0.1', 'image/png, */*;q=0.1']) {
      assert.equal((await ask('/movements', accept)).statusCode, 200, accept)
    }
    for (const accept of [
      'application/xml',
      'text/html',
      'application/problem+json',
      'application/json;q=0, */*',
      'image/*',
    ]) {
      const answer = await ask('/movements', accept)
      assert.equal(answer.statusCode, 406, accept)
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    }
    api.standIn.answers.movementMessage = async () => Buffer.from('<CD001C/>')
    assert.equal((await ask('/movements/26AL/messages/m1', 'application/xml')).statusCode, 200)
    assert.equal((await ask('/movements/26AL/messages/m1', 'application/json')).statusCode, 406)
  })

  function postText(payload: string, type = 'application/json') {
    return api.app.inject({ method: 'POST', url: '/session', headers: { 'content-type': type }, payload })
  }

  test('JSON that is none, empty, hostile or too long is refused', async () => {
    for (const body of ['{"token":', '', '{"token":"a","__proto__":{"admin":true}}', '\0']) {
      const answer = await postText(body)
      assert.equal(answer.statusCode, 400, body)
      assert.equal(answer.json().type, 'urn:corridor:problem:malformed')
    }
    assert.equal((await postText('{}', 'text/plain')).statusCode, 415)
    assert.equal((await postText('<a/>', 'application/xml')).statusCode, 415)
    assert.equal((await postText(JSON.stringify({ token: 'x'.repeat(70_000) }))).statusCode, 413)
    assert.equal((await postText('[]')).statusCode, 422)
  })

  test('an address with a wrong encoding is 400', async () => {
    const answer = await raw({ path: '/movements/%E0%A4%A', headers: officer })
    assert.equal(answer.status, 400)
    assert.match(answer.type, /^application\/problem\+json/)
  })

  /** Sends text as it is and reads the whole answer. */
  function rawText(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      let answer = ''
      socket.on('data', (chunk) => (answer += chunk.toString()))
      socket.on('end', () => resolve(answer))
      socket.on('error', reject)
    })
  }

  test('what is not HTTP, has no host or too long a head is refused with a problem too', async () => {
    for (const [text, status] of [
      ['rubbish\r\n\r\n', 400],
      ['GET /health HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n', 400],
      ['GET /health HTTP/1.0\r\n\r\n', 421],
      [`GET /health HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ] as const) {
      const [head = '', body = ''] = (await rawText(text)).split('\r\n\r\n')
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
      assert.match(head, /content-type: application\/problem\+json/)
      assert.match(head, /content-security-policy: default-src 'self'/)
      assert.equal(JSON.parse(body).status, status)
    }
    assert.match(await rawText('GET /health HTTP/1.0\r\nhost: localhost\r\n\r\n'), /^HTTP\/1.1 200 /)
  })

  test('a failure has a reference and nothing of the inside; the log has both', async () => {
    api.standIn.answers.movement = async () => {
      throw new Error('password of the database is hunter2')
    }
    const answer = await api.app.inject({ url: '/movements/26AL', headers: officer })
    delete api.standIn.answers.movement
    assert.equal(answer.statusCode, 500)
    assert.ok(!answer.body.includes('hunter2') && !answer.body.includes('Error'))
    const { instance } = answer.json()
    assert.match(instance, /^urn:uuid:[0-9a-f-]{36}$/)
    const line = api.logged.find((entry) => entry.event === 'request-failed')
    assert.equal(line?.['requestId'], instance.slice('urn:uuid:'.length))
    assert.match(String(line?.['error']), /hunter2/)
  })

  test('a view that the contract does not describe is a failure, never half an answer', async () => {
    const { holder: _, ...incomplete } = movementView
    api.standIn.answers.movement = async () => incomplete as typeof movementView
    const answer = await api.app.inject({ url: '/movements/26AL', headers: officer })
    delete api.standIn.answers.movement
    assert.equal(answer.statusCode, 500)
  })

  test('a database that does not answer, or cannot store, is 503 with a time to come back', async () => {
    for (const code of ['database.unreachable', 'database.disk-full', 'database.read-only'] as const) {
      api.standIn.answers.movements = async () => {
        throw new DatabaseFault(code, 'no connection')
      }
      const answer = await api.app.inject({ url: '/movements', headers: officer })
      delete api.standIn.answers.movements
      assert.equal(answer.statusCode, 503)
      assert.equal(answer.headers['retry-after'], '5')
    }
  })

  test('a log line names the route and never the address', async () => {
    await api.app.inject({ url: '/movements?q=AA123BB', headers: officer })
    const line = api.logged.findLast((entry) => entry['route'] === '/movements')
    assert.equal(line?.['account'], durresOfficer.id)
    assert.equal(line?.['status'], 200)
    assert.ok(!JSON.stringify(line).includes('AA123BB'))
  })
})
