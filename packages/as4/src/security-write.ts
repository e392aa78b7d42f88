import { constants, createCipheriv, publicEncrypt, sign, type X509Certificate } from 'node:crypto'
import { escapeAttribute } from '@corridor/xml'
import { isStrongRsa } from './certificate.ts'
import { As4Fault } from './faults.ts'
import type { Identity, Reference } from './model.ts'
import { NS, URI } from './names.ts'
import { sha256 } from './verify.ts'

// Everything that is signed is written in its exclusive canonical form from the start: namespaces declared where they
// are used, attributes in order, no empty-element tags. Its digest is then the digest of the text itself.

/** Octets from a good source; from a seeded one in a simulation. */
export type RandomBytes = (size: number) => Uint8Array

/** One payload to protect: its octets as they are to be signed, and their type. */
export interface Payload {
  contentId: string
  mimeType: string
  bytes: Uint8Array
}

/** A payload whose octets are encrypted. */
export interface Encrypted {
  contentId: string
  body: Uint8Array
}

/** An id that is unique in its document, as an XML name. */
export function newId(prefix: string, random: RandomBytes): string {
  return `${prefix}-${Buffer.from(random(16)).toString('hex')}`
}

/** The references to two elements in canonical form and to attachments by their signed octets. */
export function referencesTo(
  elements: readonly { id: string; canonical: string }[],
  payloads: readonly Payload[],
): Reference[] {
  return [
    ...elements.map(({ id, canonical }) => ({
      uri: `#${id}`,
      transforms: [{ algorithm: URI.exclusiveC14n }],
      digest: sha256(Buffer.from(canonical)).toString('base64'),
    })),
    ...payloads.map(({ contentId, bytes }) => ({
      uri: `cid:${contentId}`,
      transforms: [{ algorithm: URI.attachmentContent }],
      digest: sha256(bytes).toString('base64'),
    })),
  ]
}

/** One ds:Reference in canonical form (XML Signature 1.1, 4.4.3); `declare` where ds is not declared around it. */
export function writeReference(reference: Reference, declare: boolean): string {
  const transforms = reference.transforms.map(({ algorithm, prefixes }) => {
    const list = prefixes && prefixes.length > 0 ? escapeAttribute(prefixes.join(' ')) : undefined
    const inclusive =
      list === undefined
        ? ''
        : `<ec:InclusiveNamespaces xmlns:ec="${NS.ec}" PrefixList="${list}"></ec:InclusiveNamespaces>`
    return `<ds:Transform Algorithm="${escapeAttribute(algorithm)}">${inclusive}</ds:Transform>`
  })
  return (
    `<ds:Reference${declare ? ` xmlns:ds="${NS.ds}"` : ''} URI="${escapeAttribute(reference.uri)}">` +
    `<ds:Transforms>${transforms.join('')}</ds:Transforms><ds:DigestMethod Algorithm="${URI.sha256}"></ds:DigestMethod>` +
    `<ds:DigestValue>${reference.digest}</ds:DigestValue></ds:Reference>`
  )
}

/** The signer's certificate and ds:Signature over the references, with rsa-sha256 (eDelivery AS4 1.15, 1.4.2.6). */
export function writeSignature(references: readonly Reference[], identity: Identity, random: RandomBytes): string {
  checkIdentity(identity)
  const signedInfo =
    `<ds:SignedInfo xmlns:ds="${NS.ds}">` +
    `<ds:CanonicalizationMethod Algorithm="${URI.exclusiveC14n}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${URI.rsaSha256}"></ds:SignatureMethod>` +
    `${references.map((each) => writeReference(each, false)).join('')}</ds:SignedInfo>`
  const value = sign('sha256', Buffer.from(signedInfo), identity.privateKey)
  const tokenId = newId('X509', random)
  return (
    `${writeToken(identity.certificate, tokenId)}<ds:Signature xmlns:ds="${NS.ds}" Id="${newId('SIG', random)}">` +
    `${signedInfo}<ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>` +
    `<ds:KeyInfo Id="${newId('KI', random)}">${writeTokenReference(tokenId)}</ds:KeyInfo></ds:Signature>`
  )
}

/**
 * Encrypts payloads for a recipient: one AES-128 key, wrapped by RSA-OAEP (SHA-256, MGF1 with SHA-256), each payload
 * as 12 octets IV, ciphertext, 16 octets tag (XML Encryption 1.1, 5.2.4; SwA profile 1.1). Returns the header
 * elements, which stand before the signature because the recipient works from the first to the last.
 */
export function encryptPayloads(
  payloads: readonly Payload[],
  recipient: X509Certificate,
  random: RandomBytes,
): { xml: string; encrypted: Encrypted[] } {
  if (payloads.length === 0) return { xml: '', encrypted: [] }
  if (!isStrongRsa(recipient.publicKey)) throw new As4Fault('bad-key', 'The key of the recipient is not RSA-2048')
  const key = random(16)
  const { RSA_PKCS1_OAEP_PADDING: padding } = constants
  const wrapped = publicEncrypt({ key: recipient.publicKey, padding, oaepHash: 'sha256' }, key)
  const tokenId = newId('RCPT', random)
  const keyId = newId('EK', random)
  const encrypted: Encrypted[] = []
  const data: string[] = []
  const references: string[] = []
  for (const { contentId, mimeType, bytes } of payloads) {
    const iv = random(12)
    const cipher = createCipheriv('aes-128-gcm', key, iv)
    const body = Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    encrypted.push({ contentId, body })
    const id = newId('ED', random)
    data.push(writeEncryptedData(id, keyId, contentId, mimeType))
    references.push(`<xenc:DataReference URI="#${id}"/>`)
  }
  const xml =
    `${writeToken(recipient, tokenId)}<xenc:EncryptedKey xmlns:xenc="${NS.xenc}" xmlns:ds="${NS.ds}" Id="${keyId}">` +
    `<xenc:EncryptionMethod Algorithm="${URI.rsaOaep}"><ds:DigestMethod Algorithm="${URI.sha256}"/>` +
    `<xenc11:MGF xmlns:xenc11="${NS.xenc11}" Algorithm="${URI.mgf1Sha256}"/></xenc:EncryptionMethod>` +
    `<ds:KeyInfo>${writeTokenReference(tokenId)}</ds:KeyInfo>` +
    `<xenc:CipherData><xenc:CipherValue>${wrapped.toString('base64')}</xenc:CipherValue></xenc:CipherData>` +
    `<xenc:ReferenceList>${references.join('')}</xenc:ReferenceList></xenc:EncryptedKey>${data.join('')}`
  return { xml, encrypted }
}

function writeEncryptedData(id: string, keyId: string, contentId: string, mimeType: string): string {
  return (
    `<xenc:EncryptedData xmlns:xenc="${NS.xenc}" xmlns:ds="${NS.ds}" Id="${id}" MimeType="${escapeAttribute(mimeType)}" ` +
    `Type="${URI.attachmentContentOnly}"><xenc:EncryptionMethod Algorithm="${URI.aes128Gcm}"/>` +
    `<ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse11="${NS.wsse11}" wsse11:TokenType="${URI.encryptedKeyToken}">` +
    `<wsse:Reference URI="#${keyId}"/></wsse:SecurityTokenReference></ds:KeyInfo>` +
    `<xenc:CipherData><xenc:CipherReference URI="cid:${contentId}"><xenc:Transforms>` +
    `<ds:Transform Algorithm="${URI.attachmentCiphertext}"/></xenc:Transforms></xenc:CipherReference>` +
    `</xenc:CipherData></xenc:EncryptedData>`
  )
}

function writeToken(certificate: X509Certificate, id: string): string {
  return (
    `<wsse:BinarySecurityToken EncodingType="${URI.base64}" ValueType="${URI.x509v3}" wsu:Id="${id}">` +
    `${certificate.raw.toString('base64')}</wsse:BinarySecurityToken>`
  )
}

function writeTokenReference(tokenId: string): string {
  return (
    `<wsse:SecurityTokenReference><wsse:Reference URI="#${tokenId}" ValueType="${URI.x509v3}"/>` +
    `</wsse:SecurityTokenReference>`
  )
}

// The comparison costs as much as a signature check, so it is done once for each identity.
const checked = new WeakSet<Identity>()
function checkIdentity(identity: Identity): void {
  if (checked.has(identity)) return
  const sound = isStrongRsa(identity.privateKey) && identity.certificate.checkPrivateKey(identity.privateKey)
  if (!sound) throw new As4Fault('bad-key', 'The identity is not an RSA-2048 key and its own certificate')
  checked.add(identity)
}
