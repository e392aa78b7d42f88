import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeAuthority } from '@corridor/as4/testing'
import { connect } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { makeDemonstrationKeys } from '@corridor/node'

const command = fileURLToPath(new URL('../corridor.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'corridor-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command line to its end. */
function corridor(
  typed: string[],
  environment: Record<string, string> = {},
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...typed], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, DATABASE_URL: '', CORRIDOR_HOME: join(folder, 'home'), ...environment },
  })
  return { code: status, out: stdout, err: stderr }
}

test('what is typed wrong is answered with what is wrong and how to do better, never with a stack', () => {
  const wrong: [string[], number, RegExp][] = [
    [['plai'], 2, /There is no command “plai”/],
    [['constructor'], 2, /There is no command “constructor”/],
    [['play'], 2, /Say which corridor to play/],
    [['play', 'nowhere'], 1, /No corridor “nowhere”. There are: .*albania-kosovo, .*syria-jordan/],
    [['play', '../../etc'], 1, /No corridor/],
    [['play', 'albania-kosovo', 'twice'], 2, /“twice” is one word too many/],
    [['play', 'albania-kosovo', '--yaml'], 2, /There is no option --yaml/],
    [['login', 'nobody'], 2, /There is no officer’s account “nobody”. There are: durres-departure/],
    [['login'], 1, /was never started here/],
    [['login', '--corridor'], 2, /--corridor needs a value/],
    [['token', 'adria-spedicion'], 2, /a name for the token/],
    [['node'], 2, /Say which node/],
    [['journal'], 2, /corridor journal verify --node al/],
    [['journal', 'verify', '--node', 'xx'], 2, /Say whose journal: --node al or --node xk/],
    [['journal', 'verify', '--node', 'al', '--from', '0'], 2, /takes the number of a seal/],
    [['journal', 'verify', '--node', 'al', '--head', 'abc'], 2, /64 hexadecimal digits/],
    [['journal', 'verify', '--node', 'al'], 1, /was never started here/],
    [['node', 'al', '--corridor', 'x.yaml'], 2, /DATABASE_URL is not set/],
  ]
  for (const [typed, code, message] of wrong) {
    const ran = corridor(typed)
    assert.equal(ran.code, code, `${typed.join(' ')}: ${ran.err}`)
    assert.match(ran.err, message)
    assert.doesNotMatch(ran.err, /\n {4}at /)
  }
  assert.equal(corridor(['help']).code, 0)
})

test('with DATABASE_URL set there is no demonstration', () => {
  const ran = corridor(['start'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  assert.equal(ran.code, 1)
  assert.match(ran.err, /does not run on demonstration certificates/)
})

interface Papers {
  ca: string
  signing: { certificate: string; key: string }
  tls: { certificate: string; key: string }
}

/** A corridor of two countries of somebody's own, written to a folder with the keys of the first. */
function ownCorridor(name: string, own: Papers, partner: Papers, ports: { api: number; as4: number }): string {
  const put = (file: string, content: string) => {
    writeFileSync(join(folder, `${name}-${file}`), content)
    return `${name}-${file}`
  }
  const node = (country: string, more: string) =>
    `  ${country.toLowerCase()}:\n    { country: ${country}, name: ${country}land, party: NTA.${country}, domain: ${country.toLowerCase()}.example, locales: [en], ${more} }\n`
  put('lists.tsv', '')
  writeFileSync(
    join(folder, `${name}.yaml`),
    [
      `corridor: ${name}\ntitle: Own\ncodelists: lists-${name}\nnodes:\n`,
      node(
        'ME',
        `ports: { api: ${ports.api}, as4: ${ports.as4} }, accounts: [{ id: officer, name: Officer, role: departure, office: ME000001 }],
      keys: { signingCertificate: ${put('sign.crt', own.signing.certificate)}, signingKey: ${put('sign.key', own.signing.key)}, tlsCertificate: ${put('tls.crt', own.tls.certificate)}, tlsKey: ${put('tls.key', own.tls.key)}, dataKey: ${put('data.key', randomBytes(32).toString('base64'))} }`,
      ),
      node(
        'BA',
        `ports: { api: 1, as4: 2 }, accounts: [{ id: other, name: Other, role: transit, office: BA000001 }],
      published: { url: 'https://127.0.0.1:1/as4', signingCertificate: ${put('ba-sign.crt', partner.signing.certificate)}, tlsCertificate: ${put('ba-tls.crt', partner.tls.certificate)}, ca: ${put('ba-ca.crt', partner.ca)} }`,
      ),
      'links: [{ between: [me, ba], kind: as4, agreement: me-ba }]\n',
      'offices: [{ reference: ME000001, name: One, country: ME, roles: [departure] }, { reference: BA000001, name: Two, country: BA, roles: [transit] }]\ntraders: []\n',
    ].join(''),
  )
  return join(folder, `${name}.yaml`)
}

async function realPapers(country: string): Promise<Papers> {
  const authority = await makeAuthority(`${country} authority`)
  const [signing, tls] = [
    await authority.issue({ commonName: 'messages' }),
    await authority.issue({ commonName: 'tls' }),
  ]
  const pair = (made: typeof tls) => ({ certificate: made.certificatePem, key: made.privateKeyPem })
  return { ca: authority.certificatePem, signing: pair(signing), tls: pair(tls) }
}

test('a real node refuses a demonstration certificate, its own or a partner’s', async () => {
  const demonstration = await makeDemonstrationKeys('NTA.ME', 'ME', new Date())
  const real = await realPapers('ME')
  for (const [own, partner, whose] of [
    [demonstration, real, /our signing certificate is a demonstration certificate/],
    [real, demonstration, /signing certificate of ba is a demonstration certificate/],
  ] as const) {
    const file = ownCorridor('demo', own, partner, { api: 1, as4: 2 })
    const ran = corridor(['node', 'me', '--corridor', file], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    assert.equal(ran.code, 1)
    assert.match(ran.err, whose)
  }
})

test('a real node starts on a database and keys of its own, answers /health, and ends in order', async () => {
  const database = await testDatabase()
  const [own, partner] = [await realPapers('ME'), await realPapers('BA')]
  const ports = { api: await freePort(), as4: await freePort() }
  const file = ownCorridor('own', own, partner, ports)
  mkdirSync(join(folder, 'lists-own'))
  const node = spawn(process.execPath, [command, 'node', 'me', '--corridor', file], {
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [node.stdout, node.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  try {
    const health = await answered(`http://127.0.0.1:${ports.api}/health`, said)
    assert.equal(health['status'], 'ok')
    assert.equal(health['node'], 'NTA.ME')
    const real = { DATABASE_URL: database.url }
    const link = corridor(['login', 'officer', '--corridor', file], real)
    assert.match(link.out, new RegExp(`http://127.0.0.1:${ports.api}/sign-in#`))
    const bearer = corridor(['token', 'officer', 'test', '--corridor', file], real).out.trim()
    const page = await fetch(`http://127.0.0.1:${ports.api}/movements`, {
      headers: { authorization: `Bearer ${bearer}` },
    })
    assert.equal(page.status, 200)
    assert.equal(corridor(['token', 'officer', 'test', '--revoke', '--corridor', file], real).code, 0)
    const refused = await fetch(`http://127.0.0.1:${ports.api}/movements`, {
      headers: { authorization: `Bearer ${bearer}` },
    })
    assert.equal(refused.status, 401)
    assert.equal(corridor(['login', 'other', '--corridor', file], real).code, 2, 'the partner’s accounts are not ours')
    await journalIsVerified(database.url, (...typed) =>
      corridor(['journal', 'verify', '--node', 'me', '--corridor', file, ...typed], real),
    )
  } finally {
    node.kill('SIGTERM')
    const code = await new Promise((resolve) => {
      node.on('exit', resolve)
    })
    assert.equal(code, 0, said.join(''))
    await database.drop()
  }
  assert.doesNotMatch(said.join(''), /PRIVATE KEY/)
})

/** The node that runs seals its journal; the command follows it, and tells when somebody changed it. */
async function journalIsVerified(url: string, verify: (...typed: string[]) => ReturnType<typeof corridor>) {
  const db = connect(url, { max: 1 })
  try {
    await db.query(`insert into journal (at, kind) select now(), 'test.line' from generate_series(1, 3)`)
    let whole = verify()
    for (const deadline = performance.now() + 30_000; !whole.out.includes('\n0 entries wait'); whole = verify()) {
      assert.equal(whole.code, 0, whole.out + whole.err)
      assert.ok(performance.now() < deadline, whole.out)
    }
    const head = /^Chain head: seal \d+ of \S+, hash ([0-9a-f]{64})$/m.exec(whole.out)?.[1] ?? ''
    assert.equal(verify('--head', head).code, 0)
    assert.equal(verify('--head', '0'.repeat(64)).code, 1)
    await db.query(
      `alter table journal disable trigger user; update journal set kind = 'another' where kind = 'test.line';
       alter table journal enable trigger user`,
    )
    const broken = verify()
    assert.equal(broken.code, 1)
    assert.match(broken.out, /BROKEN: seal 1 is broken: lines that it was made over were changed/)
    const { outcome, damage } = JSON.parse(verify('--json').out) as Record<string, unknown>
    assert.deepEqual([outcome, damage], ['broken', 'line-changed'])
  } finally {
    await db.close()
  }
}

async function answered(url: string, said: string[]): Promise<Record<string, unknown>> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      return (await (await fetch(url)).json()) as Record<string, unknown>
    } catch {
      assert.ok(performance.now() < deadline, said.join(''))
      await pause(100)
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
