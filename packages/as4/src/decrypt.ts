import { constants, createDecipheriv, privateDecrypt } from 'node:crypto'
import type { Identity } from './model.ts'
import { Refusal } from './refusal.ts'
import type { Encryption } from './security-read.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 16

/**
 * Unwraps the content key (RSA-OAEP, MGF1 and digest SHA-256) and returns what decrypts one attachment:
 * AES-128-GCM, 12 octets IV, ciphertext, 16 octets tag (XML Encryption 1.1, 5.2.4).
 * Everything that can go wrong is the same refusal, EBMS:0102: a sender learns nothing from a wrong guess.
 */
export function openDecryption(encryption: Encryption, identity: Identity): (content: Buffer) => Buffer {
  const key = failing(() => {
    const { RSA_PKCS1_OAEP_PADDING: padding } = constants
    return privateDecrypt({ key: identity.privateKey, padding, oaepHash: 'sha256' }, encryption.wrappedKey)
  })
  if (key.length !== KEY_BYTES) throw failure()
  return (content) =>
    failing(() => {
      if (content.length < IV_BYTES + TAG_BYTES) throw failure()
      const options = { authTagLength: TAG_BYTES }
      const decipher = createDecipheriv('aes-128-gcm', key, content.subarray(0, IV_BYTES), options)
      decipher.setAuthTag(content.subarray(content.length - TAG_BYTES))
      const plain = decipher.update(content.subarray(IV_BYTES, content.length - TAG_BYTES))
      return Buffer.concat([plain, decipher.final()])
    })
}

function failing<T>(work: () => T): T {
  try {
    return work()
  } catch {
    throw failure()
  }
}

function failure(): Refusal {
  return new Refusal('EBMS:0102', 'the message cannot be decrypted with our key')
}
