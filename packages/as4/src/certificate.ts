import type { KeyObject, X509Certificate } from 'node:crypto'

/** Whether a key is RSA of 2048 bits or more, as the profile's algorithms need it. */
export function isStrongRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
}

/** Whether a certificate is valid at a moment, both ends included (RFC 5280, 4.1.2.5). */
export function isValidAt(certificate: X509Certificate, at: Date): boolean {
  const from = certificate.validFromDate.getTime()
  const to = certificate.validToDate.getTime()
  return from <= at.getTime() && at.getTime() <= to
}

// OBJECT IDENTIFIER 2.5.29.14 and the OCTET STRING that holds the extension.
const SUBJECT_KEY_IDENTIFIER = Buffer.from('0603551d0e04', 'hex')

/**
 * The subject key identifier of a certificate we trust (RFC 5280, 4.2.1.2); undefined when it has none.
 * Looks for the extension by its octets, which is enough to compare a reference with a certificate that is pinned.
 */
export function subjectKeyIdentifier(certificate: X509Certificate): Buffer | undefined {
  const at = certificate.raw.indexOf(SUBJECT_KEY_IDENTIFIER)
  if (at < 0) return undefined
  const value = certificate.raw.subarray(at + SUBJECT_KEY_IDENTIFIER.length)
  const length = value[2]
  return value[1] === 0x04 && length !== undefined ? value.subarray(3, 3 + length) : undefined
}
