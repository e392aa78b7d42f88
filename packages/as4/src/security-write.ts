import { escapeAttribute } from '@corridor/xml'
import type { SignatureAlgorithm } from './algorithms/signature.ts'
import { As4Fault } from './faults.ts'
import type { Identity, Reference } from './model.ts'
import { NS, URI } from './names.ts'
import type { RandomBytes } from './random.ts'
import type { SealPolicy } from './policy.ts'
import { checkFullChain, writeToken } from './token-write.ts'
import { sha256 } from './verify.ts'

// Everything that is signed is written in its exclusive canonical form from the start: namespaces declared where they
// are used, attributes in order, no empty-element tags. Its digest is then the digest of the text itself.

/** One payload to protect: its octets, their type, and the form of them that is signed, where it is another. */
export interface Payload {
  contentId: string
  mimeType: string
  bytes: Uint8Array
  signed?: Uint8Array
}

/** A payload of which only the digest is at hand: SHA-256 over the form that is signed. */
export interface DigestedPayload {
  contentId: string
  digest: Buffer
}

/** An id that is unique in its document, as an XML name. */
export function newId(prefix: string, random: RandomBytes): string {
  return `${prefix}-${Buffer.from(random(16)).toString('hex')}`
}

/** The references to elements in canonical form and to attachments. */
export function referencesTo(
  elements: readonly { id: string; canonical: string }[],
  payloads: readonly DigestedPayload[],
): Reference[] {
  return [
    ...elements.map(({ id, canonical }) => ({
      uri: `#${id}`,
      transforms: [{ algorithm: URI.exclusiveC14n }],
      digest: sha256(Buffer.from(canonical)).toString('base64'),
    })),
    ...payloads.map(({ contentId, digest }) => ({
      uri: `cid:${contentId}`,
      transforms: [{ algorithm: URI.attachmentContent }],
      digest: digest.toString('base64'),
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

/** The signer's certificate and ds:Signature over the references, as the policy has it (eDelivery AS4 1.15, 1.4.2.6). */
export function writeSignature(
  references: readonly Reference[],
  identity: Identity,
  policy: SealPolicy,
  random: RandomBytes,
): string {
  checkIdentity(identity, policy)
  const signedInfo =
    `<ds:SignedInfo xmlns:ds="${NS.ds}">` +
    `<ds:CanonicalizationMethod Algorithm="${URI.exclusiveC14n}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${policy.signature.uri}"></ds:SignatureMethod>` +
    `${references.map((each) => writeReference(each, false)).join('')}</ds:SignedInfo>`
  const value = policy.signature.sign(Buffer.from(signedInfo), identity.privateKey)
  const { token, reference } = writeToken(policy.token, identity, 'X509', random)
  return (
    `${token}<ds:Signature xmlns:ds="${NS.ds}" Id="${newId('SIG', random)}">` +
    `${signedInfo}<ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>` +
    `<ds:KeyInfo Id="${newId('KI', random)}">${reference}</ds:KeyInfo></ds:Signature>`
  )
}

// The comparison costs as much as a signature check, so it is done once for each identity and algorithm.
const checked = new WeakMap<Identity, Set<SignatureAlgorithm>>()
function checkIdentity(identity: Identity, { signature, token, fullChain }: SealPolicy): void {
  if (token === 'x509-pki-path' && fullChain) checkFullChain(identity)
  const seen = checked.get(identity) ?? new Set()
  checked.set(identity, seen)
  if (seen.has(signature)) return
  const sound = signature.fits(identity.privateKey) && identity.certificate.checkPrivateKey(identity.privateKey)
  if (!sound) throw new As4Fault('bad-key', `The identity is not ${signature.keyText} and its own certificate`)
  seen.add(signature)
}
