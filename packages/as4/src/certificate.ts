import type { X509Certificate } from 'node:crypto'

/** Whether a certificate is valid at a moment, both ends included (RFC 5280, 4.1.2.5). */
export function isValidAt(certificate: X509Certificate, at: Date): boolean {
  const from = certificate.validFromDate.getTime()
  const to = certificate.validToDate.getTime()
  return from <= at.getTime() && at.getTime() <= to
}
