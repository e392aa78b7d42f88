import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createApi, type ApiPorts } from '../src/index.ts'
import { durresOfficer, testApi, type TestApi } from './support.ts'

describe('the console from its own node', () => {
  const page = '<!doctype html><title>Corridor</title><div id="app"></div>'
  /** What a browser sends when a person opens an address. */
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' }
  let api: TestApi
  let directory: string

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'corridor-console-'))
    mkdirSync(join(directory, 'console/assets'), { recursive: true })
    writeFileSync(join(directory, 'console/index.html'), page)
    writeFileSync(join(directory, 'console/assets/app-1a2b.js'), 'export {}')
    writeFileSync(join(directory, 'secret.txt'), 'outside')
    api = await testApi({ consoleDirectory: join(directory, 'console') })
  })
  after(async () => {
    await api.close()
    rmSync(directory, { recursive: true })
  })

  test('the page comes for every address a person opens, also those the contract has', async () => {
    for (const url of [
      '/',
      '/sign-in',
      '/movements',
      '/movements/26ALAL0001010000J5',
      '/exchange',
      '/events',
      '/no/such/page',
    ]) {
      const answer = await api.app.inject({ url, headers: browser })
      assert.equal(answer.statusCode, 200, url)
      assert.equal(answer.body, page, url)
      assert.match(String(answer.headers['content-type']), /^text\/html/)
      assert.match(String(answer.headers['content-security-policy']), /^default-src 'self'/)
      assert.equal(answer.headers['cache-control'], 'no-cache')
    }
  })

  test('programs get the contract at the same addresses', async () => {
    const headers = await api.bearer(durresOfficer)
    for (const accept of ['application/json', '*/*', 'application/json, text/html']) {
      const answer = await api.app.inject({ url: '/movements', headers: { ...headers, accept } })
      assert.deepEqual(answer.json().items, [], accept)
      assert.equal(answer.headers['vary'], 'Accept')
    }
    assert.equal((await api.app.inject({ url: '/movements' })).statusCode, 401)
    assert.equal((await api.app.inject({ url: '/no/such/page' })).statusCode, 404)
    assert.equal((await api.app.inject({ method: 'POST', url: '/movements', headers: browser })).statusCode, 405)
  })

  test('a person also sees health, the description and documents as they are', async () => {
    assert.equal((await api.app.inject({ url: '/health', headers: browser })).json().status, 'degraded')
    assert.equal((await api.app.inject({ url: '/openapi.json', headers: browser })).json().openapi, '3.1.0')
    api.standIn.answers.movementMessage = async () => Buffer.from('<CD001C/>')
    const headers = { ...browser, cookie: await api.signIn(durresOfficer) }
    const answer = await api.app.inject({ url: '/movements/26AL/messages/m1', headers })
    assert.equal(answer.body, '<CD001C/>')
  })

  test('built files may be kept for ever, and only files of the console are there', async () => {
    const built = await api.app.inject({ url: '/assets/app-1a2b.js' })
    assert.equal(built.body, 'export {}')
    assert.match(String(built.headers['content-type']), /javascript/)
    assert.equal(built.headers['cache-control'], 'public, max-age=31536000, immutable')
    for (const url of [
      '/assets/none.js',
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets',
      '/assets/../../secret.txt',
    ]) {
      const answer = await api.app.inject({ url })
      assert.equal(answer.statusCode, 404, url)
      assert.ok(!answer.body.includes('outside'))
    }
  })

  test('a folder without a built console is said at the start', () => {
    assert.throws(() => createApi({ consoleDirectory: directory } as ApiPorts), /not built/)
  })
})
