import type { X509Certificate } from 'node:crypto'
import { isValidAt } from './certificate.ts'
import { DerFault } from './certificates/der.ts'
import { factsOf } from './certificates/facts.ts'
import { checkChain } from './certificates/trust.ts'
import type { OpenPolicy } from './policy.ts'
import { demand } from './refusal.ts'
import { type NamedCertificate, readTokenReference } from './token-read.ts'
import type { Security } from './security-read.ts'

const POLICY = 'EBMS:0103'
const AUTHENTICATION = 'EBMS:0101'

/** Whose key must verify a signature, and what an operator should know about the certificate. */
export interface Signer {
  certificate: X509Certificate
  remarks: readonly string[]
}

/**
 * Finds the certificate of the signer: the pinned one, or, where the P-Mode trusts authorities, one that is carried in
 * the message, chains to an anchor and has the subject that the P-Mode names. Checks how it is referred to, its
 * validity `now` and its key. Refuses with EBMS:0103 for a form that is not agreed, with EBMS:0101 for everything else.
 */
export function findSigner(security: Security, policy: OpenPolicy, now: Date): Signer {
  const { signature } = security
  demand(signature, POLICY, 'the message is not signed')
  const named = readTokenReference(signature.token, security.tokens)
  demand(policy.accept.includes(named.form), POLICY, `a certificate may not be referred to as ${named.form}`)
  const pinned = policy.pins.find(named.isOf)
  demand(pinned ?? policy.pins.length === 0, AUTHENTICATION, 'the signer is not the pinned partner')
  const certificate = pinned ?? named.carried()[0]
  demand(certificate, AUTHENTICATION, 'the certificate of the signer is not known')
  checkKey(certificate, policy)
  demand(isValidAt(certificate, now), AUTHENTICATION, 'the certificate of the signer is not valid now')
  if (named.form === 'x509-pki-path' && policy.fullChain) checkFullPath(named)
  return { certificate, remarks: policy.trust ? checkTrust(certificate, named, policy, now) : [] }
}

function checkTrust(certificate: X509Certificate, named: NamedCertificate, policy: OpenPolicy, now: Date) {
  const verdict = checkChain(certificate, named.carried().slice(1), policy.trust!, now)
  demand(verdict.ok, AUTHENTICATION, verdict.ok ? '' : verdict.reason)
  return verdict.remarks
}

function checkKey(certificate: X509Certificate, { signature }: OpenPolicy): void {
  const fits = signature.fits(certificate.publicKey)
  demand(fits, AUTHENTICATION, `the key of the signer is not ${signature.keyText}`)
  const usage = keyUsageOf(certificate)
  const maySign = usage === undefined || usage.has('digitalSignature') || usage.has('contentCommitment')
  demand(maySign, AUTHENTICATION, 'the certificate of the signer is not one for signing')
}

function keyUsageOf(certificate: X509Certificate) {
  try {
    return factsOf(certificate).keyUsage
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    demand(false, AUTHENTICATION, `the certificate of the signer is not readable: ${error.message}`)
  }
}

/** ICS2 HTI ICD 3.30, 4.6.2: a path has every certificate from a self-signed root down to the leaf. */
function checkFullPath(named: NamedCertificate): void {
  const path = named.carried()
  const linked = path.every((each, n) => {
    const issuer = path[n + 1] ?? each
    return each.checkIssued(issuer) && each.verify(issuer.publicKey)
  })
  demand(linked, POLICY, 'the path does not go from a self-signed root to the leaf')
}
