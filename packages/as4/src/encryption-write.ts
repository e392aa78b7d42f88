import type { X509Certificate } from 'node:crypto'
import { escapeAttribute } from '@corridor/xml'
import { type ContentName, CONTENTS, encryptContent, IV_BYTES } from './algorithms/content.ts'
import { AGREEMENTS, agreeAndWrap, type KeyAgreement, pointOf, WRAPS } from './algorithms/key-agreement.ts'
import { fitsKeyManagement, keyTextOf, usagesFor } from './algorithms/key-management.ts'
import { transportKey } from './algorithms/key-transport.ts'
import { factsOf } from './certificates/facts.ts'
import { As4Fault } from './faults.ts'
import { NS, URI } from './names.ts'
import type { Profile, TokenReference } from './profiles/profile.ts'
import type { RandomBytes } from './random.ts'
import { newId, type Payload } from './security-write.ts'
import { writeToken } from './token-write.ts'

type EncryptionProfile = NonNullable<Profile['encryption']>

/** A payload whose octets are encrypted. */
export interface Encrypted {
  contentId: string
  body: Uint8Array
}

/** A content key for one message, wrapped for its recipient. */
export interface ContentEncryption {
  content: ContentName
  key: Uint8Array
  /** The header elements, when it is known which payloads there are; they stand before the signature, because the
   * recipient works from the first to the last. */
  header: (payloads: readonly { contentId: string; mimeType: string }[]) => string
}

/** Makes a content key and wraps it as the profile has it (XML Encryption 1.1; SwA profile 1.1). */
export function startEncryption(
  recipient: X509Certificate,
  { content, key: scheme }: EncryptionProfile,
  form: TokenReference,
  random: RandomBytes,
): ContentEncryption {
  checkRecipient(recipient, scheme)
  const key = random(CONTENTS[content].keyBytes)
  // A path is for who verifies; the recipient knows its own issuers.
  const ownForm = form === 'x509-pki-path' ? 'x509v3' : form
  const { token, reference } = writeToken(ownForm, { certificate: recipient }, 'RCPT', random)
  const { method, keyInfo, wrapped } = wrapKey(key, recipient, scheme, reference, random)
  const keyId = newId('EK', random)
  const header: ContentEncryption['header'] = (payloads) => {
    const data = payloads.map((each) => ({ ...each, id: newId('ED', random) }))
    const references = data.map(({ id }) => `<xenc:DataReference URI="#${id}"/>`)
    return (
      `${token}<xenc:EncryptedKey xmlns:xenc="${NS.xenc}" xmlns:ds="${NS.ds}" Id="${keyId}">${method}` +
      `<ds:KeyInfo>${keyInfo}</ds:KeyInfo>` +
      `<xenc:CipherData><xenc:CipherValue>${wrapped.toString('base64')}</xenc:CipherValue></xenc:CipherData>` +
      `<xenc:ReferenceList>${references.join('')}</xenc:ReferenceList></xenc:EncryptedKey>` +
      data.map((each) => writeEncryptedData(each, keyId, CONTENTS[content].uri)).join('')
    )
  }
  return { content, key, header }
}

/**
 * Encrypts payloads for a recipient: one content key, wrapped as the profile has it, each payload as 12 octets IV,
 * ciphertext, 16 octets tag (XML Encryption 1.1, 5.2.4).
 */
export function encryptPayloads(
  payloads: readonly Payload[],
  recipient: X509Certificate,
  profile: EncryptionProfile,
  form: TokenReference,
  random: RandomBytes,
): { xml: string; encrypted: Encrypted[] } {
  if (payloads.length === 0) return { xml: '', encrypted: [] }
  const { content, key, header } = startEncryption(recipient, profile, form, random)
  const encrypted = payloads.map(({ contentId, bytes }) => ({
    contentId,
    body: encryptContent(content, key, random(IV_BYTES), bytes),
  }))
  return { xml: header(payloads), encrypted }
}

function checkRecipient(recipient: X509Certificate, scheme: EncryptionProfile['key']): void {
  if (!fitsKeyManagement(scheme, recipient.publicKey)) {
    throw new As4Fault('bad-key', `The key of the recipient is not ${keyTextOf(scheme)}`)
  }
  const { keyUsage } = factsOf(recipient)
  if (keyUsage && !usagesFor(scheme).some((usage) => keyUsage.has(usage))) {
    throw new As4Fault('bad-key', 'The certificate of the recipient is not one for encryption')
  }
}

interface WrappedKey {
  method: string
  keyInfo: string
  wrapped: Buffer
}

function wrapKey(
  key: Uint8Array,
  recipient: X509Certificate,
  scheme: EncryptionProfile['key'],
  reference: string,
  random: RandomBytes,
): WrappedKey {
  if ('transport' in scheme) {
    const method =
      `<xenc:EncryptionMethod Algorithm="${URI.rsaOaep}"><ds:DigestMethod Algorithm="${URI.sha256}"/>` +
      `<xenc11:MGF xmlns:xenc11="${NS.xenc11}" Algorithm="${URI.mgf1Sha256}"/></xenc:EncryptionMethod>`
    return { method, keyInfo: reference, wrapped: transportKey(key, recipient.publicKey) }
  }
  const salt = random(16)
  const derivation = { salt, info: Buffer.alloc(0) }
  const { originator, wrapped } = agreeAndWrap(key, recipient.publicKey, scheme, derivation, random)
  const keyInfo =
    `<xenc:AgreementMethod Algorithm="${AGREEMENTS[scheme.agreement].uri}">${writeDerivation(scheme, salt)}` +
    `<xenc:OriginatorKeyInfo>${writeOriginator(scheme, originator)}</xenc:OriginatorKeyInfo>` +
    `<xenc:RecipientKeyInfo>${reference}</xenc:RecipientKeyInfo></xenc:AgreementMethod>`
  return { method: `<xenc:EncryptionMethod Algorithm="${WRAPS[scheme.wrap].uri}"/>`, keyInfo, wrapped }
}

/** RFC 9231, 2.8.1. */
function writeDerivation({ wrap }: KeyAgreement, salt: Uint8Array): string {
  return (
    `<xenc11:KeyDerivationMethod xmlns:xenc11="${NS.xenc11}" Algorithm="${URI.hkdf}">` +
    `<rfc9231:HKDFParams xmlns:rfc9231="${NS.rfc9231}"><rfc9231:PRF Algorithm="${URI.hmacSha256}"/>` +
    `<rfc9231:Salt>${Buffer.from(salt).toString('base64')}</rfc9231:Salt>` +
    `<rfc9231:KeyLength>${WRAPS[wrap].keyBytes}</rfc9231:KeyLength></rfc9231:HKDFParams></xenc11:KeyDerivationMethod>`
  )
}

/** XML Signature 1.1, 4.5.2.3 and 4.5.9. */
function writeOriginator(
  { agreement }: KeyAgreement,
  originator: ReturnType<typeof agreeAndWrap>['originator'],
): string {
  if (agreement === 'x25519') {
    const octets = originator.export({ type: 'spki', format: 'der' }).toString('base64')
    return `<dsig11:DEREncodedKeyValue xmlns:dsig11="${NS.dsig11}">${octets}</dsig11:DEREncodedKeyValue>`
  }
  return (
    `<ds:KeyValue><dsig11:ECKeyValue xmlns:dsig11="${NS.dsig11}"><dsig11:NamedCurve URI="${URI.p256}"/>` +
    `<dsig11:PublicKey>${pointOf(originator).toString('base64')}</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue>`
  )
}

function writeEncryptedData(
  { id, contentId, mimeType }: { id: string; contentId: string; mimeType: string },
  keyId: string,
  algorithm: string,
): string {
  return (
    `<xenc:EncryptedData xmlns:xenc="${NS.xenc}" xmlns:ds="${NS.ds}" Id="${id}" MimeType="${escapeAttribute(mimeType)}" ` +
    `Type="${URI.attachmentContentOnly}"><xenc:EncryptionMethod Algorithm="${algorithm}"/>` +
    `<ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse11="${NS.wsse11}" wsse11:TokenType="${URI.encryptedKeyToken}">` +
    `<wsse:Reference URI="#${keyId}"/></wsse:SecurityTokenReference></ds:KeyInfo>` +
    `<xenc:CipherData><xenc:CipherReference URI="cid:${contentId}"><xenc:Transforms>` +
    `<ds:Transform Algorithm="${URI.attachmentCiphertext}"/></xenc:Transforms></xenc:CipherReference>` +
    `</xenc:CipherData></xenc:EncryptedData>`
  )
}
