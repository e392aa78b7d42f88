import { attributeOf, type XmlElement } from '@corridor/xml'
import { type ContentName, CONTENTS } from './algorithms/content.ts'
import { AGREEMENTS, type Derivation, WRAPS } from './algorithms/key-agreement.ts'
import type { KeyManagement } from './algorithms/key-management.ts'
import { elementsOnly } from './envelope-read.ts'
import { NS, URI } from './names.ts'
import { demand } from './refusal.ts'
import { base64Of } from './signature-read.ts'
import { readCid } from './user-message-read.ts'

/** How attachments are encrypted: one key for all, which reaches the recipient in one of the ways that profiles have. */
export interface Encryption {
  key: KeyManagement
  /** The sender's half of an agreement; undefined where the key is transported. */
  agreed: Agreed | undefined
  wrappedKey: Buffer
  content: ContentName
  /** By Content-ID: the type that the attachment had before it was encrypted. */
  attachments: ReadonlyMap<string, { mimeType: string | undefined }>
}

/** What a recipient needs to agree on the same secret: a public key, not yet known to be one, and the derivation. */
export interface Agreed {
  originator: { form: 'spki' | 'point'; octets: Buffer }
  derivation: Derivation
}

const POLICY = 'EBMS:0103'

/**
 * Reads xenc:EncryptedKey and the xenc:EncryptedData of attachments (XML Encryption 1.1; SwA profile 1.1; RFC 9231).
 * Refuses with EBMS:0103 every algorithm that no profile has, and every form that this one does not have.
 */
export function readEncryption(key: XmlElement, data: readonly XmlElement[]): Encryption {
  const parts = childrenOf(key, ['EncryptionMethod', 'KeyInfo', 'CipherData', 'ReferenceList'])
  const method = parts.get('EncryptionMethod')
  demand(method, POLICY, 'the EncryptedKey has no method')
  const isTransported = attributeOf(method, 'Algorithm') === URI.rsaOaep
  const managed = isTransported ? readTransport(method) : readAgreement(method, parts.get('KeyInfo'))

  const keyId = attributeOf(key, 'Id')
  const listed = parts.get('ReferenceList')
  const uris = listed ? elementsOnly(listed).map((each) => attributeOf(each, 'URI')) : []
  const attachments = new Map<string, { mimeType: string | undefined }>()
  const contents = new Set<ContentName>()
  for (const each of data) {
    const id = attributeOf(each, 'Id')
    demand(id !== undefined && uris.includes(`#${id}`), POLICY, 'an EncryptedData is not in the ReferenceList')
    const { contentId, content } = readEncryptedData(each, keyId)
    demand(!attachments.has(contentId), POLICY, 'an attachment is encrypted twice')
    attachments.set(contentId, { mimeType: attributeOf(each, 'MimeType') })
    contents.add(content)
  }
  demand(uris.length === data.length, POLICY, 'the ReferenceList names something else')
  const [content, ...others] = contents
  demand(content && others.length === 0, POLICY, 'the attachments are encrypted in different ways, or there are none')
  return { ...managed, wrappedKey: cipherValue(parts.get('CipherData')), content, attachments }
}

type Managed = Pick<Encryption, 'key' | 'agreed'>

function readTransport(method: XmlElement): Managed {
  const parameters = childrenOf(method, ['DigestMethod', 'MGF'])
  const digest = parameters.get('DigestMethod')
  const mask = parameters.get('MGF')
  demand(digest && attributeOf(digest, 'Algorithm') === URI.sha256, POLICY, 'the OAEP digest is not SHA-256')
  demand(mask && attributeOf(mask, 'Algorithm') === URI.mgf1Sha256, POLICY, 'the OAEP mask is not MGF1 with SHA-256')
  return { key: { transport: 'rsa-oaep', digest: 'sha256', mask: 'mgf1sha256' }, agreed: undefined }
}

function readAgreement(method: XmlElement, keyInfo: XmlElement | undefined): Managed {
  const wrap = nameOf(WRAPS, attributeOf(method, 'Algorithm'))
  demand(wrap, POLICY, 'the key is wrapped in a way that no profile has')
  demand(keyInfo, POLICY, 'the EncryptedKey does not say whose key it is for')
  const element = only(keyInfo, NS.xenc, 'AgreementMethod')
  const agreement = nameOf(AGREEMENTS, attributeOf(element, 'Algorithm'))
  demand(agreement, POLICY, 'the key is agreed on in a way that no profile has')
  const parts = childrenOf(element, ['KeyDerivationMethod', 'OriginatorKeyInfo', 'RecipientKeyInfo'])
  const originator = parts.get('OriginatorKeyInfo')
  demand(originator, POLICY, 'an agreement has no OriginatorKeyInfo')
  const derivation = readDerivation(parts.get('KeyDerivationMethod'), WRAPS[wrap].keyBytes)
  return {
    key: { agreement, derivation: 'hkdf-sha256', wrap },
    agreed: { originator: readOriginator(originator), derivation },
  }
}

/** HKDF with its parameters (RFC 9231, 2.8.1). */
function readDerivation(method: XmlElement | undefined, keyBytes: number): Derivation {
  demand(method && attributeOf(method, 'Algorithm') === URI.hkdf, POLICY, 'the key is not derived by HKDF')
  const parts = childrenOf(only(method, NS.rfc9231, 'HKDFParams'), ['PRF', 'Salt', 'Info', 'KeyLength'])
  const prf = parts.get('PRF')
  demand(prf && attributeOf(prf, 'Algorithm') === URI.hmacSha256, POLICY, 'HKDF is not with HMAC-SHA256')
  const length = parts.get('KeyLength')
  const text = length?.children.length === 1 ? length.children[0] : undefined
  const fits = typeof text === 'string' && text.trim() === String(keyBytes)
  demand(fits, POLICY, 'the derived key is not of the length that the wrap needs')
  return { salt: optionalOctets(parts.get('Salt')), info: optionalOctets(parts.get('Info')) }
}

function optionalOctets(element: XmlElement | undefined): Buffer {
  if (!element) return Buffer.alloc(0)
  const octets = base64Of(element)
  demand(octets.length <= 256, POLICY, `${element.local} is too long`)
  return octets
}

function readOriginator(element: XmlElement): Agreed['originator'] {
  const [child, ...rest] = elementsOnly(element)
  demand(child && rest.length === 0, POLICY, 'an OriginatorKeyInfo is not one key')
  if (is(child, NS.dsig11, 'DEREncodedKeyValue')) return { form: 'spki', octets: base64Of(child) }
  const known = is(child, NS.ds, 'KeyValue')
  demand(known, POLICY, 'an OriginatorKeyInfo is of an unknown kind')
  const parts = childrenOf(only(child, NS.dsig11, 'ECKeyValue'), ['NamedCurve', 'PublicKey'])
  const curve = parts.get('NamedCurve')
  const point = parts.get('PublicKey')
  demand(curve && attributeOf(curve, 'URI') === URI.p256, POLICY, 'an originator key is not on P-256')
  demand(point, POLICY, 'an originator key has no point')
  return { form: 'point', octets: base64Of(point) }
}

function readEncryptedData(
  element: XmlElement,
  keyId: string | undefined,
): { contentId: string; content: ContentName } {
  const type = attributeOf(element, 'Type')
  demand(type === URI.attachmentContentOnly, POLICY, 'what is encrypted is not the content of an attachment')
  const parts = childrenOf(element, ['EncryptionMethod', 'KeyInfo', 'CipherData'])
  const method = parts.get('EncryptionMethod')
  const content = method && nameOf(CONTENTS, attributeOf(method, 'Algorithm'))
  demand(content, POLICY, 'an attachment is encrypted in a way that no profile has')
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
  return { contentId: readCid(attributeOf(external, 'URI') ?? ''), content }
}

function cipherValue(cipher: XmlElement | undefined): Buffer {
  demand(cipher, POLICY, 'the EncryptedKey has no CipherData')
  return base64Of(only(cipher, NS.xenc, 'CipherValue'))
}

const NAMESPACES: ReadonlySet<string> = new Set([NS.xenc, NS.ds, NS.xenc11, NS.dsig11, NS.rfc9231])

function childrenOf(element: XmlElement, names: readonly string[]): Map<string, XmlElement> {
  const found = new Map<string, XmlElement>()
  for (const child of elementsOnly(element)) {
    const known = NAMESPACES.has(child.namespace) && names.includes(child.local)
    demand(known, POLICY, `${element.local} has an unknown child ${child.local}`)
    demand(!found.has(child.local), POLICY, `${element.local} has two ${child.local}`)
    found.set(child.local, child)
  }
  return found
}

function nameOf<N extends string>(table: Readonly<Record<N, { uri: string }>>, uri: string | undefined): N | undefined {
  return (Object.keys(table) as N[]).find((name) => table[name].uri === uri)
}

function only(element: XmlElement, namespace: string, local: string): XmlElement {
  const [child, ...rest] = elementsOnly(element)
  demand(child && rest.length === 0 && is(child, namespace, local), POLICY, `${element.local} is not one ${local}`)
  return child
}

function is(element: XmlElement, namespace: string, local: string): boolean {
  return element.namespace === namespace && element.local === local
}
