import { hash, type KeyObject } from 'node:crypto'
import { canonicalize, parse, type XmlElement, XmlFault } from '@corridor/xml'
import { type SignatureAlgorithm } from './algorithms/signature.ts'
import { signedFormOf } from './content-transform.ts'
import type { Envelope } from './envelope-read.ts'
import type { Reference } from './model.ts'
import type { OpenPolicy } from './policy.ts'
import { demand, Refusal } from './refusal.ts'
import type { Security } from './security-read.ts'
import type { Signature } from './signature-read.ts'
import { findSigner, type Signer } from './signer.ts'
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
  signer: Signer
}

/**
 * Verifies the signature over the SOAP parts: by the algorithm of the policy, with the key of the signer that the
 * policy allows `now`, over this eb:Messaging, over this Body too unless `covers` does without it, and nothing else in
 * the envelope. Attachments are compared by {@link checkAttachmentDigest}, after decryption. Refuses with EBMS:0101 or
 * EBMS:0103.
 */
export function verifyEnvelope(
  envelope: Envelope,
  security: Security,
  policy: OpenPolicy,
  now: Date,
  covers: readonly ('Messaging' | 'Body')[] = ['Messaging', 'Body'],
): Verified {
  const { signature } = security
  demand(signature, POLICY, 'the message is not signed')
  demand(signature.algorithm === policy.signature.uri, POLICY, 'the signature method is not that of the profile')
  const signer = findSigner(security, policy, now)
  const sound = isSound(signature, policy.signature, signer.certificate.publicKey)
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
  demand(byElement.has(envelope.body) || !covers.includes('Body'), POLICY, 'the Body is not signed')
  return { messaging: parse(messaging), references: signature.references, attachmentDigests, signer }
}

function isSound({ signedInfo, prefixes, value }: Signature, algorithm: SignatureAlgorithm, key: KeyObject): boolean {
  return algorithm.verify(canonicalize(signedInfo, { inclusivePrefixes: prefixes }), key, value)
}

function checkElementDigest(element: XmlElement, reference: Reference): Uint8Array {
  const bytes = canonicalize(element, { inclusivePrefixes: reference.transforms[0]?.prefixes ?? [] })
  const sound = sha256(bytes).toString('base64') === reference.digest
  demand(sound, AUTHENTICATION, `${element.local} is not what was signed`)
  return bytes
}

/**
 * Compares an attachment, in the form that signatures cover, with its signed digest; returns that form. Refuses with
 * EBMS:0101.
 */
export function checkAttachmentDigest(bytes: Buffer, mimeType: string, digest: Buffer): Uint8Array {
  let signed: Uint8Array
  try {
    signed = signedFormOf(bytes, mimeType)
  } catch (error) {
    if (error instanceof XmlFault) throw new Refusal(AUTHENTICATION, `an attachment is not XML: ${error.message}`)
    throw error
  }
  demand(sha256(signed).equals(digest), AUTHENTICATION, 'an attachment is not what was signed')
  return signed
}

/** The SHA-256 digest of some octets. */
export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer')
}
