import { createHash, verify as verifySignature, type X509Certificate } from 'node:crypto'
import { attributeOf, canonicalize, parse, textOf, type XmlElement, XmlFault } from '@corridor/xml'
import { isStrongRsa, isValidAt, subjectKeyIdentifier } from './certificate.ts'
import { elementsOnly, type Envelope } from './envelope-read.ts'
import type { Reference } from './model.ts'
import { NS, URI } from './names.ts'
import { demand, Refusal } from './refusal.ts'
import type { Security } from './security-read.ts'
import { base64Of } from './signature-read.ts'
import { readCid } from './user-message-read.ts'

const AUTHENTICATION = 'EBMS:0101'
const POLICY = 'EBMS:0103'

/** What a verified signature vouches for. */
export interface Verified {
  /** The eb:Messaging element, read again from the very bytes whose digest was signed. */
  messaging: XmlElement
  references: Reference[]
  /** The signed SHA-256 digests of attachments, by Content-ID. */
  attachmentDigests: ReadonlyMap<string, Buffer>
}

/**
 * Verifies the signature over the SOAP parts: made with the key of the pinned certificate, which must be valid `now`,
 * over this eb:Messaging and this Body and nothing else in the envelope. The key never comes from the message; what
 * the message says of its signer must only not contradict the pin. Attachments are compared by
 * {@link checkAttachmentDigest}, after decryption. Refuses with EBMS:0101 or EBMS:0103.
 */
export function verifyEnvelope(envelope: Envelope, security: Security, pin: X509Certificate, now: Date): Verified {
  const { signature } = security
  demand(signature, POLICY, 'the message is not signed')
  checkSigner(signature.token, security, pin)
  demand(isStrongRsa(pin.publicKey), AUTHENTICATION, 'the pinned key is not RSA of 2048 bits or more')
  demand(isValidAt(pin, now), AUTHENTICATION, 'the certificate of the signer is not valid now')
  const signed = canonicalize(signature.signedInfo, { inclusivePrefixes: signature.prefixes })
  const sound = verifySignature('sha256', signed, pin.publicKey, signature.value)
  demand(sound, AUTHENTICATION, 'the signature is not of the pinned key, or SignedInfo was changed')

  const attachmentDigests = new Map<string, Buffer>()
  const byElement = new Map<XmlElement, Uint8Array>()
  for (const reference of signature.references) {
    if (reference.uri.startsWith('#')) {
      const element = envelope.ids.get(reference.uri.slice(1))
      demand(element === envelope.messaging || element === envelope.body, POLICY, 'something else is signed')
      demand(!byElement.has(element), POLICY, 'an element is signed twice')
      byElement.set(element, checkElementDigest(element, reference))
    } else {
      const contentId = readCid(reference.uri)
      demand(!attachmentDigests.has(contentId), POLICY, 'an attachment is signed twice')
      attachmentDigests.set(contentId, Buffer.from(reference.digest, 'base64'))
    }
  }
  const messaging = byElement.get(envelope.messaging)
  demand(messaging, POLICY, 'eb:Messaging is not signed')
  demand(byElement.has(envelope.body), POLICY, 'the Body is not signed')
  return { messaging: parse(messaging), references: signature.references, attachmentDigests }
}

function checkElementDigest(element: XmlElement, reference: Reference): Uint8Array {
  const bytes = canonicalize(element, { inclusivePrefixes: reference.transforms[0]?.prefixes ?? [] })
  const sound = sha256(bytes).toString('base64') === reference.digest
  demand(sound, AUTHENTICATION, `${element.local} is not what was signed`)
  return bytes
}

/**
 * Compares an attachment with its signed digest. XML goes in canonical form and other text with CRLF line ends, as the
 * content transform has it (SwA profile 1.1, 5.4.2; WSS4J does the same); compressed parts as they are.
 * Returns the octets that were signed. Refuses with EBMS:0101.
 */
export function checkAttachmentDigest(bytes: Buffer, mimeType: string, digest: Buffer): Uint8Array {
  const signed = transformContent(bytes, mimeType)
  demand(sha256(signed).equals(digest), AUTHENTICATION, 'an attachment is not what was signed')
  return signed
}

function transformContent(bytes: Buffer, mimeType: string): Uint8Array {
  const type = mimeType.toLowerCase()
  if (/^(text|application)\/xml\b|^(application|image)\/[^;]+\+xml\b/.test(type)) {
    try {
      return canonicalize(parse(bytes))
    } catch (error) {
      if (error instanceof XmlFault) throw new Refusal(AUTHENTICATION, `an attachment is not XML: ${error.message}`)
      throw error
    }
  }
  if (!type.startsWith('text/')) return bytes
  return Buffer.from(bytes.toString('latin1').replaceAll(/\r\n|\r|\n/g, '\r\n'), 'latin1')
}

/** The SHA-256 digest of some octets. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Refuses a token reference that points at another certificate than the pinned one. */
function checkSigner(token: XmlElement, security: Security, pin: X509Certificate): void {
  demand(token.namespace === NS.wsse && token.local === 'SecurityTokenReference', POLICY, 'an unknown token reference')
  const [reference, ...rest] = elementsOnly(token)
  demand(reference && rest.length === 0, POLICY, 'a token reference is not one reference')
  demand(isPinned(reference, security, pin), AUTHENTICATION, 'the signer is not the pinned partner')
}

function isPinned(reference: XmlElement, security: Security, pin: X509Certificate): boolean {
  if (reference.namespace === NS.wsse && reference.local === 'Reference') {
    const uri = attributeOf(reference, 'URI') ?? ''
    return security.tokens.get(uri.slice(1))?.equals(pin.raw) === true && uri.startsWith('#')
  }
  if (reference.namespace === NS.wsse && reference.local === 'KeyIdentifier') {
    const known = attributeOf(reference, 'ValueType') === URI.subjectKeyIdentifier
    demand(known, POLICY, 'a key identifier is of an unknown kind')
    const own = subjectKeyIdentifier(pin)
    return own !== undefined && base64Of(reference).equals(own)
  }
  demand(reference.namespace === NS.ds && reference.local === 'X509Data', POLICY, 'an unknown token reference')
  const [issuerSerial, ...rest] = elementsOnly(reference)
  demand(issuerSerial?.local === 'X509IssuerSerial' && rest.length === 0, POLICY, 'an unknown X509Data')
  // Issuer names have many spellings, and the key comes from the pin anyway: the serial number is comparison enough.
  const serial = elementsOnly(issuerSerial).find((each) => each.local === 'X509SerialNumber')
  const digits = serial ? textOf(serial).trim() : ''
  return /^\d{1,60}$/.test(digits) && BigInt(digits) === BigInt(`0x${pin.serialNumber}`)
}
