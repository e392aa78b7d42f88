import type { X509Certificate } from 'node:crypto'
import { childrenOf, type Der, expect, need, readBits, readDer, readInteger, readOid, TAG } from './der.ts'
import { type NameAttribute, readName } from './distinguished-name.ts'

/** The key usages of RFC 5280, 4.2.1.3, by their bit. */
const KEY_USAGES = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

/** One key usage. */
export type KeyUsage = (typeof KEY_USAGES)[number]

/** An extension as it stands. */
export interface Extension {
  critical: boolean
  value: Buffer
}

/** What a certificate says beyond what node:crypto tells of it (RFC 5280, 4). */
export interface CertificateFacts {
  serialNumber: bigint
  issuer: NameAttribute[][]
  /** The octets of the names, by which certificates are chained. */
  issuerRaw: Buffer
  subject: NameAttribute[][]
  subjectRaw: Buffer
  /** Identifier of the algorithm that the issuer signed with. */
  signatureAlgorithm: string
  /** The public key without its algorithm, as OCSP hashes it. */
  keyBits: Buffer
  /** Undefined when the certificate does not restrict its key. */
  keyUsage: ReadonlySet<KeyUsage> | undefined
  extendedKeyUsage: readonly string[]
  authority: { pathLength: number | undefined } | undefined
  subjectKeyIdentifier: Buffer | undefined
  extensions: ReadonlyMap<string, Extension>
}

/** Identifiers of extensions (RFC 5280, 4.2.1). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

const known = new WeakMap<X509Certificate, CertificateFacts>()

/** Reads a certificate, once each. Throws {@link DerFault} when it is not as RFC 5280 has it. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  const seen = known.get(certificate)
  if (seen) return seen
  const facts = readFacts(certificate.raw)
  known.set(certificate, facts)
  return facts
}

function readFacts(raw: Buffer): CertificateFacts {
  const [signed] = childrenOf(readDer(raw))
  const fields = childrenOf(expect(signed, TAG.sequence))
  // A version of 1 is left out (4.1.2.1).
  if (fields[0]?.tag === 0xa0) fields.shift()
  const [serial, algorithm, issuer, , subject, key, ...rest] = fields
  need(issuer && subject, 'a certificate has no names')
  const extensions = readExtensions(rest.find(({ tag }) => tag === 0xa3))
  const value = (id: string): Der | undefined => {
    const extension = extensions.get(id)
    return extension && readDer(extension.value)
  }
  const identifier = value(EXTENSION.subjectKeyIdentifier)
  const extended = value(EXTENSION.extendedKeyUsage)
  const usage = value(EXTENSION.keyUsage)
  return {
    serialNumber: readInteger(serial),
    issuer: readName(issuer),
    issuerRaw: issuer.raw,
    subject: readName(subject),
    subjectRaw: subject.raw,
    signatureAlgorithm: readOid(childrenOf(expect(algorithm, TAG.sequence))[0]),
    keyBits: readBits(childrenOf(expect(key, TAG.sequence))[1]).octets,
    keyUsage: usage && readKeyUsage(usage),
    extendedKeyUsage: extended ? childrenOf(extended).map(readOid) : [],
    authority: readAuthority(value(EXTENSION.basicConstraints)),
    subjectKeyIdentifier: identifier && expect(identifier, TAG.octetString).content,
    extensions,
  }
}

/** Extensions by identifier; each at most once (RFC 5280, 4.2). Undefined stands for none. */
export function readExtensions(wrapper: Der | undefined): Map<string, Extension> {
  const extensions = new Map<string, Extension>()
  const list = wrapper && childrenOf(wrapper)[0]
  if (!list) return extensions
  for (const each of childrenOf(expect(list, TAG.sequence))) {
    const [id, ...rest] = childrenOf(expect(each, TAG.sequence))
    const name = readOid(id)
    need(!extensions.has(name), 'an extension is there twice')
    const critical = rest[0]?.tag === TAG.boolean && rest[0].content[0] !== 0
    extensions.set(name, { critical, value: expect(rest.at(-1), TAG.octetString).content })
  }
  return extensions
}

function readKeyUsage(der: Der): Set<KeyUsage> {
  const { octets } = readBits(der)
  return new Set(KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0))
}

function readAuthority(der: Der | undefined): CertificateFacts['authority'] {
  if (!der) return undefined
  const [authority, length] = childrenOf(expect(der, TAG.sequence))
  const isAuthority = authority?.tag === TAG.boolean && authority.content[0] !== 0
  return isAuthority ? { pathLength: length && Number(readInteger(length)) } : undefined
}
