import type { AlgorithmIdentifier } from '@peculiar/asn1-x509'

/** Object identifiers. */
export const OID = {
  /** RFC 5083, 2. */
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  /** RFC 5652, 11. */
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  /** RFC 5035, 3. */
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  /** ETSI EN 319 122-1, 5.2.4.2. */
  mimeType: '0.4.0.1733.2.1',
  /** RFC 5754, 2.2 and 3.2. */
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  /** RFC 5084, 3.2. */
  aes256Gcm: '2.16.840.1.101.3.4.1.46',
  /** RFC 4055, 2.2 and 4.1. */
  mgf1: '1.2.840.113549.1.1.8',
  rsaOaep: '1.2.840.113549.1.1.7',
} as const

/** Whether an algorithm is the one named, and has no parameters: they are left out or NULL (RFC 5754, 2). */
export function isPlain({ algorithm, parameters }: AlgorithmIdentifier, id: string): boolean {
  return algorithm === id && (parameters === undefined || parameters === null)
}
