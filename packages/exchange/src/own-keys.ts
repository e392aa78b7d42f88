import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import type { Context } from './context.ts'
import { ExchangeFault } from './faults.ts'

/**
 * Refuses a private key that is not that of its certificate. Found out at the start: later, a partner would be the first to notice, and
 * each message would be refused. `what` says what the pair is for. Fault `exchange.wrong-key`.
 */
export function requireOwnKey(what: string, certificate: X509Certificate, privateKey: KeyObject): void {
  if (!certificate.checkPrivateKey(privateKey))
    throw new ExchangeFault('exchange.wrong-key', `${what}: ${subjectOf(certificate)}`)
}

/** The same for TLS, where both are PEM, the leaf first. Also a fault when one of them cannot be read. */
export function requireOwnTlsKey(what: string, certificate: string, key: string): void {
  let pair: [X509Certificate, KeyObject]
  try {
    pair = [new X509Certificate(certificate), createPrivateKey(key)]
  } catch (error) {
    throw new ExchangeFault('exchange.wrong-key', `${what} cannot be read`, error)
  }
  requireOwnKey(what, ...pair)
}

/**
 * Whether the certificate that signs has ended. Partners refuse what is signed with it, for good: what is owed is kept until there is another
 * one. One that has not begun is not held against a clock that is behind.
 */
export function hasEnded({ identity, clock }: Pick<Context, 'identity' | 'clock'>): boolean {
  return clock() > identity.certificate.validToDate
}

function subjectOf({ subject, fingerprint256 }: X509Certificate): string {
  return `${subject.replaceAll('\n', ', ')} (${fingerprint256})`
}
