import { createPrivateKey, type X509Certificate } from 'node:crypto'
import type { Health } from '@corridor/api'
import { NodeFault } from '../faults.ts'
import { certificateOf } from '../partners.ts'

/** A certificate that this node works with. */
export interface KnownCertificate {
  /** Party id of whose it is. */
  party: string
  own: boolean
  use: 'signing' | 'tls'
  certificate: X509Certificate
}

const dayMs = 86_400_000
/** So long before its end a certificate is told of: changing one takes both sides. */
const endingDays = 14

/** How long each certificate lasts. */
export function certificateStates(certificates: readonly KnownCertificate[], now: Date): Health['certificates'] {
  return certificates.map(({ party, own, use, certificate: { validFromDate, validToDate } }) => {
    const daysLeft = Math.floor((validToDate.getTime() - now.getTime()) / dayMs)
    const state =
      now < validFromDate ? 'not-yet-valid' : now > validToDate ? 'ended' : daysLeft < endingDays ? 'ending' : 'ok'
    return { party, own, use, daysLeft, state }
  })
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
