import assert from 'node:assert/strict'
import type { X509Certificate } from 'node:crypto'
import { type Identity, type PMode, PROFILES, readCrl, sealUserMessage, type Wire } from '@corridor/as4'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'
import { replace, rewrite, rewriteBody } from '../forge.ts'
import { customs, DOCUMENT, identityOf, issuing, messageOf, NOW, pmodeOf, root, trader } from '../profile-support.ts'
import { casesOf, type Expectation, type HostileCase } from './case.ts'

// Certificates that an authority vouches for, and paths of them in the token, as EU customs has it.

type Row = readonly [string, Expectation, () => Wire, Partial<HostileCase>]
type Change = string | ((found: string) => string)
type Trust = NonNullable<PMode['trust']>

const hourMs = 3_600_000
const elsewhere = await makeAuthority('Root of the Profiles', 1)
const past = await root.subordinate({ commonName: 'Past of the Profiles', notAfter: new Date(NOW.getTime() - hourMs) })
const below = await issuing.subordinate({ commonName: 'Below the Issuing of the Profiles' })
const leaf = { commonName: 'trader', subject: 'O=Profiles' }
const signers = {
  elsewhere: await elsewhere.issue(leaf),
  underPast: await past.issue(leaf),
  tooDeep: await below.issue(leaf),
  twoNames: await issuing.issue({ commonName: 'trader', subject: 'CN=other, O=Profiles' }),
  longer: await issuing.issue({ commonName: 'trader.test', subject: 'O=Profiles' }),
  forEncryption: await issuing.issue({ ...leaf, usages: ['keyEncipherment'] }),
}
const known = {
  anchors: [root.certificate],
  intermediates: [issuing.certificate],
  subject: { CN: 'trader', O: 'Profiles' },
}
const list = async (revoked: readonly X509Certificate[], by = issuing, hoursAgo = 0, hours = 24) => {
  const from = new Date(NOW.getTime() - (hoursAgo + 1) * hourMs)
  return readCrl(await by.revoke(revoked, from, new Date(from.getTime() + hours * hourMs)))
}
const lists = {
  none: await list([]),
  ofRoot: await list([], root),
  leaf: await list([trader.rsa.certificate]),
  issuing: await list([issuing.certificate], root),
  old: await list([], issuing, 100),
  foreign: await list([], elsewhere),
}
const refuse = { graceMs: hourMs, whenUnknown: 'refuse' } as const

const P15 = 'edelivery-1.15'
/** A message by some signer, where authorities are trusted and no certificate is pinned. */
const trusted = (name: string, expect: Expectation, signer: TestIdentity, trust: Partial<Trust> = {}): Row => [
  name,
  expect,
  () => {
    const sending = pmodeOf(customs, P15)
    return sealUserMessage(messageOf(sending), sending, signer)
  },
  {
    identity: identityOf(customs, P15),
    pmode: {
      agreement: undefined,
      ...pmodeOf(trader, P15),
      partnerCertificate: undefined,
      trust: { ...known, ...trust },
    },
    ...(expect === 'opened' ? { check: () => undefined } : {}),
  },
]

/** One certificate that is pinned although it should not be. */
const pinned = (name: string, signer: Identity): Row => [
  name,
  'EBMS:0101',
  () => {
    const sending = pmodeOf(customs, P15)
    return sealUserMessage(messageOf(sending), sending, signer)
  },
  {
    identity: identityOf(customs, P15),
    pmode: { agreement: undefined, ...pmodeOf(trader, P15), partnerCertificate: signer.certificate },
  },
]

const ICS2 = 'ics2'
const opening = (): Partial<HostileCase> => ({
  identity: identityOf(customs, ICS2),
  pmode: { agreement: undefined, ...pmodeOf(trader, ICS2) },
  check: (message) => assert.deepEqual(Buffer.from(message.parts[0]!.bytes), DOCUMENT),
})
function signedOnly(): Wire {
  const sending = pmodeOf(customs, ICS2)
  return sealUserMessage(messageOf(sending), sending, identityOf(trader, ICS2))
}
const ics2 = (name: string, expect: Expectation, make: () => Wire): Row => [
  `signed only: ${name}`,
  expect,
  make,
  opening(),
]
const header = (name: string, expect: Expectation, what: RegExp | string, by: Change): Row =>
  ics2(name, expect, () => rewrite(signedOnly(), (xml) => replace(xml, what, by)))
/** A path of certificates, the root first. */
const path = (name: string, certificates: readonly X509Certificate[], expect: Expectation = 'EBMS:0103'): Row =>
  octets(name, sequence(Buffer.concat(certificates.map(({ raw }) => raw))), expect)
const octets = (name: string, token: Buffer, expect: Expectation = 'EBMS:0101'): Row =>
  header(`path: ${name}`, expect, /(?<=#X509PKIPathv1" wsu:Id="[^"]+">)[^<]+/, token.toString('base64'))
function sequence(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30, 0x82, content.length >> 8, content.length & 0xff]), content])
}
const [own, issuer, anchor] = [trader.rsa.certificate, issuing.certificate, root.certificate]

export const CHAINS = casesOf('signature', [
  trusted('chain: as it should be', 'opened', trader.rsa),
  trusted('chain: to another authority of the same name', 'EBMS:0101', signers.elsewhere),
  trusted('chain: of another party of the same authority', 'EBMS:0101', customs.rsa),
  trusted('chain: a name that begins as the partner’s', 'EBMS:0101', signers.longer),
  trusted('chain: the partner’s name among others', 'EBMS:0101', signers.twoNames),
  trusted('chain: through an authority that nobody knows', 'EBMS:0101', trader.rsa, { intermediates: [] }),
  trusted('chain: through an authority that is past', 'EBMS:0101', signers.underPast, {
    intermediates: [past.certificate],
  }),
  trusted('chain: longer than an authority allows', 'EBMS:0101', signers.tooDeep, {
    intermediates: [issuer, below.certificate],
  }),
  trusted('chain: to an authority that is trusted no more', 'EBMS:0101', trader.rsa, {
    anchors: [elsewhere.certificate],
  }),
  trusted('chain: to no authority', 'EBMS:0101', trader.rsa, { anchors: [] }),
  trusted('chain: a certificate that may not sign', 'EBMS:0101', signers.forEncryption),
  trusted('revocation: of nobody', 'opened', trader.rsa, {
    revocation: { ...refuse, crls: [lists.none, lists.ofRoot] },
  }),
  trusted('revocation: of the signer', 'EBMS:0101', trader.rsa, {
    revocation: { ...refuse, crls: [lists.leaf, lists.ofRoot] },
  }),
  trusted('revocation: of its issuer', 'EBMS:0101', trader.rsa, {
    revocation: { ...refuse, crls: [lists.none, lists.issuing] },
  }),
  trusted('revocation: in one of two lists', 'EBMS:0101', trader.rsa, {
    revocation: { ...refuse, crls: [lists.none, lists.leaf, lists.ofRoot] },
  }),
  trusted('revocation: nothing is known', 'EBMS:0101', trader.rsa, { revocation: refuse }),
  trusted('revocation: known too long ago', 'EBMS:0101', trader.rsa, {
    revocation: { ...refuse, crls: [lists.old, lists.ofRoot] },
  }),
  trusted('revocation: told by another authority of the same name', 'EBMS:0101', trader.rsa, {
    revocation: { ...refuse, crls: [lists.none, lists.foreign] },
  }),
  pinned('key usage: a pinned certificate that may not sign', signers.forEncryption),
  path('the leaf alone', [own]),
  path('without its root', [issuer, own]),
  path('without the authority between', [anchor, own]),
  path('the leaf first', [own, issuer, anchor], 'EBMS:0101'),
  path('to a root of the same name', [elsewhere.certificate, issuer, own]),
  path('with the leaf twice', [anchor, issuer, own, own]),
  path('of another party', [anchor, issuer, customs.rsa.certificate], 'EBMS:0101'),
  path('of nine certificates', [anchor, issuer, anchor, issuer, anchor, issuer, anchor, issuer, own], 'EBMS:0101'),
  path('of none', [], 'EBMS:0101'),
  octets('rubbish', Buffer.from('rubbish')),
  octets('longer than it says', Buffer.concat([sequence(own.raw), Buffer.from('more')])),
  octets('shorter than it says', sequence(own.raw).subarray(0, -10)),
  octets('of a length without end', Buffer.from([0x30, 0x80, 0, 0])),
  octets('of a length of 2^63', Buffer.from([0x30, 0x88, 0x7f, 255, 255, 255, 255, 255, 255, 255])),
  octets(
    'nested 10,000 deep',
    Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.from([0x30, 0x82, 0x7f, 0xff]))),
  ),
  octets('of 60 kB of small pieces', sequence(Buffer.alloc(60_000, Buffer.from([5, 0])))),
  octets('of more than is read', sequence(Buffer.alloc(65_535)), 'EBMS:0103'),
  header('one certificate instead of a path', 'EBMS:0103', /#X509PKIPathv1/g, '#X509v3'),
  header(
    'a key identifier instead of a path',
    'EBMS:0103',
    /<wsse:Reference URI="#X509[^>]*>/,
    '<wsse:KeyIdentifier ValueType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509SubjectKeyIdentifier">AAAA</wsse:KeyIdentifier>',
  ),
  header(
    'encrypted all the same',
    'EBMS:0103',
    '<ds:Signature ',
    '<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"/><ds:Signature ',
  ),
  header('not signed either', 'EBMS:0103', /<ds:Signature .*<\/ds:Signature>/s, ''),
  header('a changed header', 'EBMS:0101', '>IE3F32<', '>IE3F33<'),
  ics2('a changed payload', 'EBMS:0101', () =>
    rewriteBody(signedOnly(), (body) =>
      body.replace(/(?<=<one@trader.test>\r\n\r\n.{20})./s, (found) => String.fromCharCode(found.charCodeAt(0) ^ 1)),
    ),
  ),
  ics2('a payload said to be XML', 'opened', () =>
    rewriteBody(signedOnly(), (body) =>
      replace(body, 'Content-Type: application/gzip', 'Content-Type: application/xml'),
    ),
  ),
  ics2('a payload said to be text', 'opened', () =>
    rewriteBody(signedOnly(), (body) => replace(body, 'Content-Type: application/gzip', 'Content-Type: text/plain')),
  ),
  ics2('a payload that is not compressed', 'EBMS:0010', () => {
    const profile = { ...PROFILES[ICS2]!, compression: 'optional' as const }
    const sending = { ...pmodeOf(customs, ICS2), profile, compress: false }
    return sealUserMessage(messageOf(sending), sending, identityOf(trader, ICS2))
  }),
])
