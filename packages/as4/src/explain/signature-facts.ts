import { createHash, X509Certificate } from 'node:crypto'
import { attributeOf, canonicalize, childElements, textOf, type XmlElement, XmlFault } from '@corridor/xml'
import { SIGNATURES } from '../algorithms/signature.ts'
import { signedFormOf } from '../content-transform.ts'
import type { Envelope } from '../envelope-read.ts'
import { NS, URI } from '../names.ts'
import { Refusal } from '../refusal.ts'
import type { Security } from '../security-read.ts'
import { type NamedCertificate, readTokenReference } from '../token-read.ts'
import type { ExplainedReference, ExplainedSignature } from './explanation.ts'
import { all, namingOf } from './security-facts.ts'

type Verdict = ExplainedReference['digest']

interface Trusted {
  certificates?: readonly X509Certificate[]
}

/**
 * ds:Signature as it stands, verified where the certificate is at hand; `attachmentDigest` compares an attachment by its
 * Content-ID. `security` is undefined when the header has something that no profile has: then nothing is verified.
 */
export function explainSignature(
  envelope: Envelope,
  security: Security | undefined,
  trusted: Trusted,
  attachmentDigest: (contentId: string, digest: string) => Verdict,
): ExplainedSignature | undefined {
  const element =
    envelope.security &&
    childElements(envelope.security).find(({ local, namespace }) => namespace === NS.ds && local === 'Signature')
  if (!element) return undefined
  const algorithm = (local: string): string => {
    const [found] = all(element, NS.ds, local)
    return (found && attributeOf(found, 'Algorithm')) ?? ''
  }
  const [method] = all(element, NS.ds, 'CanonicalizationMethod')
  const references = all(element, NS.ds, 'Reference').map((each) => explainReference(each, envelope, attachmentDigest))
  return {
    method: algorithm('SignatureMethod'),
    canonicalization: algorithm('CanonicalizationMethod'),
    prefixes: method ? prefixesOf(method) : [],
    signerBy: namingOf(element),
    ...verify(security, trusted),
    references,
  }
}

function verify(
  security: Security | undefined,
  { certificates = [] }: Trusted,
): Pick<ExplainedSignature, 'verified' | 'signer'> {
  const signature = security?.signature
  const algorithm = Object.values(SIGNATURES).find(({ uri }) => uri === signature?.algorithm)
  const named = signature && nameOf(() => readTokenReference(signature.token, security.tokens))
  if (!signature || !algorithm || !named) return { verified: 'not-checked' }
  const given = certificates.find(named.isOf)
  const certificate = given ?? nameOf(named.carried)?.[0]
  if (!certificate) return { verified: 'not-checked' }
  const signer = certificate.subject.replaceAll('\n', ', ')
  const bytes = canonicalize(signature.signedInfo, { inclusivePrefixes: signature.prefixes })
  const sound = algorithm.fits(certificate.publicKey) && algorithm.verify(bytes, certificate.publicKey, signature.value)
  if (!sound) return { verified: 'wrong', signer }
  return { verified: given ? 'given' : 'carried', signer }
}

function nameOf<T extends NamedCertificate | readonly X509Certificate[]>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return undefined
  }
}

function explainReference(
  element: XmlElement,
  envelope: Envelope,
  attachmentDigest: (contentId: string, digest: string) => Verdict,
): ExplainedReference {
  const uri = attributeOf(element, 'URI') ?? ''
  const [value] = all(element, NS.ds, 'DigestValue')
  const [method] = all(element, NS.ds, 'DigestMethod')
  const transforms = all(element, NS.ds, 'Transform')
  const expected = value ? textOf(value).replaceAll(/\s/g, '') : ''
  const digestMethod = (method && attributeOf(method, 'Algorithm')) ?? ''
  const target = uri.startsWith('#') ? envelope.ids.get(uri.slice(1)) : undefined
  const contentId = contentIdOf(uri)
  let digest: Verdict = 'not-checked'
  if (digestMethod === URI.sha256 && target) {
    digest = elementVerdict(target, transforms[0] ? prefixesOf(transforms[0]) : [], expected)
  } else if (digestMethod === URI.sha256 && contentId !== undefined) digest = attachmentDigest(contentId, expected)
  return {
    uri,
    what: whatOf(uri, target, contentId, envelope),
    transforms: transforms.map((each) => attributeOf(each, 'Algorithm') ?? ''),
    digestMethod,
    digest,
  }
}

function whatOf(
  uri: string,
  target: XmlElement | undefined,
  contentId: string | undefined,
  envelope: Envelope,
): string {
  if (target === envelope.messaging) return 'eb:Messaging'
  if (target === envelope.body) return 'the Body'
  if (target) return `the element ${target.local}`
  return contentId === undefined ? `${uri}, which is not here` : `the part ${contentId}`
}

/** The Content-ID of a cid: URL; undefined for anything else. */
export function contentIdOf(uri: string): string | undefined {
  if (!uri.startsWith('cid:')) return undefined
  try {
    return decodeURIComponent(uri.slice('cid:'.length))
  } catch {
    return undefined
  }
}

function elementVerdict(target: XmlElement, inclusivePrefixes: string[], expected: string): Verdict {
  try {
    return sha256(canonicalize(target, { inclusivePrefixes })) === expected ? 'right' : 'wrong'
  } catch (error) {
    // A processing instruction was dropped in reading: what was signed is not here any more.
    if (error instanceof XmlFault) return 'not-checked'
    throw error
  }
}

/** Compares the octets of an attachment, in the form that signatures cover, with a digest. */
export function digestVerdict({ octets, mimeType }: { octets: Buffer; mimeType: string }, digest: string): Verdict {
  try {
    return sha256(signedFormOf(octets, mimeType)) === digest ? 'right' : 'wrong'
  } catch (error) {
    if (error instanceof XmlFault) return 'wrong'
    throw error
  }
}

function prefixesOf(method: XmlElement): string[] {
  const [inclusive] = all(method, NS.ec, 'InclusiveNamespaces')
  return (inclusive ? (attributeOf(inclusive, 'PrefixList') ?? '') : '').split(/\s+/).filter(Boolean)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
