import type { X509Certificate } from 'node:crypto'
import { isValidAt } from '../certificate.ts'
import { isStrongRsa } from '../algorithms/signature.ts'
import { DerFault } from './der.ts'
import { valuesOf } from './distinguished-name.ts'
import { EXTENSION, factsOf } from './facts.ts'
import { checkRevocation, type RevocationPolicy } from './revocation.ts'
import { isSoundAlgorithm } from './signed-data.ts'

/** Which certificates of a partner are believed, beside or instead of one that is pinned. */
export interface Trust {
  /** The authorities that a chain must end at. */
  anchors: readonly X509Certificate[]
  /** Authorities between an anchor and a leaf that messages do not carry. */
  intermediates?: readonly X509Certificate[]
  /**
   * What the leaf's subject must say, such as `{ CN: 'NTA.AL', O: '…' }`: each attribute once, with just this value.
   * An authority vouches for many parties, so nothing else ties a certificate to this one; needed unless one is pinned.
   */
  subject?: Readonly<Record<string, string>>
  revocation?: RevocationPolicy
}

/** The verdict on a chain: the reason against it, or what an operator should know about it. */
export type ChainVerdict =
  | { ok: true; chain: readonly X509Certificate[]; remarks: readonly string[] }
  | { ok: false; reason: string }

const LONGEST = 6
// Carried certificates that all fit together in many ways must not keep us busy.
const MOST_SIGNATURES = 50
const CURVES: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1'])
// Everything else that is critical must be understood (RFC 5280, 4.2); name constraints are not.
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.basicConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.extendedKeyUsage,
])

/**
 * Checks a leaf up to an anchor (RFC 5280, 6.1, without name constraints, policies and mappings): names, signatures,
 * validity `now`, who may issue, path length, critical extensions, algorithms, and revocation. `carried` are other
 * certificates that came with the leaf; they are believed in nothing but what an anchor vouches for. No network.
 */
export function checkChain(
  leaf: X509Certificate,
  carried: readonly X509Certificate[],
  trust: Trust,
  now: Date,
): ChainVerdict {
  try {
    const mismatch = checkSubject(leaf, trust.subject ?? {})
    if (mismatch !== undefined) return { ok: false, reason: mismatch }
    const pool = [...trust.anchors, ...(trust.intermediates ?? []), ...carried]
    const chain = findChain([leaf], pool, trust.anchors)
    if (!chain) return { ok: false, reason: 'the certificate does not chain to an anchor' }
    const fault = chain.map((each, depth) => checkLink(each, depth, now)).find((each) => each !== undefined)
    if (fault !== undefined) return { ok: false, reason: fault }
    const { revoked, remarks } = checkRevocation(chain, trust.revocation, now)
    return revoked === undefined ? { ok: true, chain, remarks } : { ok: false, reason: revoked }
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    return { ok: false, reason: `a certificate of the chain is not readable: ${error.message}` }
  }
}

function checkSubject(leaf: X509Certificate, wanted: Readonly<Record<string, string>>): string | undefined {
  const { subject } = factsOf(leaf)
  for (const [type, value] of Object.entries(wanted)) {
    const found = valuesOf(subject, type)
    if (found.length !== 1 || found[0] !== value) return `the subject of the certificate is not ${type}=${value}`
  }
  return undefined
}

function findChain(
  chain: readonly X509Certificate[],
  pool: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  budget = { signatures: MOST_SIGNATURES },
): readonly X509Certificate[] | undefined {
  const last = chain.at(-1)!
  if (anchors.some((anchor) => anchor.raw.equals(last.raw))) return chain
  if (chain.length > LONGEST) return undefined
  const { issuerRaw, signatureAlgorithm } = factsOf(last)
  for (const issuer of pool) {
    if (chain.some((each) => each.raw.equals(issuer.raw))) continue
    if (!factsOf(issuer).subjectRaw.equals(issuerRaw)) continue
    if (!isSoundAlgorithm(signatureAlgorithm) || budget.signatures-- <= 0 || !last.verify(issuer.publicKey)) continue
    const found = findChain([...chain, issuer], pool, anchors, budget)
    if (found) return found
  }
  return undefined
}

function checkLink(certificate: X509Certificate, depth: number, now: Date): string | undefined {
  const facts = factsOf(certificate)
  const what = depth === 0 ? 'the certificate' : 'an authority of the chain'
  if (!isValidAt(certificate, now)) return `${what} is not valid now`
  const strange = [...facts.extensions].find(([id, { critical }]) => critical && !UNDERSTOOD.has(id))
  if (strange) return `${what} has a critical extension that is not understood: ${strange[0]}`
  if (depth === 0) return undefined
  const key = certificate.publicKey
  const onCurve = key.asymmetricKeyType === 'ec' && CURVES.has(key.asymmetricKeyDetails?.namedCurve)
  const strong = isStrongRsa(key) || key.asymmetricKeyType === 'ed25519' || onCurve
  if (!strong) return 'an authority of the chain has a weak key'
  if (!facts.authority) return 'an issuer in the chain is no authority'
  if (facts.keyUsage && !facts.keyUsage.has('keyCertSign')) return 'an issuer in the chain may not sign certificates'
  if (facts.extensions.has(EXTENSION.nameConstraints)) return 'an authority has name constraints, which are not checked'
  // The leaf does not count (RFC 5280, 4.2.1.9).
  const { pathLength } = facts.authority
  if (pathLength !== undefined && depth - 1 > pathLength) return 'the chain is longer than an authority allows'
  return undefined
}
