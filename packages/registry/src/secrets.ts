import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Seals a record of secrets for storage: AES-256-GCM, nonce (12) | ciphertext | tag (16).
 * @param key the node's data key, 32 bytes
 * @param context what the secret belongs to (its MRN); opening it for another fails
 */
export function sealSecrets(key: KeyObject, context: string, secrets: Record<string, string>): Uint8Array {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Opens what {@link sealSecrets} sealed. @throws when key, context or bytes are not the same */
export function openSecrets(key: KeyObject, context: string, sealed: Uint8Array): Record<string, string> {
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(context))
  decipher.setAuthTag(bytes.subarray(-16))
  const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
  return JSON.parse(plain.toString('utf8')) as Record<string, string>
}

/** The digest under which an access code (four characters) is kept: keyed, since a plain one could be guessed in a moment. */
export function accessCodeDigest(key: KeyObject, grn: string, accessCode: string): Uint8Array {
  return createHmac('sha256', key).update(`access-code\0${grn}\0${accessCode}`).digest()
}

/** Whether an access code has one of these digests; each is compared in constant time. */
export function accessCodeMatches(
  key: KeyObject,
  grn: string,
  accessCode: string,
  digests: readonly Uint8Array[],
): boolean {
  const given = accessCodeDigest(key, grn, accessCode)
  return digests.reduce((found, digest) => timingSafeEqual(given, digest) || found, false)
}
