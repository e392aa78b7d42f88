import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { makeAuthority } from '@corridor/as4/testing'
import { connect, type Database } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { openapi, openSpool, pump, type PushOptions, pushServer, restSystem, triggerSystem } from '../src/index.ts'
import { standInOnRest } from '../stand-ins/index.ts'

const token = 'a-token-of-the-test'
const tokenDigest = createHash('sha256').update(token).digest('hex')
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
let folder: string
let spoolBase: TestDatabase
let database: Database
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-rest-'))
  spoolBase = await testDatabase()
  database = connect(spoolBase.url)
})
after(async () => {
  await database.close()
  await spoolBase.drop()
  rmSync(folder, { recursive: true })
})

const schemas = new Ajv2020({ strict: false })
schemas.addSchema(openapi, 'openapi')
function fits(schema: string, value: unknown): void {
  const validate = schemas.compile({ $ref: `openapi#/components/schemas/${schema}` })
  assert.ok(validate(value), JSON.stringify(validate.errors))
}

test('a national system is asked: what it has is taken once and in order, what is wrong is told, results are given once', async () => {
  const standIn = await standInOnRest(join(folder, 'asked.json'), token)
  const system = restSystem({ url: standIn.url, token })
  try {
    await standIn.release('N/1', bytesOf('one'))
    await standIn.release('N/1', bytesOf('rubbish'), 'amended')
    await standIn.release('N/2', bytesOf('two'))
    const seen: string[] = []
    for (let round = 0; round < 3; round++)
      await pump(
        system,
        async ({ declaration, event, bytes }) => {
          seen.push(`${declaration} ${event} ${textOf(bytes)}`)
          if (textOf(bytes) !== 'rubbish') return 'accepted'
          return { wrong: [{ rule: 'x', place: '/', text: 'Nothing.', remedy: 'Again.' }] }
        },
        10,
      )
    assert.deepEqual(seen, ['N/1 released one', 'N/2 released two', 'N/1 amended rubbish'])
    assert.deepEqual(standIn.aside(), [
      { declaration: 'N/1', wrong: [{ rule: 'x', place: '/', text: 'Nothing.', remedy: 'Again.' }] },
    ])
    const result = { id: 'r/1', declaration: 'N/1', kind: 'receipt', mediaType: 'text/plain', bytes: bytesOf('ok ü') }
    assert.equal(await system.give(result), 'given')
    assert.equal(await system.give(result), 'there')
    assert.equal(await system.give({ ...result, bytes: bytesOf('other') }), 'conflict')
    assert.deepEqual(
      (await standIn.results()).map(({ declaration, kind, bytes }) => [declaration, kind, textOf(bytes)]),
      [['N/1', 'receipt', 'ok ü']],
    )
  } finally {
    await standIn.close()
  }
  await assert.rejects(system.take(1), { code: 'connectors.unreachable' })
})

test('answers that are not the contract are faults, whatever they are', async () => {
  let status = 200
  let body = ''
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const system = restSystem({ url, token, limitBytes: 1_000 })
  try {
    const one = { id: 'a', declaration: 'd', event: 'released', content: 'YQ==' }
    for (const wrong of ['', 'null', '{"declarations":1}', '{"declarations":[null]}', 'x'.repeat(2_000)])
      await assert.rejects(((body = wrong), system.take(1)), { code: 'connectors.remote' }, wrong)
    for (const change of [{ id: '' }, { id: 1 }, { content: '???' }, { id: 'a\nb' }]) {
      body = JSON.stringify({ declarations: [{ ...one, ...change }] })
      await assert.rejects(system.take(1), { code: 'connectors.remote' }, body)
    }
    status = 401
    await assert.rejects(system.take(1), { code: 'connectors.remote' })
    status = 503
    await assert.rejects(system.take(1), { code: 'connectors.unreachable' })
    status = 200
    body = JSON.stringify({ declarations: [one, one, one] })
    assert.equal((await system.take(2)).length, 2)
  } finally {
    server.close()
    server.closeAllConnections()
  }
  for (const bad of ['ftp://x', 'http://example.org', 'nothing'])
    assert.throws(() => restSystem({ url: bad }), { code: 'connectors.remote' }, bad)
})

/** A door with a spool behind it. */
async function door(more: Partial<PushOptions> = {}) {
  const faults: unknown[] = []
  const spool = await openSpool(database)
  const server = await pushServer(spool, { port: 0, tokenDigest, onFault: (error) => faults.push(error), ...more })
  const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const init = {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body }),
    }
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) }
  }
  return { server, ask, faults }
}

test('a national system pushes: stored once, told what became of it, and fetches results', async () => {
  const { server, ask, faults } = await door()
  const system = triggerSystem(connect(spoolBase.url))
  try {
    const [id, bad] = [randomUUID(), randomUUID()]
    const about = { 'corridor-declaration': encodeURIComponent('№ 1') }
    const first = await ask('PUT', `/declarations/${id}`, 'one', about)
    assert.deepEqual([first.status, first.body], [201, { id, state: 'waiting' }])
    fits('Pushed', first.body)
    assert.equal((await ask('PUT', `/declarations/${id}`, 'one', about)).status, 200)
    const conflict = await ask('PUT', `/declarations/${id}`, 'other', about)
    assert.equal(conflict.status, 409)
    fits('Problem', conflict.body)
    const many = await Promise.all(
      Array.from({ length: 8 }, () => ask('PUT', `/declarations/${bad}`, 'rubbish', about)),
    )
    assert.equal(many.filter(({ status }) => status === 201).length, 1)
    for (let round = 0; round < 2; round++)
      await pump(
        system,
        async ({ bytes }) =>
          textOf(bytes) === 'one' ? 'accepted' : { wrong: [{ rule: 'x', place: '/', text: 'No.', remedy: 'Again.' }] },
        10,
      )
    assert.deepEqual((await ask('GET', `/declarations/${id}`)).body, { state: 'done', wrong: [] })
    const aside = (await ask('GET', `/declarations/${bad}`)).body
    fits('State', aside)
    assert.equal(aside?.['state'], 'aside')
    assert.equal((await ask('PUT', `/declarations/${id}`, 'one', about)).status, 200)
    await system.give({ id: 'r 1', declaration: '№ 1', kind: 'receipt', mediaType: 'text/plain', bytes: bytesOf('ok') })
    const { body } = await ask('GET', '/results?limit=5')
    fits('Results', body)
    assert.deepEqual(body, {
      results: [{ id: 'r 1', declaration: '№ 1', kind: 'receipt', mediaType: 'text/plain', content: 'b2s=' }],
    })
    assert.equal((await ask('POST', '/results/r%201/taken')).status, 204)
    assert.deepEqual((await ask('GET', '/results')).body, { results: [] })
    assert.deepEqual(faults, [])
  } finally {
    await system.close()
    await server.close()
  }
})

test('what is not the contract is refused with words, and nothing of it is stored', async () => {
  const { server, ask } = await door({ limitBytes: 10 })
  try {
    const id = randomUUID()
    const about = { 'corridor-declaration': 'D' }
    const refused: [number, Promise<{ status: number }>][] = [
      [401, ask('PUT', `/declarations/${id}`, 'x', { ...about, authorization: 'Bearer wrong' })],
      [401, ask('GET', '/results', undefined, { authorization: 'Basic eDp4' })],
      [400, ask('PUT', '/declarations/not-a-uuid', 'x', about)],
      [400, ask('PUT', `/declarations/${id}`, 'x')],
      [400, ask('PUT', `/declarations/${id}`, 'x', { 'corridor-declaration': '%' })],
      [400, ask('PUT', `/declarations/${id}`, 'x', { 'corridor-declaration': 'a%00b' })],
      [400, ask('PUT', `/declarations/${id}`, 'x', { ...about, 'corridor-event': 'RELEASED' })],
      [400, ask('PUT', `/declarations/${id}`, 'x', { ...about, 'corridor-event': 'canceled' })],
      [400, ask('PUT', `/declarations/${id}`, '', about)],
      [413, ask('PUT', `/declarations/${id}`, 'x'.repeat(11), about)],
      [400, ask('GET', '/results?limit=1000')],
      [404, ask('GET', `/declarations/${id}`)],
      [404, ask('GET', '/elsewhere')],
      [404, ask('GET', '/declarations/%')],
      [405, ask('DELETE', `/declarations/${id}`)],
    ]
    for (const [at, [status, answer]] of refused.entries()) assert.equal((await answer).status, status, String(at))
    assert.equal((await ask('GET', `/declarations/${id}`)).status, 404)
    assert.equal((await ask('GET', '/openapi.json', undefined, { authorization: '' })).status, 200)
  } finally {
    await server.close()
  }
})

test('a door that nobody guards is not opened', async () => {
  const spool = await openSpool(database)
  const onFault = (): void => {}
  for (const options of [{}, { host: '0.0.0.0', tokenDigest }])
    await assert.rejects(pushServer(spool, { port: 0, onFault, ...options }), { code: 'connectors.remote' })
})

test('a client certificate that was agreed on opens the door, another one of the same authority does not', async () => {
  const authority = await makeAuthority('national')
  const [gateway, own, other] = await Promise.all(
    ['gateway', 'national', 'other'].map((name) => authority.issue({ commonName: name })),
  )
  const fingerprint = (pem: string): string =>
    createHash('sha256')
      .update(Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'))
      .digest('hex')
  const { server } = await door({
    tls: {
      certificate: gateway!.certificatePem,
      key: gateway!.privateKeyPem,
      clients: { authority: authority.certificatePem, fingerprints: [fingerprint(own!.certificatePem)] },
    },
    tokenDigest: undefined as never,
  })
  try {
    const as = (identity: { certificatePem: string; privateKeyPem: string } | undefined) =>
      restSystem({
        url: `https://127.0.0.1:${server.port}`,
        tls: {
          authority: authority.certificatePem,
          ...(identity && { certificate: identity.certificatePem, key: identity.privateKeyPem }),
        },
      })
    // The gateway has no list of declarations for others, and says so only to whom it knows.
    await assert.rejects(as(own).take(1), { code: 'connectors.remote', message: /405/ })
    await assert.rejects(as(other).take(1), { code: 'connectors.remote', message: /401/ })
    await assert.rejects(as(undefined).take(1), { code: 'connectors.unreachable' })
  } finally {
    await server.close()
  }
})
