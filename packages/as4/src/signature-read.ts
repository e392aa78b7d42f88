import { attributeOf, textOf, type XmlElement } from '@corridor/xml'
import { elementsOnly } from './envelope-read.ts'
import type { Reference } from './model.ts'
import { NS, URI } from './names.ts'
import { demand } from './refusal.ts'

/** A ds:Signature of the one form that the profile has. Not verified. */
export interface Signature {
  signedInfo: XmlElement
  /** The identifier of the signature method. */
  algorithm: string | undefined
  /** The PrefixList of its canonicalisation method. */
  prefixes: string[]
  references: Reference[]
  value: Buffer
  token: XmlElement
}

const POLICY = 'EBMS:0103'

/**
 * Reads ds:Signature: exclusive C14N, and references by id with exclusive C14N or by cid with the attachment content
 * transform, SHA-256 (eDelivery AS4 1.15, 1.4.2.6). Anything else is refused with EBMS:0103; whether the signature
 * method is the profile's is for who verifies.
 */
export function readSignature(element: XmlElement): Signature {
  const [signedInfo, value, keyInfo, ...rest] = elementsOnly(element)
  demand(isDs(signedInfo, 'SignedInfo'), POLICY, 'the signature has no SignedInfo')
  demand(isDs(value, 'SignatureValue'), POLICY, 'the signature has no SignatureValue')
  demand(isDs(keyInfo, 'KeyInfo') && rest.length === 0, POLICY, 'the signature is not just value and KeyInfo')
  const [token, ...others] = elementsOnly(keyInfo)
  demand(token && others.length === 0, POLICY, 'the KeyInfo is not one reference')

  const [method, algorithm, ...references] = elementsOnly(signedInfo)
  demand(isDs(method, 'CanonicalizationMethod'), POLICY, 'the SignedInfo has no canonicalisation method')
  demand(attributeOf(method, 'Algorithm') === URI.exclusiveC14n, POLICY, 'the SignedInfo is canonicalised otherwise')
  demand(isDs(algorithm, 'SignatureMethod'), POLICY, 'the SignedInfo has no signature method')
  demand(algorithm.children.length === 0, POLICY, 'the signature method has parameters')
  demand(references.length > 0, POLICY, 'the SignedInfo has no references')
  return {
    signedInfo,
    algorithm: attributeOf(algorithm, 'Algorithm'),
    prefixes: readPrefixes(method),
    references: references.map(readReference),
    value: base64Of(value),
    token,
  }
}

/** Reads one ds:Reference, of a signature or of a receipt. */
export function readReference(element: XmlElement): Reference {
  demand(isDs(element, 'Reference'), POLICY, 'there is something else among the references')
  const uri = attributeOf(element, 'URI') ?? ''
  demand(/^(#|cid:)./.test(uri), POLICY, 'a reference is neither by id nor by cid')
  const [list, method, digest, ...rest] = elementsOnly(element)
  demand(isDs(list, 'Transforms'), POLICY, 'a reference has no transforms')
  demand(isDs(method, 'DigestMethod'), POLICY, 'a reference has no digest method')
  demand(attributeOf(method, 'Algorithm') === URI.sha256, POLICY, 'a digest is not SHA-256')
  demand(isDs(digest, 'DigestValue') && rest.length === 0, POLICY, 'a reference has no digest value')
  const [transform, ...more] = elementsOnly(list)
  demand(isDs(transform, 'Transform') && more.length === 0, POLICY, 'a reference has not just one transform')
  const algorithm = attributeOf(transform, 'Algorithm')
  const expected = uri.startsWith('#') ? URI.exclusiveC14n : URI.attachmentContent
  demand(algorithm === expected, POLICY, 'a reference has a transform that the profile does not have')
  const value = base64Of(digest)
  demand(value.length === 32, POLICY, 'a digest is not 32 bytes')
  const prefixes = readPrefixes(transform)
  demand(prefixes.length === 0 || algorithm === URI.exclusiveC14n, POLICY, 'a transform has a parameter')
  return {
    uri,
    transforms: [prefixes.length > 0 ? { algorithm, prefixes } : { algorithm }],
    digest: value.toString('base64'),
  }
}

/** The octets of a base64 text; white space is allowed, anything else than base64 refused with EBMS:0103. */
export function base64Of(element: XmlElement): Buffer {
  const text = textOf(element).replaceAll(/[ \t\r\n]+/g, '')
  const sound = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
  demand(sound && element.children.length === 1, POLICY, `${element.local} is not base64`)
  return Buffer.from(text, 'base64')
}

function readPrefixes(method: XmlElement): string[] {
  const [inclusive, ...rest] = elementsOnly(method)
  if (inclusive === undefined) return []
  const known = inclusive.namespace === NS.ec && inclusive.local === 'InclusiveNamespaces'
  demand(known && rest.length === 0 && inclusive.children.length === 0, POLICY, 'a method has an unknown parameter')
  const list = (attributeOf(inclusive, 'PrefixList') ?? '').split(/[ \t\r\n]+/).filter((prefix) => prefix !== '')
  demand(list.length <= 32, POLICY, 'a PrefixList is too long')
  return list
}

function isDs(element: XmlElement | undefined, local: string): element is XmlElement {
  return element !== undefined && element.namespace === NS.ds && element.local === local
}
