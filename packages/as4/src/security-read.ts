import { attributeOf, type XmlElement } from '@corridor/xml'
import { elementsOnly } from './envelope-read.ts'
import { NS, URI } from './names.ts'
import { demand } from './refusal.ts'
import { base64Of, readSignature, type Signature } from './signature-read.ts'
import { readCid } from './user-message-read.ts'

/** A wsse:Security header of the form that the profile has. Nothing in it is verified. */
export interface Security {
  /** Certificates in DER, by the wsu:Id of their BinarySecurityToken. */
  tokens: ReadonlyMap<string, Buffer>
  signature: Signature | undefined
  encryption: Encryption | undefined
}

/** How attachments are encrypted: one key for all, wrapped for the recipient. */
export interface Encryption {
  wrappedKey: Buffer
  /** By Content-ID: the type that the attachment had before it was encrypted. */
  attachments: ReadonlyMap<string, { mimeType: string | undefined }>
}

const POLICY = 'EBMS:0103'

/**
 * Reads the Security header (WS-Security 1.1.1, X.509 token profile, SwA profile 1.1; eDelivery AS4 1.15, 1.4.2.6).
 * Refuses with EBMS:0103 everything that the profile does not have.
 */
export function readSecurity(element: XmlElement): Security {
  const tokens = new Map<string, Buffer>()
  const keys: XmlElement[] = []
  const data: XmlElement[] = []
  let signature: Signature | undefined
  for (const child of elementsOnly(element)) {
    if (is(child, NS.wsse, 'BinarySecurityToken')) tokens.set(...readToken(child))
    else if (is(child, NS.xenc, 'EncryptedKey')) keys.push(child)
    else if (is(child, NS.xenc, 'EncryptedData')) data.push(child)
    else if (is(child, NS.ds, 'Signature')) signature = readSignature(child)
    else demand(false, POLICY, `the security header has ${child.local}`)
  }
  if (keys.length === 0 && data.length === 0) return { tokens, signature, encryption: undefined }
  demand(keys.length === 1, POLICY, 'there is not just one EncryptedKey')
  return { tokens, signature, encryption: readEncryption(keys[0]!, data) }
}

function readToken(element: XmlElement): [id: string, certificate: Buffer] {
  const id = attributeOf(element, 'Id', NS.wsu)
  demand(id !== undefined, POLICY, 'a token has no id')
  demand(attributeOf(element, 'ValueType') === URI.x509v3, POLICY, 'a token is no X.509 certificate')
  demand((attributeOf(element, 'EncodingType') ?? URI.base64) === URI.base64, POLICY, 'a token is not in base64')
  return [id, base64Of(element)]
}

function readEncryption(key: XmlElement, data: readonly XmlElement[]): Encryption {
  const parts = childrenOf(key, ['EncryptionMethod', 'KeyInfo', 'CipherData', 'ReferenceList'])
  const method = parts.get('EncryptionMethod')
  demand(method && attributeOf(method, 'Algorithm') === URI.rsaOaep, POLICY, 'the key is not wrapped by RSA-OAEP')
  const parameters = childrenOf(method, ['DigestMethod', 'MGF'])
  const digest = parameters.get('DigestMethod')
  const mask = parameters.get('MGF')
  demand(digest && attributeOf(digest, 'Algorithm') === URI.sha256, POLICY, 'the OAEP digest is not SHA-256')
  demand(mask && attributeOf(mask, 'Algorithm') === URI.mgf1Sha256, POLICY, 'the OAEP mask is not MGF1 with SHA-256')

  const keyId = attributeOf(key, 'Id')
  const listed = parts.get('ReferenceList')
  const uris = listed ? elementsOnly(listed).map((each) => attributeOf(each, 'URI')) : []
  const attachments = new Map<string, { mimeType: string | undefined }>()
  for (const each of data) {
    const id = attributeOf(each, 'Id')
    demand(id !== undefined && uris.includes(`#${id}`), POLICY, 'an EncryptedData is not in the ReferenceList')
    const contentId = readEncryptedData(each, keyId)
    demand(!attachments.has(contentId), POLICY, 'an attachment is encrypted twice')
    attachments.set(contentId, { mimeType: attributeOf(each, 'MimeType') })
  }
  demand(uris.length === data.length, POLICY, 'the ReferenceList names something else')
  return { wrappedKey: cipherValue(parts.get('CipherData')), attachments }
}

function readEncryptedData(element: XmlElement, keyId: string | undefined): string {
  const type = attributeOf(element, 'Type')
  demand(type === URI.attachmentContentOnly, POLICY, 'what is encrypted is not the content of an attachment')
  const parts = childrenOf(element, ['EncryptionMethod', 'KeyInfo', 'CipherData'])
  const method = parts.get('EncryptionMethod')
  demand(method && attributeOf(method, 'Algorithm') === URI.aes128Gcm, POLICY, 'an attachment is not in AES-128-GCM')
  demand(method.children.length === 0, POLICY, 'the encryption method has parameters')
  const keyInfo = parts.get('KeyInfo')
  const reference = keyInfo && only(only(keyInfo, NS.wsse, 'SecurityTokenReference'), NS.wsse, 'Reference')
  const uri = reference && attributeOf(reference, 'URI')
  demand(uri !== undefined && uri === `#${keyId}`, POLICY, 'an attachment is encrypted with a key that is not here')
  const cipher = parts.get('CipherData')
  demand(cipher, POLICY, 'an EncryptedData has no CipherData')
  const external = only(cipher, NS.xenc, 'CipherReference')
  const transform = only(only(external, NS.xenc, 'Transforms'), NS.ds, 'Transform')
  const algorithm = attributeOf(transform, 'Algorithm')
  demand(algorithm === URI.attachmentCiphertext, POLICY, 'a CipherReference has an unknown transform')
  return readCid(attributeOf(external, 'URI') ?? '')
}

function cipherValue(cipher: XmlElement | undefined): Buffer {
  demand(cipher, POLICY, 'the EncryptedKey has no CipherData')
  return base64Of(only(cipher, NS.xenc, 'CipherValue'))
}

function childrenOf(element: XmlElement, names: readonly string[]): Map<string, XmlElement> {
  const found = new Map<string, XmlElement>()
  for (const child of elementsOnly(element)) {
    const known = [NS.xenc, NS.ds, NS.xenc11].some((namespace) => namespace === child.namespace)
    demand(known && names.includes(child.local), POLICY, `${element.local} has an unknown child ${child.local}`)
    demand(!found.has(child.local), POLICY, `${element.local} has two ${child.local}`)
    found.set(child.local, child)
  }
  return found
}

function only(element: XmlElement, namespace: string, local: string): XmlElement {
  const [child, ...rest] = elementsOnly(element)
  demand(child && rest.length === 0 && is(child, namespace, local), POLICY, `${element.local} is not one ${local}`)
  return child
}

function is(element: XmlElement, namespace: string, local: string): boolean {
  return element.namespace === namespace && element.local === local
}
