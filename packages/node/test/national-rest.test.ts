/** A real node and a national system over HTTPS, whichever of the two calls: keys come from the files that the corridor file names. */
import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { parse, stringify } from 'yaml'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'
import { connect, type Database } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { readCorridor } from '../src/config/corridor.ts'
import { openNational } from '../src/national/open.ts'
import { realSettings } from '../src/real-node.ts'
import { freePort } from '../src/supervisor/ports.ts'

type Authority = Awaited<ReturnType<typeof makeAuthority>>
let folder: string
let base: TestDatabase
let db: Database
let authority: Authority
let gateway: TestIdentity
let system: TestIdentity
let other: TestIdentity

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-national-'))
  base = await testDatabase()
  db = connect(base.url)
  authority = await makeAuthority('national')
  ;[gateway, system, other] = (await Promise.all(
    ['gateway', 'system', 'other'].map((commonName) => authority.issue({ commonName })),
  )) as [TestIdentity, TestIdentity, TestIdentity]
  const files: Record<string, string> = {
    'own.pem': gateway.certificatePem,
    'own.key': gateway.privateKeyPem,
    'ca.pem': authority.certificatePem,
    'data.key': randomBytes(32).toString('base64'),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
})
after(async () => {
  await db.close()
  await base.drop()
  rmSync(folder, { recursive: true })
})

const example = new URL('../../../corridors/albania-kosovo/', import.meta.url)

/** The settings of Albania's real node with a national system. */
function settingsOf(kind: string, address: string, tls: object | null): ReturnType<typeof realSettings> {
  type Content = Record<string, unknown> & { nodes: Record<string, Record<string, unknown>> }
  const content = parse(readFileSync(new URL('corridor.yaml', example), 'utf8')) as Content
  const { al, xk } = content.nodes
  writeFileSync(join(folder, 'national.txt'), address)
  al!['nationalSystem'] = { kind, transit: 'yes' }
  al!['keys'] = {
    signingCertificate: 'own.pem',
    signingKey: 'own.key',
    tlsCertificate: 'own.pem',
    tlsKey: 'own.key',
    dataKey: 'data.key',
    nationalSystem: 'national.txt',
    ...(tls && { nationalSystemTls: tls }),
  }
  xk!['published'] = {
    signingCertificate: 'own.pem',
    url: 'https://xk.example/as4',
    tlsCertificate: 'own.pem',
    ca: 'ca.pem',
  }
  const file = join(folder, 'corridor.yaml')
  writeFileSync(file, stringify({ ...content, codelists: new URL('codelists', example).pathname, story: null }))
  assert.equal(readCorridor(file).folder.href, `${pathToFileURL(folder).href}/`)
  return realSettings(file, 'al', base.url)
}

const faults: unknown[] = []
const around = () => ({
  clock: () => new Date(),
  db,
  log: (_level: string, _text: string, fields?: Record<string, unknown>) => void faults.push(fields),
})

const fingerprintOf = ({ certificatePem }: TestIdentity): string =>
  createHash('sha256')
    .update(Buffer.from(certificatePem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'))
    .digest('hex')

/** One request of the national system, with a certificate or a token. */
function ask(
  port: number,
  method: string,
  path: string,
  by: { identity?: TestIdentity; token?: string; body?: string },
): Promise<number | string> {
  const { identity, token, body } = by
  return new Promise((resolve) => {
    const sent = request(
      `https://127.0.0.1:${port}${path}`,
      {
        method,
        ca: authority.certificatePem,
        headers: { 'corridor-declaration': 'N-1', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        ...(identity && { cert: identity.certificatePem, key: identity.privateKeyPem }),
        agent: false,
      },
      (answer: IncomingMessage) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sent.on('error', (error) => resolve(error.message))
    sent.end(body)
  })
}

const tls = { certificate: 'own.pem', key: 'own.key', authority: 'ca.pem' }

test('a system that pushes is known by its certificate; what it brings is taken as from any other', async () => {
  const port = await freePort(0, new Set())
  const clients = [
    fingerprintOf(system)
      .toUpperCase()
      .replaceAll(/(..)(?=.)/g, '$1:'),
  ]
  const settings = settingsOf('rest-push', `https://127.0.0.1:${port}\n`, { ...tls, clients })
  const joined = await openNational({ kind: 'rest-push', whole: 'rename' }, settings.nationalSystem!, around())
  try {
    const id = randomUUID()
    const put = (identity?: TestIdentity) =>
      ask(port, 'PUT', `/declarations/${id}`, { body: '<a/>', ...(identity && { identity }) })
    assert.equal(await put(other), 401)
    assert.match(String(await put()), /certificate required|ECONNRESET|socket hang up/)
    assert.deepEqual(await joined.take(10), [])
    assert.equal(await put(system), 201)
    const [handed] = await joined.take(10)
    assert.deepEqual([handed?.id, handed?.declaration, handed?.event], [id, 'N-1', 'released'])
    await joined.done([id])
    await joined.give({
      id: 'r',
      declaration: 'N-1',
      kind: 'CC028C',
      mediaType: 'application/xml',
      bytes: Buffer.of(60),
    })
    assert.equal(await ask(port, 'GET', '/results', { identity: system }), 200)
    assert.equal(await ask(port, 'POST', '/results/r/taken', { identity: system }), 204)
  } finally {
    await joined.close()
  }
  assert.match(String(await ask(port, 'GET', '/results', { identity: system })), /ECONNREFUSED/)
  assert.deepEqual(await db.query('select 1 as one'), [{ one: 1 }], 'the database of the node goes on')
  assert.deepEqual(faults, [])
})

test('or by a token, of which the node knows the digest only', async () => {
  const port = await freePort(0, new Set())
  const digest = createHash('sha256').update('its-token').digest('hex')
  const settings = settingsOf('rest-push', `https://127.0.0.1:${port}\n${digest}\n`, {
    certificate: 'own.pem',
    key: 'own.key',
  })
  assert.equal(settings.nationalSystem?.token, digest)
  const joined = await openNational({ kind: 'rest-push', whole: 'rename' }, settings.nationalSystem, around())
  try {
    assert.equal(await ask(port, 'GET', '/results', { token: 'its-token' }), 200)
    assert.equal(await ask(port, 'GET', '/results', { token: digest }), 401)
  } finally {
    await joined.close()
  }
})

test('a system that is asked sees the certificate of the node', async () => {
  const seen: unknown[] = []
  const server = createServer(
    {
      cert: system.certificatePem,
      key: system.privateKeyPem,
      ca: authority.certificatePem,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (asked, answer) => {
      const peer = (asked.socket as TLSSocket).getPeerX509Certificate()
      seen.push(peer?.subject, asked.headers.authorization)
      answer.end('{"declarations":[]}')
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const as = async (own: object | null) => {
    const { nationalSystem } = settingsOf('rest', `${url}\n`, own)
    return openNational({ kind: 'rest', whole: 'rename' }, nationalSystem!, around())
  }
  try {
    assert.deepEqual(await (await as(tls)).take(1), [])
    assert.deepEqual(seen, ['CN=gateway', undefined])
    await assert.rejects((await as({ authority: 'ca.pem' })).take(1), { code: 'connectors.unreachable' })
    await assert.rejects((await as(null)).take(1), { code: 'connectors.unreachable', message: /certificate/ })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('what does not fit together is said, and nothing is opened', async () => {
  const open = (address: string, own: object | null) =>
    openNational(
      { kind: 'rest-push', whole: 'rename' },
      settingsOf('rest-push', address, own).nationalSystem!,
      around(),
    )
  const digest = 'a'.repeat(64)
  for (const [address, own, told] of [
    ['nowhere', null, /no address to listen on/],
    [`https://127.0.0.1\n${digest}`, tls, /no address to listen on/],
    ['http://127.0.0.1:1\nits-token', null, /SHA-256 of the token/],
    [`https://127.0.0.1:1\n${digest}`, null, /needs a certificate and a key/],
    [`http://127.0.0.1:1\n${digest}`, tls, /and http none/],
    [`http://0.0.0.0:1\n${digest}`, null, /TLS beyond this machine/],
    ['http://127.0.0.1:1', null, /needs a token or client certificates/],
  ] as const)
    await assert.rejects(open(address, own), { code: 'connectors.remote', message: told }, address)
  for (const [own, told] of [
    [{ certificate: 'own.pem' }, /nationalSystemTls › key: is missing/],
    [{ ...tls, clients: ['nothing'] }, /nationalSystemTls › clients: “nothing” is no SHA-256 fingerprint/],
    [{ certificate: 'own.pem', key: 'own.key', clients: [digest] }, /nationalSystemTls › authority: is missing/],
  ] as const)
    assert.throws(() => settingsOf('rest-push', 'https://127.0.0.1:1', own), { code: 'CORRIDOR_FILE', message: told })
})
