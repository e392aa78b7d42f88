import type { X509Certificate } from 'node:crypto'
import { type Crl, isCrlOf } from './crl.ts'
import { DerFault } from './der.ts'
import { factsOf } from './facts.ts'
import { type OcspStatus, readOcsp } from './ocsp.ts'

/** How it is found out whether a certificate was revoked. Nothing is fetched: who holds a node brings lists and responses. */
export interface RevocationPolicy {
  crls?: readonly Crl[]
  /**
   * The OCSP response (DER) that is at hand for a certificate; undefined when there is none. Asked while a message
   * waits, so it looks into a memory that something else fills.
   */
  ocsp?: (certificate: X509Certificate, issuer: X509Certificate) => Uint8Array | undefined
  /** For how long past its nextUpdate (or, without one, its thisUpdate) a list or response still counts; remarked on. */
  graceMs: number
  /** What to do when neither a list nor a response is at hand that counts. An acceptance is remarked on. */
  whenUnknown: 'refuse' | 'accept'
}

/** What was found out about a chain. */
export interface RevocationFinding {
  /** Why the chain is refused. */
  revoked?: string
  /** For an operator. */
  remarks: string[]
}

// How far a responder's clock may be ahead of ours.
const SKEW_MS = 5 * 60_000

/** Checks every certificate of a chain but the anchor, its last (RFC 5280, 6.3; RFC 6960). */
export function checkRevocation(
  chain: readonly X509Certificate[],
  policy: RevocationPolicy | undefined,
  now: Date,
): RevocationFinding {
  const remarks: string[] = []
  if (!policy) return { remarks }
  for (const [depth, certificate] of chain.entries()) {
    const issuer = chain[depth + 1]
    if (!issuer) break
    const answers = [...fromLists(certificate, issuer, policy), ...fromResponder(certificate, issuer, policy, now)]
    const serial = certificate.serialNumber
    // What was revoked once stays so, however old the list.
    if (answers.some(({ status }) => status === 'revoked'))
      return { revoked: `certificate ${serial} is revoked`, remarks }
    const good = answers.filter(({ status }) => status === 'good')
    const lateness = good.map((each) => latenessOf(each, now)).filter((each) => each <= policy.graceMs)
    const least = Math.min(...lateness)
    if (least > 0 && least < Infinity) {
      remarks.push(`what is known of the revocation of ${serial} is ${Math.ceil(least / 60_000)} min too old`)
    }
    if (least < Infinity) continue
    const text = `nothing recent is known of the revocation of ${serial}`
    if (policy.whenUnknown === 'refuse') return { revoked: text, remarks }
    remarks.push(text)
  }
  return { remarks }
}

function* fromLists(
  certificate: X509Certificate,
  issuer: X509Certificate,
  { crls = [] }: RevocationPolicy,
): Generator<OcspStatus> {
  const { serialNumber } = factsOf(certificate)
  for (const crl of crls) {
    if (!isCrlOf(crl, issuer)) continue
    const { thisUpdate, nextUpdate, revoked } = crl
    yield { status: revoked.has(serialNumber) ? 'revoked' : 'good', thisUpdate, nextUpdate }
  }
}

function* fromResponder(
  certificate: X509Certificate,
  issuer: X509Certificate,
  { ocsp }: RevocationPolicy,
  now: Date,
): Generator<OcspStatus> {
  const response = ocsp?.(certificate, issuer)
  if (!response) return
  try {
    yield readOcsp(response, certificate, issuer, now)
  } catch (error) {
    // A response that is of no use is the same as none.
    if (!(error instanceof DerFault)) throw error
  }
}

/** How long ago an answer should have been replaced, in ms; 0 while it is fresh, Infinity when it is from the future. */
function latenessOf({ thisUpdate, nextUpdate }: OcspStatus, now: Date): number {
  if (thisUpdate.getTime() > now.getTime() + SKEW_MS) return Infinity
  return Math.max(0, now.getTime() - (nextUpdate ?? thisUpdate).getTime())
}
