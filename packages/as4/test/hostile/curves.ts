import { createPublicKey, ECDH, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { sealUserMessage, type Wire } from '@corridor/as4'
import { find, replace, rewrite } from '../forge.ts'
import { customs, identityOf, messageOf, pmodeOf, trader } from '../profile-support.ts'
import { casesOf, type Expectation, type HostileCase } from './case.ts'

// eDelivery AS4 2.0: signatures by Ed25519 and ECDSA, keys agreed on X25519 and P-256.

type Row = readonly [string, Expectation, () => Wire, Partial<HostileCase>]
type Change = string | ((found: string) => string)
const ED = 'edelivery-2.0'
const EC = 'edelivery-2.0-ec'
const VALUE = /(?<=<ds:SignatureValue>)[^<]+/
const SPKI = /(?<=<dsig11:DEREncodedKeyValue[^>]*>)[^<]+/
const POINT = /(?<=<dsig11:PublicKey>)[^<]+/
const WRAPPED = /(?<=<xenc:CipherValue>)[^<]+/
const X25519_HEAD = Buffer.from('302a300506032b656e032100', 'hex')
// The order of the group of Ed25519, and of P-256.
const ED_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const EC_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/** A message of the trader under a profile, changed, and what opens it. */
const changed = (profile: string, name: string, expect: Expectation, what: RegExp | string, by: Change): Row => [
  `${profile}: ${name}`,
  expect,
  () => {
    const sending = pmodeOf(customs, profile)
    const wire = sealUserMessage(messageOf(sending), sending, identityOf(trader, profile))
    return rewrite(wire, (xml) => replace(xml, what, by))
  },
  {
    identity: identityOf(customs, profile),
    pmode: { agreement: undefined, ...pmodeOf(trader, profile) },
    ...(expect === 'opened' ? { check: () => undefined } : {}),
  },
]
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64')
const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)
const toBytes = (n: bigint): Buffer => Buffer.from(n.toString(16).padStart(64, '0'), 'hex')
const value = (profile: string, name: string, make: (value: Buffer) => Buffer, expect: Expectation = 'EBMS:0101') =>
  changed(profile, `value: ${name}`, expect, VALUE, (found) => base64(make(bytesOf(found))))
/** The same signature with the order of the group added to S, which a lax verifier takes. */
const withOrder = (signature: Buffer): Buffer => {
  const s = toNumber(Buffer.from(signature.subarray(32).toReversed())) + ED_ORDER
  return Buffer.concat([signature.subarray(0, 32), toBytes(s).toReversed()])
}
const x25519 = (name: string, point: string | (() => Buffer), expect: Expectation = 'EBMS:0102') =>
  changed(ED, `originator: ${name}`, expect, SPKI, () =>
    base64(typeof point === 'string' ? Buffer.concat([X25519_HEAD, Buffer.from(point, 'hex')]) : point()),
  )
const p256 = (name: string, point: () => Buffer, expect: Expectation = 'EBMS:0102') =>
  changed(EC, `originator: ${name}`, expect, POINT, () => base64(point()))
const wrapped = (profile: string, name: string, make: (wrapped: Buffer) => Buffer) =>
  changed(profile, `wrapped key: ${name}`, 'EBMS:0102', WRAPPED, (found) => base64(make(bytesOf(found))))
const spkiOf = (kind: 'ed25519' | 'x448'): Buffer =>
  (kind === 'x448' ? generateKeyPairSync('x448') : generateKeyPairSync('ed25519')).publicKey.export({
    type: 'spki',
    format: 'der',
  })
const otherPoint = (): Buffer => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-65)
}

export const CURVE_SIGNATURES = casesOf('signature', [
  value(ED, 'cut by an octet', (found) => found.subarray(0, 63)),
  value(ED, 'an octet more', (found) => Buffer.concat([found, Buffer.alloc(1)])),
  value(ED, 'zeros', () => Buffer.alloc(64)),
  value(ED, 'the neutral point and zero', () => Buffer.concat([Buffer.from([1]), Buffer.alloc(63)])),
  value(ED, 'the order added to S', withOrder),
  value(ED, 'S of all ones', (found) => Buffer.concat([found.subarray(0, 32), Buffer.alloc(32, 255)])),
  value(ED, 'a changed bit', (found) => found.fill(found[5]! ^ 1, 5, 6)),
  value(ED, 'of another key', () => sign(null, Buffer.from('x'), customs.ed25519.privateKey)),
  value(ED, 'of a megabit', () => randomBytes(131_072)),
  changed(ED, 'another method: Ed448', 'EBMS:0103', '#eddsa-ed25519', '#eddsa-ed448'),
  changed(ED, 'another method: Ed25519ph', 'EBMS:0103', '#eddsa-ed25519', '#eddsa-ed25519ph'),
  value(EC, 'zeros', () => Buffer.alloc(64)),
  value(EC, 'r of zero', (found) => Buffer.concat([Buffer.alloc(32), found.subarray(32)])),
  value(EC, 's of zero', (found) => Buffer.concat([found.subarray(0, 32), Buffer.alloc(32)])),
  value(EC, 'r and s as large as the order', () => Buffer.concat([toBytes(EC_ORDER), toBytes(EC_ORDER)])),
  value(EC, 'cut by an octet', (found) => found.subarray(0, 63)),
  value(EC, 'an octet more', (found) => Buffer.concat([Buffer.alloc(1), found])),
  value(EC, 'in DER', () => sign('sha256', Buffer.from('x'), trader.ec.privateKey)),
  value(EC, 'of another key', () =>
    sign('sha256', Buffer.from('x'), { key: customs.ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  ),
  // ECDSA as such has this second value; what is signed is the same, and nobody goes by the value.
  value(
    EC,
    's counted from the other end, which is as good',
    (found) => Buffer.concat([found.subarray(0, 32), toBytes(EC_ORDER - toNumber(found.subarray(32)))]),
    'opened',
  ),
  changed(EC, 'another method: ecdsa-sha1', 'EBMS:0103', '#ecdsa-sha256', '#ecdsa-sha1'),
  changed(EC, 'another method: ecdsa-sha512', 'EBMS:0103', '#ecdsa-sha256', '#ecdsa-sha512'),
])

export const CURVE_ENCRYPTION = casesOf('encryption', [
  x25519('the point zero', '00'.repeat(32)),
  x25519('the point one', `01${'00'.repeat(31)}`),
  x25519('a point of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
  x25519('another point of order 8', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'),
  x25519('minus one', `ec${'ff'.repeat(30)}7f`),
  x25519('the prime itself', `ed${'ff'.repeat(30)}7f`),
  x25519('one more than the prime', `ee${'ff'.repeat(30)}7f`),
  x25519('our own key', () => customs.x25519.certificate.publicKey.export({ type: 'spki', format: 'der' })),
  x25519('another', () => generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' })),
  x25519('of 31 octets', '01'.repeat(31)),
  x25519('a key for signing', () => spkiOf('ed25519')),
  x25519('X448', () => spkiOf('x448')),
  x25519('an RSA key', () => trader.rsa.certificate.publicKey.export({ type: 'spki', format: 'der' })),
  x25519('a private key', () => generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'der' })),
  x25519('rubbish', () => Buffer.from('rubbish')),
  x25519('a megabit of zeros', () => Buffer.alloc(131_072)),
  p256('not on the curve', () => {
    const point = otherPoint()
    point[64]! ^= 1
    return point
  }),
  p256('the point at infinity', () => Buffer.alloc(1)),
  p256('zero', () => Buffer.concat([Buffer.from([4]), Buffer.alloc(64)])),
  p256('coordinates above the prime', () => Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 255)])),
  p256('compressed', () => ECDH.convertKey(otherPoint(), 'prime256v1', undefined, undefined, 'compressed') as Buffer),
  p256('hybrid', () => ECDH.convertKey(otherPoint(), 'prime256v1', undefined, undefined, 'hybrid') as Buffer),
  p256('of another curve', () =>
    generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'der' }).subarray(-97),
  ),
  p256('another', otherPoint),
  p256('our own key', () =>
    createPublicKey(customs.ecAgreement.privateKey).export({ type: 'spki', format: 'der' }).subarray(-65),
  ),
  changed(
    EC,
    'originator: another curve by name',
    'EBMS:0103',
    /(?<=<dsig11:NamedCurve URI=")[^"]+/,
    'urn:oid:1.3.132.0.34',
  ),
  changed(EC, 'originator: a curve of its own', 'EBMS:0103', /<dsig11:NamedCurve[^>]*>/, '<dsig11:ECParameters/>'),
  changed(
    ED,
    'originator: two keys',
    'EBMS:0103',
    /<dsig11:DEREncodedKeyValue.*?<\/dsig11:DEREncodedKeyValue>/,
    (found) => found + found,
  ),
  changed(ED, 'originator: none', 'EBMS:0103', /<xenc:OriginatorKeyInfo>.*<\/xenc:OriginatorKeyInfo>/, ''),
  changed(
    ED,
    'originator: by name',
    'EBMS:0103',
    /<dsig11:DEREncodedKeyValue.*?<\/dsig11:DEREncodedKeyValue>/,
    '<ds:KeyName>x</ds:KeyName>',
  ),
  ...[ED, EC].flatMap((profile) => [
    wrapped(profile, '8 octets', () => randomBytes(8)),
    wrapped(profile, '16 octets', () => randomBytes(16)),
    wrapped(profile, '40 octets', () => randomBytes(40)),
    wrapped(profile, '25 octets', (found) => Buffer.concat([found, Buffer.alloc(1)])),
    wrapped(profile, 'a changed bit', (found) => found.fill(found[3]! ^ 1, 3, 4)),
    wrapped(profile, 'of something else', () => randomBytes(24)),
    changed(
      profile,
      'agreement: the other one',
      'EBMS:0103',
      profile === ED ? 'http://www.w3.org/2021/04/xmldsig-more#x25519' : 'http://www.w3.org/2009/xmlenc11#ECDH-ES',
      profile === ED ? 'http://www.w3.org/2009/xmlenc11#ECDH-ES' : 'http://www.w3.org/2021/04/xmldsig-more#x25519',
    ),
    changed(
      profile,
      'agreement: Diffie-Hellman of old',
      'EBMS:0103',
      /(?<=<xenc:AgreementMethod Algorithm=")[^"]+/,
      'http://www.w3.org/2001/04/xmlenc#dh',
    ),
    changed(
      profile,
      'derivation: another',
      'EBMS:0103',
      /(?<=<xenc11:KeyDerivationMethod[^>]* Algorithm=")[^"]+/,
      'http://www.w3.org/2009/xmlenc11#ConcatKDF',
    ),
    changed(
      profile,
      'derivation: with SHA-1',
      'EBMS:0103',
      /(?<=<rfc9231:PRF Algorithm=")[^"]+/,
      'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
    ),
    changed(profile, 'derivation: another salt', 'EBMS:0102', /(?<=<rfc9231:Salt>)[^<]+/, () =>
      base64(randomBytes(16)),
    ),
    changed(profile, 'derivation: a salt of a kilobyte', 'EBMS:0103', /(?<=<rfc9231:Salt>)[^<]+/, () =>
      base64(randomBytes(1024)),
    ),
    changed(profile, 'derivation: a key of 1 octet', 'EBMS:0103', /(?<=<rfc9231:KeyLength>)[^<]+/, '1'),
    changed(profile, 'derivation: a key of a gigabyte', 'EBMS:0103', /(?<=<rfc9231:KeyLength>)[^<]+/, '1000000000'),
    changed(
      profile,
      'derivation: with an Info',
      'EBMS:0102',
      '</rfc9231:Salt>',
      '</rfc9231:Salt><rfc9231:Info>AAAA</rfc9231:Info>',
    ),
    changed(profile, 'wrap: of 256 bits', 'EBMS:0103', '#kw-aes128', '#kw-aes256'),
    changed(profile, 'wrap: Triple DES', 'EBMS:0103', '#kw-aes128', '#kw-tripledes'),
    changed(profile, 'content: AES-256-GCM', 'EBMS:0103', 'xmlenc11#aes128-gcm', 'xmlenc11#aes256-gcm'),
    changed(
      profile,
      'content: AES-128-CBC',
      'EBMS:0103',
      'http://www.w3.org/2009/xmlenc11#aes128-gcm',
      'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
    ),
    changed(
      profile,
      'no agreement, but a key that is said to be shared',
      'EBMS:0103',
      /<xenc:AgreementMethod.*<\/xenc:AgreementMethod>/s,
      (found) => find(found, /<wsse:SecurityTokenReference.*<\/wsse:SecurityTokenReference>/s),
    ),
  ]),
])
