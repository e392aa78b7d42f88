import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'

/** The algorithms that a profile may ask for to encrypt payloads. */
export type ContentName = 'aes128-gcm' | 'aes256-gcm'

/** Octets of the initialisation vector before each ciphertext. */
export const IV_BYTES = 12
/** Octets of the tag behind each ciphertext. */
export const TAG_BYTES = 16

/** Identifiers (XML Encryption 1.1, 5.2.4), names in node:crypto, and octets of the key. */
export const CONTENTS: Readonly<Record<ContentName, { uri: string; cipher: ContentCipher; keyBytes: number }>> = {
  'aes128-gcm': { uri: 'http://www.w3.org/2009/xmlenc11#aes128-gcm', cipher: 'aes-128-gcm', keyBytes: 16 },
  'aes256-gcm': { uri: 'http://www.w3.org/2009/xmlenc11#aes256-gcm', cipher: 'aes-256-gcm', keyBytes: 32 },
}

type ContentCipher = 'aes-128-gcm' | 'aes-256-gcm'

/** One payload as 12 octets IV, ciphertext, 16 octets tag (XML Encryption 1.1, 5.2.4). The IV must never repeat under a key. */
export function encryptContent(name: ContentName, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Buffer {
  const cipher = createCipheriv(CONTENTS[name].cipher, createSecretKey(key), iv)
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** The payload back; throws whatever node:crypto throws when the key, the octets or the tag are wrong. */
export function decryptContent(name: ContentName, key: Uint8Array, content: Buffer): Buffer {
  const options = { authTagLength: TAG_BYTES }
  const decipher = createDecipheriv(CONTENTS[name].cipher, createSecretKey(key), content.subarray(0, IV_BYTES), options)
  const end = Math.max(IV_BYTES, content.length - TAG_BYTES)
  decipher.setAuthTag(content.subarray(end))
  const plain = decipher.update(content.subarray(IV_BYTES, end))
  // GCM holds nothing back; what this throws is the verdict on the tag.
  decipher.final()
  return plain
}
