import { constants, createDecipheriv, privateDecrypt, randomBytes } from 'node:crypto'
import type { Identity } from './model.ts'
import { Refusal } from './refusal.ts'
import type { Encryption } from './security-read.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 16

/**
 * Unwraps the content key (RSA-OAEP, MGF1 and digest SHA-256) and returns what decrypts one attachment:
 * AES-128-GCM, 12 octets IV, ciphertext, 16 octets tag (XML Encryption 1.1, 5.2.4).
 * Everything that can go wrong is the same refusal, EBMS:0102, at the same time: a wrapped key that does not open is
 * replaced by one that nobody knows, and the attachment then fails as it does with any wrong key. The signature does
 * not cover the wrapped key, so that whoever holds a message of the partner can have us try what he likes.
 */
export function openDecryption(encryption: Encryption, identity: Identity): (content: Buffer) => Buffer {
  const key = unwrap(encryption.wrappedKey, identity)
  return (content) => {
    try {
      const options = { authTagLength: TAG_BYTES }
      const decipher = createDecipheriv('aes-128-gcm', key, content.subarray(0, IV_BYTES), options)
      const end = Math.max(IV_BYTES, content.length - TAG_BYTES)
      decipher.setAuthTag(content.subarray(end))
      const plain = decipher.update(content.subarray(IV_BYTES, end))
      return Buffer.concat([plain, decipher.final()])
    } catch {
      throw failedDecryption()
    }
  }
}

function unwrap(wrapped: Buffer, identity: Identity): Buffer {
  const substitute = randomBytes(KEY_BYTES)
  try {
    const { RSA_PKCS1_OAEP_PADDING: padding } = constants
    const key = privateDecrypt({ key: identity.privateKey, padding, oaepHash: 'sha256' }, wrapped)
    return key.length === KEY_BYTES ? key : substitute
  } catch {
    return substitute
  }
}

/** What the partner is told of whatever our private key was needed to find out. */
export function failedDecryption(): Refusal {
  return new Refusal('EBMS:0102', 'the message cannot be decrypted with our key')
}
