import type { Profile } from './profile.ts'

/** eDelivery AS4 1.15, common profile: RSA, AES-128-GCM, sign then encrypt. */
export const edelivery115: Profile = {
  name: 'edelivery-1.15',
  source: 'eDelivery AS4 1.15 (2020-11-11), 1.4.2.6 security, 1.4.3.1 compression, 1.4.4.2 exchange patterns',
  signature: 'rsa-sha256',
  digest: 'sha256',
  encryption: {
    content: 'aes128-gcm',
    key: { transport: 'rsa-oaep', digest: 'sha256', mask: 'mgf1sha256' },
  },
  tokens: { send: 'x509v3', accept: ['x509v3', 'x509-pki-path', 'key-identifier', 'issuer-serial'], fullChain: false },
  receiptSigns: ['Messaging', 'Body'],
  compression: 'optional',
  messageProperties: true,
  exchangePatterns: ['one-way', 'two-way'],
}
