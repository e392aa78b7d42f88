import { createHash, timingSafeEqual } from 'node:crypto'

/** A secret as this package takes it: 256 random bits as base64url, 43 characters. */
const secretPattern = /^[A-Za-z0-9_-]{43}$/

/** Writes 32 random bytes as the text form of a secret (sign-in link, session, API token). */
export function encodeSecret(bytes: Uint8Array): string {
  if (bytes.length !== 32) throw new RangeError(`a secret has 32 random bytes, not ${bytes.length}`)
  return Buffer.from(bytes).toString('base64url')
}

/** True for a text of the form `encodeSecret` writes. What fails here was never issued and needs no look in the database. */
export function isSecret(text: string): boolean {
  return secretPattern.test(text)
}

/** SHA-256 of a secret's text: the only form of it that is stored. */
export function secretDigest(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest()
}

/** Compares two digests in a time that does not depend on where they differ. */
export function sameDigest(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
