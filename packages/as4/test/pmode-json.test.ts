import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { FOUR_CORNER, type PMode, PROFILES, readCrl, readPModes, writePModes } from '@corridor/as4'
import { customs, issuing, NOW, pmodeOf, root, trader } from './profile-support.ts'

const crl = readCrl(await issuing.revoke([trader.rsa.certificate], NOW, new Date(NOW.getTime() + 3_600_000)))

const FULL: PMode[] = [
  ...Object.keys(PROFILES).map((profile) => ({ ...pmodeOf(customs, profile), service: { value: profile, type: 't' } })),
  {
    ...pmodeOf(customs, 'edelivery-1.15'),
    id: 'everything',
    agreement: { value: 'a', type: 't' },
    actions: ['A', 'B'],
    mpc: 'urn:mpc',
    requiredProperties: [...FOUR_CORNER, { name: 'x', value: 'y', type: 'z' }],
    testService: { service: { value: 's' }, action: 'ping' },
    nextPartnerCertificate: trader.rsa.certificate,
    partnerEncryptionCertificate: customs.rsa.certificate,
    trust: {
      anchors: [root.certificate],
      intermediates: [issuing.certificate],
      subject: { CN: 'customs', O: 'Profiles' },
      revocation: { crls: [crl], graceMs: 3_600_000, whenUnknown: 'refuse' },
    },
    encrypt: false,
    compress: false,
    tokens: { send: 'key-identifier', accept: ['x509v3', 'key-identifier'] },
    retry: { count: 4, intervalMs: 240_000 },
  },
  {
    ...pmodeOf(customs, 'edelivery-1.15'),
    id: 'own-profile',
    service: { value: 'own' },
    profile: { ...PROFILES.ics2!, name: 'own', partyIds: undefined, roles: undefined },
    testService: false,
  },
]

/** Without members that say nothing, and certificates by their octets. */
const plain = (pmodes: readonly PMode[]): unknown => JSON.parse(writePModes(pmodes))

test('P-Modes are written and read again, with all that they can say', () => {
  const json = writePModes(FULL)
  const read = readPModes(json, NOW)
  assert.ok(read.ok, JSON.stringify(!read.ok && read.findings))
  assert.deepEqual(plain(read.value), plain(FULL))
  const everything = read.value.find(({ id }) => id === 'everything')!
  assert.equal(everything.partnerCertificate!.raw.equals(customs.rsa.certificate.raw), true)
  assert.deepEqual(everything.trust?.revocation?.crls?.[0]?.revoked, crl.revoked)
  assert.deepEqual(Object.keys(everything).sort(), Object.keys(FULL.at(-2)!).sort())
  assert.doesNotMatch(json, /PRIVATE/)
})

test('a P-Mode by itself is read too, and its places are its own', () => {
  const [one] = plain(FULL) as Record<string, unknown>[]
  const read = readPModes(JSON.stringify(one))
  assert.equal(read.ok && read.value.length, 1)
  const wrong = readPModes(JSON.stringify({ ...one, id: '' }))
  assert.deepEqual(!wrong.ok && wrong.findings.map(({ place }) => place), ['/id'])
})

const [FIRST] = plain(FULL.slice(-2, -1)) as [Record<string, unknown>]
const pem = customs.rsa.privateKeyPem

for (const [what, changes, ...expected] of [
  ['a member that is misspelt', { initator: {} }, '/initator'],
  ['a member that is missing', { initiator: undefined }, '/initiator'],
  ['something missing deeper', { responder: { id: 'x' } }, '/responder/role'],
  ['a number for a text', { service: { value: 5 } }, '/service/value'],
  ['a text for a list', { actions: 'A' }, '/actions'],
  ['something else in a list', { actions: ['A', 7] }, '/actions/1'],
  ['a text for true', { encrypt: 'false' }, '/encrypt'],
  ['a negative count', { retry: { count: -1, intervalMs: 1.5 } }, '/retry/count', '/retry/intervalMs'],
  ['a list for an object', { initiator: [] }, '/initiator'],
  ['no certificate', { partnerCertificate: 'x' }, '/partnerCertificate'],
  ['a private key', { partnerCertificate: pem }, '/partnerCertificate'],
  ['an unknown token reference', { tokens: { send: 'x', accept: ['y'] } }, '/tokens/send', '/tokens/accept/0'],
  [
    'no revocation list',
    { trust: { anchors: [], revocation: { crls: ['x'], graceMs: 1, whenUnknown: 'refuse' } } },
    '/trust/revocation/crls/0',
  ],
  [
    'an unknown choice',
    { trust: { ...(FIRST.trust as object), revocation: { graceMs: 1, whenUnknown: 'ask' } } },
    '/trust/revocation/whenUnknown',
  ],
  ['an unknown profile', { profile: 'edelivery-3.0' }, '/profile'],
  ['true for a test service', { testService: true }, '/testService'],
  ['__proto__', JSON.parse('{"__proto__": {"id": "x"}}') as object, '/__proto__'],
] as const) {
  test(`read with place and remedy: ${what}`, () => {
    // Written by hand, so that even a member called __proto__ is one.
    const members = Object.entries({ ...FIRST }).filter(([name]) => !Object.hasOwn(changes, name))
    const all = [...members, ...Object.entries(changes).filter(([, value]) => value !== undefined)]
    const json = `{${all.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
    const read = readPModes(json)
    assert.equal(read.ok, false)
    assert.deepEqual(
      read.findings.map(({ place }) => place),
      expected,
    )
    for (const { text, remedy } of read.findings) assert.ok(text.length > 3 && /^[A-Z].*\.$/s.test(remedy), remedy)
  })
}

test('every problem of every P-Mode is told at once', () => {
  const read = readPModes(JSON.stringify([{ ...FIRST, id: 1 }, { ...FIRST, mpc: [] }, 'x']))
  assert.deepEqual(!read.ok && read.findings.map(({ place }) => place), ['/0/id', '/1/mpc', '/2'])
})

test('what is no JSON is said to be none', () => {
  for (const text of ['', '{', '[1,]', 'x']) {
    const read = readPModes(text)
    assert.match(!read.ok ? read.findings[0]!.text : '', /no JSON/)
  }
})

test('a profile of one’s own is checked too', () => {
  const own = { ...PROFILES['edelivery-2.0']!, name: 'own' }
  for (const [changes, ...expected] of [
    [{ signature: 'rsa-sha1' }, '/profile/signature'],
    [{ digest: 'sha1' }, '/profile/digest'],
    [{ encryption: { content: 'aes128-cbc', key: own.encryption!.key } }, '/profile/encryption/content'],
    [
      { encryption: { content: 'aes128-gcm', key: { agreement: 'x448', derivation: 'hkdf-sha256', wrap: 'x' } } },
      '/profile/encryption/key/agreement',
      '/profile/encryption/key/wrap',
    ],
    [
      { encryption: { content: 'aes128-gcm', key: { transport: 'rsa-1_5', digest: 'sha256', mask: 'mgf1sha256' } } },
      '/profile/encryption/key/transport',
    ],
    [{ receiptSigns: ['Body'] }, '/profile/receiptSigns'],
    [{ messageId: '(' }, '/profile/messageId'],
    [{ partyIds: [{ type: 't', value: '[' }] }, '/profile/partyIds/0/value'],
    [{ compression: 'never' }, '/profile/compression'],
    [{ colour: 'red' }, '/profile/colour'],
  ] as const) {
    const [base] = plain([{ ...pmodeOf(customs, 'edelivery-2.0') }]) as [Record<string, unknown>]
    const read = readPModes(JSON.stringify({ ...base, profile: { ...own, ...changes } }))
    assert.deepEqual(!read.ok && read.findings.map(({ place }) => place), expected)
  }
})

test('the example of the documentation is sound', () => {
  const page = readFileSync(new URL('../docs/p-modes.md', import.meta.url), 'utf8')
  const example = /```json\n(.*?)```/s.exec(page)![1]!
  const { trust } = FIRST as { trust: { revocation: { crls: string[] } } } & typeof FIRST
  const texts = {
    CERTIFICATE: customs.rsa.certificatePem,
    AUTHORITY: root.certificatePem,
    LIST: trust.revocation.crls[0]!,
  }
  const json = example.replaceAll(/"(CERTIFICATE|AUTHORITY|LIST)"/g, (_, name: keyof typeof texts) =>
    JSON.stringify(texts[name]),
  )
  const read = readPModes(json, NOW)
  assert.ok(read.ok, JSON.stringify(!read.ok && read.findings))
  assert.equal(read.value[0]!.partnerCertificate!.raw.equals(customs.rsa.certificate.raw), true)
})
