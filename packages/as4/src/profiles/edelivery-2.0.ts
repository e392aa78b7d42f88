import type { Profile } from './profile.ts'

const common = {
  digest: 'sha256',
  tokens: { send: 'x509v3', accept: ['x509v3', 'x509-pki-path', 'key-identifier', 'issuer-serial'], fullChain: false },
  receiptSigns: ['Messaging', 'Body'],
  compression: 'optional',
  messageProperties: true,
  exchangePatterns: ['one-way', 'two-way'],
} as const satisfies Partial<Profile>

/** eDelivery AS4 2.0, common usage: Ed25519, X25519 with HKDF, AES key wrap. Signing and decrypting have a key each. */
export const edelivery20: Profile = {
  ...common,
  name: 'edelivery-2.0',
  source: 'eDelivery AS4 2.0 (December 2024), as phase4 4.4.1 writes it; RFC 9231 for the identifiers',
  signature: 'ed25519',
  encryption: {
    content: 'aes128-gcm',
    key: { agreement: 'x25519', derivation: 'hkdf-sha256', wrap: 'kw-aes128' },
  },
}

/** eDelivery AS4 2.0, alternative: ECDSA and ECDH-ES on P-256. */
export const edelivery20Ec: Profile = {
  ...common,
  name: 'edelivery-2.0-ec',
  source: 'eDelivery AS4 2.0 (December 2024), alternative elliptic curve, as phase4 4.4.1 writes it',
  signature: 'ecdsa-sha256',
  encryption: {
    content: 'aes128-gcm',
    key: { agreement: 'ecdh-es', derivation: 'hkdf-sha256', wrap: 'kw-aes128' },
  },
}
