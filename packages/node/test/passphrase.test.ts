/** Encrypted key files: where the pass phrase comes from, and what is said when it is not there or is another. */
import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { makeAuthority } from '@corridor/as4/testing'
import { lookAtCertificates, NodeFault, realSettings } from '../src/index.ts'
import { keyOpener, type PassphraseSource } from '../src/keys/passphrase.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-passphrase-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const secret = 'ten stones in a river'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secret }).toString()
const older = privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: secret }).toString()

/** Opens an encrypted key; files are what `files` says. */
function opened(source: PassphraseSource | null, environment: NodeJS.ProcessEnv = {}, text = secret): string {
  return keyOpener(source, { environment, read: () => text }, 'nodes › al › keys')(pkcs8, 'signingKey')
}
function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof NodeFault && error.code === 'KEY_FILE', String(error))
    assert.ok(!error.message.includes(secret) && !error.message.includes('PRIVATE KEY-'), error.message)
    return error.message.split('\n')[0]!
  }
  return assert.fail('it was not refused')
}

test('from a file, the environment, a credential of systemd and a command; a key that is not encrypted needs none', () => {
  writeFileSync(join(folder, 'corridor-keys'), `${secret}\n`)
  const sources: [PassphraseSource, NodeJS.ProcessEnv?][] = [
    [{ file: 'passphrase' }],
    [{ environment: 'KEYS' }, { KEYS: secret }],
    [{ credential: 'corridor-keys' }, { CREDENTIALS_DIRECTORY: folder }],
    [{ command: [process.execPath, '-e', `console.log(${JSON.stringify(secret)})`] }],
  ]
  for (const [source, environment] of sources) assert.equal(opened(source, environment), plain)
  assert.equal(opened({ file: 'x' }, {}, `${secret}\r\n`), plain, 'with the end of a line')
  const never = keyOpener(null, { environment: {}, read: () => assert.fail('nobody asked') }, 'keys')
  assert.equal(never(plain, 'signingKey'), plain)
  const open = keyOpener({ file: 'x' }, { environment: {}, read: () => secret }, 'keys')
  assert.equal(createPrivateKey(open(older, 'tlsKey')).asymmetricKeyType, 'rsa')
})

test('it is asked for once, however many keys there are', () => {
  let asked = 0
  const read = (): string => ((asked += 1), secret)
  const open = keyOpener({ file: 'x' }, { environment: {}, read }, 'keys')
  assert.deepEqual([open(pkcs8, 'signingKey'), open(pkcs8, 'tlsKey'), asked], [plain, plain, 1])
})

test('none, a wrong one, an empty one, several lines, a command that fails: place and remedy, and no secret', () => {
  assert.match(
    refusal(() => opened(null)),
    /^nodes › al › keys › signingKey: the key is encrypted. Say where/,
  )
  assert.match(
    refusal(() => opened({ file: 'x' }, {}, 'eleven stones')),
    /^nodes › al › keys › signingKey: the pass phrase of nodes › al › keys › passphrase does not open this key/,
  )
  assert.match(
    refusal(() => opened({ file: 'x' }, {}, '\n')),
    /passphrase: the file x is empty/,
  )
  assert.match(
    refusal(() => opened({ file: 'x' }, {}, `${secret}\nb`)),
    /several lines/,
  )
  assert.match(
    refusal(() => opened({ environment: 'KEYS' })),
    /there is no KEYS in the environment/,
  )
  assert.match(
    refusal(() => opened({ credential: 'x' })),
    /was not started by systemd/,
  )
  assert.match(
    refusal(() => opened({ credential: 'x' }, { CREDENTIALS_DIRECTORY: folder })),
    /no credential x/,
  )
  assert.match(
    refusal(() => opened({ command: [join(folder, 'nothing')] })),
    /failed \(ENOENT\)/,
  )
  assert.match(
    refusal(() => opened({ command: [process.execPath, '-e', 'process.exit(3)'] })),
    /failed \(exit code 3\)/,
  )
  const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"
  assert.match(
    refusal(() => opened({ command: [process.execPath, '-e', deaf] })),
    /was ended after 5 s/,
  )
  const damaged = pkcs8.replace(/\n.{8}/, '\nAAAAAAAA')
  const open = keyOpener({ file: 'x' }, { environment: {}, read: () => secret }, 'keys')
  assert.match(
    refusal(() => open(damaged, 'tlsKey')),
    /^keys › tlsKey: the pass phrase of/,
  )
})

let file: string
let write: (passphrase: unknown, more?: { partner?: string }) => void
before(async () => {
  const [mine, other] = [await makeAuthority('CA one'), await makeAuthority('CA two')]
  const [signing, tls] = [await mine.issue({ commonName: 'AL.X' }), await mine.issue({ commonName: 'AL.X' })]
  const theirs = await other.issue({ commonName: 'XK.X' })
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return name
  }
  const encrypted = (pem: string): string =>
    createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: secret }).toString()
  const keys = {
    signingCertificate: put('signing.crt', signing.certificatePem),
    signingKey: put('signing.key', encrypted(signing.privateKeyPem)),
    tlsCertificate: put('tls.crt', tls.certificatePem),
    tlsKey: put('tls.key', encrypted(tls.privateKeyPem)),
    dataKey: put('data.key', randomBytes(32).toString('base64')),
  }
  const node = (country: string, more: object) => ({
    country,
    name: country,
    party: `${country}.X`,
    domain: 'x.example',
    ports: { api: 1, as4: 2 },
    locales: ['en'],
    accounts: [],
    ...more,
  })
  file = join(folder, 'corridor.yaml')
  write = (passphrase, { partner = theirs.certificatePem } = {}) => {
    const published = {
      signingCertificate: put('their.crt', partner),
      url: 'https://127.0.0.1:3/as4',
      tlsCertificate: put('their-tls.crt', theirs.certificatePem),
      ca: put('their-ca.crt', other.certificatePem),
    }
    const corridor = {
      corridor: 'sealed-keys',
      title: 'Sealed keys',
      codelists: fileURLToPath(new URL('../../../corridors/albania-kosovo/codelists', import.meta.url)),
      nodes: { al: node('AL', { keys: { ...keys, passphrase } }), xk: node('XK', { published }) },
      links: [{ between: ['al', 'xk'], kind: 'as4', agreement: 'al-xk' }],
      offices: [],
    }
    writeFileSync(file, JSON.stringify(corridor))
  }
  put('passphrase', secret)
})

test('the files of a real node: opened, every certificate looked at; what is wrong is named before anything runs', () => {
  const settings = () => realSettings(file, 'al', 'postgres://nobody@127.0.0.1:1/none')
  write({ file: 'passphrase' })
  const { certificates, unfit } = lookAtCertificates(settings())
  assert.deepEqual(unfit, [])
  assert.deepEqual(certificates.map(({ party, use }) => `${party} ${use}`).sort(), [
    'AL.X signing',
    'AL.X tls',
    'XK.X authority',
    'XK.X signing',
    'XK.X tls',
  ])
  write({ environment: 'CORRIDOR_NO_SUCH_PASSPHRASE' })
  assert.match(refusal(settings), /there is no CORRIDOR_NO_SUCH_PASSPHRASE/)
  for (const wrong of [
    {},
    { file: 'a', environment: 'B' },
    { prompt: 'yes' },
    { command: [] },
    { environment: 'a b' },
  ]) {
    write(wrong)
    assert.throws(settings, { code: 'CORRIDOR_FILE', message: /nodes › al › keys › passphrase/ }, JSON.stringify(wrong))
  }
})

test('a partner with our own certificate, and one that is no certificate, are named with place, value and remedy', async () => {
  const settings = () => realSettings(file, 'al', 'postgres://nobody@127.0.0.1:1/none')
  const weak = await (await makeAuthority('CA three')).issue({ commonName: 'AL.X', modulusLength: 1024 })
  write({ file: 'passphrase' }, { partner: weak.certificatePem })
  assert.deepEqual(lookAtCertificates(settings()).unfit, [
    'nodes › xk › published › signingCertificate: its key is rsa of 1024 bits. Get one with an RSA key of 2048 bits or more.',
    'nodes › xk › published › signingCertificate: it is issued to AL.X. Give the one of XK.X.',
  ])
})
