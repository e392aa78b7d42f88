import { createPrivateKey, type X509Certificate } from 'node:crypto'
import type { Health } from '@corridor/api'
import { NodeFault } from '../faults.ts'
import { lasting } from '../keys/breaks.ts'
import type { KnownCertificate } from '../keys/known.ts'
import { certificateOf } from '../partners.ts'

/** How long each certificate lasts that messages go by. Of the node’s own those that are shown to partners. */
export function certificateStates(certificates: readonly KnownCertificate[], now: Date): Health['certificates'] {
  return certificates
    .filter(
      ({ own, use, standing }) =>
        standing !== 'other' && (use === 'signing' || use === 'tls' || (use === 'authority' && !own)),
    )
    .map(({ party, own, use, standing, certificate }) => ({
      party,
      own,
      use: use as 'signing' | 'tls' | 'authority',
      next: standing === 'next',
      ...lasting(certificate, now),
    }))
}

/**
 * The certificate of a pair that belongs together.
 * @throws NodeFault KEY_FILE
 */
export function checkedPair(pair: { certificate: string; key: string }, what: string): X509Certificate {
  const certificate = certificateOf(pair.certificate, `${what} certificate`)
  let fits: boolean
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(pair.key))
  } catch {
    // What OpenSSL says of a key that it cannot read helps nobody, and may quote it.
    throw new NodeFault('KEY_FILE', `The ${what} key cannot be read.`)
  }
  if (!fits) throw new NodeFault('KEY_FILE', `The ${what} key is not that of the ${what} certificate.`)
  return certificate
}
