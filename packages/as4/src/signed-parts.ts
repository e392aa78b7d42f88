import type { X509Certificate } from 'node:crypto'
import { canonicalize, parse, type XmlElement, XmlFault } from '@corridor/xml'
import { SIGNATURES } from './algorithms/signature.ts'
import { signedFormOf } from './content-transform.ts'
import { openDecryption } from './decrypt.ts'
import { readEnvelope } from './envelope-read.ts'
import { As4Fault } from './faults.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { type MimePart, readMime } from './mime-read.ts'
import type { KeyPair, Reference, UserMessageHeader, Wire } from './model.ts'
import { messageOf, securityOf, signedTypeOf } from './open.ts'
import { demand, Refusal } from './refusal.ts'
import type { Security } from './security-read.ts'
import { readSignal, type Signal } from './signal-read.ts'
import { readTokenReference } from './token-read.ts'
import { type PartInfo, readCid, readUserMessage } from './user-message-read.ts'
import { sha256 } from './verify.ts'
import { zip } from './zip.ts'

/** What a reference of a signature covers. */
export interface SignedPart {
  /** What the reference names: `#…` an element of the envelope, `cid:…` an attachment. */
  uri: string
  of: 'messaging' | 'body' | 'attachment'
  /** SHA-256 as it was signed, in base64. */
  digest: string
  /** The very octets of that digest; undefined of an attachment that cannot be had again. Only then compared with the digest. */
  octets: Uint8Array | undefined
}

/** A signed message or signal taken apart, so that each step of its signature can be followed by hand. Nothing in it is verified. */
export interface SignedParts {
  /** Read from the octets of `messaging`, not from what stands around them. */
  content: { kind: 'user'; header: UserMessageHeader } | Signal
  /** The canonical octets of ds:SignedInfo: what the signature value is over. */
  signedInfo: Uint8Array
  /** Identifier of the signature method. */
  method: string
  value: Uint8Array
  references: readonly Reference[]
  parts: readonly SignedPart[]
  /** The certificates that the message carries, the leaf first; nobody vouches for them. */
  certificates: readonly X509Certificate[]
}

/** What helps to have the octets of encrypted attachments again. */
export interface SignedPartsOptions {
  own?: readonly Pick<KeyPair, 'privateKey'>[]
  /** The bytes of parts before they were compressed. */
  sent?: readonly Uint8Array[]
}

/**
 * Takes a stored message or signal apart as its signature has it: for evidence and not for receiving, so neither agreement nor time nor
 * trust matter here. Attachments are decrypted with the first of `own` that fits. What was encrypted for a partner nobody but the partner
 * decrypts: its octets are made again from `sent`, what was sealed, and are what they were when they have the signed digest.
 * @throws As4Fault `not-a-sealed-message` for what is no signed message of the form that profiles have
 */
export function signedPartsOf(wire: Wire, { own = [], sent = [] }: SignedPartsOptions = {}): SignedParts {
  try {
    return takeApart(wire, own, sent)
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof XmlFault)) throw error
    throw new As4Fault('not-a-sealed-message', error.message)
  }
}

/** Whether the key of a certificate made the signature over these octets of SignedInfo. */
export function isSignedBy(
  { method, signedInfo, value }: Pick<SignedParts, 'method' | 'signedInfo' | 'value'>,
  { publicKey }: X509Certificate,
): boolean {
  const algorithm = Object.values(SIGNATURES).find(({ uri }) => uri === method)
  return (
    algorithm !== undefined && algorithm.fits(publicKey) && algorithm.verify(signedInfo, publicKey, Buffer.from(value))
  )
}

function takeApart(wire: Wire, own: readonly Pick<KeyPair, 'privateKey'>[], sent: readonly Uint8Array[]): SignedParts {
  const mime = readMime(wire, { ...DEFAULT_LIMITS, bodyBytes: Infinity })
  const envelope = readEnvelope(mime.envelope)
  const security = securityOf(envelope)
  const { signature } = security
  demand(signature, 'EBMS:0103', 'it is not signed')
  const octetsOf = (element: XmlElement, { transforms }: Reference): Uint8Array =>
    canonicalize(element, { inclusivePrefixes: transforms[0]?.prefixes ?? [] })
  const elements = signature.references.flatMap((reference): SignedPart[] => {
    if (!reference.uri.startsWith('#')) return []
    const element = envelope.ids.get(reference.uri.slice(1))
    demand(element === envelope.messaging || element === envelope.body, 'EBMS:0103', 'something else is signed')
    const { uri, digest } = reference
    return [
      { uri, of: element === envelope.messaging ? 'messaging' : 'body', digest, octets: octetsOf(element, reference) },
    ]
  })
  const [messaging, ...others] = elements.filter((part) => part.of === 'messaging')
  demand(messaging?.octets && others.length === 0, 'EBMS:0103', 'eb:Messaging is not signed, or twice')
  const { content, parts } = contentOf(messageOf(parse(messaging.octets)))
  const attachments = signature.references.flatMap(({ uri, digest }): SignedPart[] => {
    if (uri.startsWith('#')) return []
    const contentId = readCid(uri)
    const info = parts.find((part) => part.contentId === contentId)
    const attached = mime.attachments.get(contentId)
    demand(info && attached, 'EBMS:0103', 'an attachment is signed that is not there')
    const octets = signedOctets(info, attached, security, own) ?? octetsAgain(info, security, sent, digest)
    return [{ uri, of: 'attachment', digest, octets }]
  })
  return {
    content,
    signedInfo: canonicalize(signature.signedInfo, { inclusivePrefixes: signature.prefixes }),
    method: signature.algorithm ?? '',
    value: signature.value,
    references: signature.references,
    parts: [...elements, ...attachments],
    certificates: readTokenReference(signature.token, security.tokens).carried(),
  }
}

function contentOf(element: XmlElement): { content: SignedParts['content']; parts: readonly PartInfo[] } {
  if (element.local === 'SignalMessage') return { content: readSignal(element), parts: [] }
  const { header, parts } = readUserMessage(element)
  return { content: { kind: 'user', header }, parts }
}

/** An attachment in the form that is signed. */
function signedOctets(
  info: PartInfo,
  { body, mediaType }: MimePart,
  { encryption }: Security,
  own: readonly Pick<KeyPair, 'privateKey'>[],
): Uint8Array | undefined {
  const type = signedTypeOf(info, encryption, mediaType.type)
  if (encryption === undefined) return signedFormOf(body, type)
  for (const key of own) {
    try {
      return signedFormOf(openDecryption(encryption, [key])(body), type)
    } catch (error) {
      // It is for another key.
      if (!(error instanceof Refusal)) throw error
    }
  }
  return undefined
}

function octetsAgain(
  info: PartInfo,
  { encryption }: Security,
  sent: readonly Uint8Array[],
  digest: string,
): Uint8Array | undefined {
  const type = signedTypeOf(info, encryption, '')
  for (const bytes of sent) {
    try {
      const octets = info.compressed ? zip(bytes) : signedFormOf(bytes, type)
      if (sha256(octets).toString('base64') === digest) return octets
    } catch (error) {
      // It is no XML, and the attachment was.
      if (!(error instanceof XmlFault)) throw error
    }
  }
  return undefined
}
