import { createPublicKey, type KeyObject } from 'node:crypto'
import { CONTENTS, decryptContent, IV_BYTES } from './algorithms/content.ts'
import { agreeAndUnwrap, keyOfPoint } from './algorithms/key-agreement.ts'
import { openTransported } from './algorithms/key-transport.ts'
import type { Agreed, Encryption } from './encryption-read.ts'
import type { Identity, KeyPair } from './model.ts'
import { randomBytes } from './random.ts'
import { demand, Refusal } from './refusal.ts'

/** A key of ours, of which there are more than one while we change over. */
type OwnKey = Pick<KeyPair, 'privateKey'>

/**
 * Unwraps the content key as the message says it was wrapped, and returns what decrypts one attachment.
 * Everything that can go wrong is the same refusal, EBMS:0102, at the same time: a wrapped key that does not open is
 * replaced by one that nobody knows, and the attachment then fails as it does with any wrong key. The signature does
 * not cover the wrapped key, so that whoever holds a message of the partner can have us try what he likes. An IV that
 * is used twice is refused with EBMS:0103.
 */
export function openDecryption(encryption: Encryption, own: readonly OwnKey[]): (content: Buffer) => Buffer {
  const { content: algorithm } = encryption
  const key = unwrapOrSubstitute(encryption, own)
  const used = new Set<string>()
  return (content) => {
    // Under one key it gives the content away to whoever sees both (NIST SP 800-38D, 8); anybody can see that it is so.
    const iv = content.toString('hex', 0, IV_BYTES)
    demand(!used.has(iv), 'EBMS:0103', SAME_IV)
    used.add(iv)
    try {
      return decryptContent(algorithm, key, content)
    } catch {
      throw failedDecryption()
    }
  }
}

/**
 * The content key, or one that nobody knows. Every key of ours is tried, whichever opens it: so it takes as long for each of them, and for
 * none. A key that it was not wrapped for does not open it: each way of wrapping has a check of its own.
 */
export function unwrapOrSubstitute(encryption: Encryption, own: readonly OwnKey[]): Buffer {
  const { keyBytes } = CONTENTS[encryption.content]
  const substitute = randomBytes(keyBytes)
  const opened = own.map(({ privateKey }) => {
    try {
      return unwrap(encryption, privateKey)
    } catch {
      return substitute
    }
  })
  return opened.find((key) => key !== substitute && key.length === keyBytes) ?? substitute
}

function unwrap({ key: scheme, agreed, wrappedKey }: Encryption, privateKey: KeyObject): Buffer {
  if ('transport' in scheme) return openTransported(wrappedKey, privateKey)
  return agreeAndUnwrap(wrappedKey, readOriginator(agreed!), privateKey, scheme, agreed!.derivation)
}

function readOriginator({ originator: { form, octets } }: Agreed): KeyObject {
  return form === 'point' ? keyOfPoint(octets) : createPublicKey({ key: octets, format: 'der', type: 'spki' })
}

/** The detail of a refusal. */
export const SAME_IV = 'two attachments are encrypted with one key and one initialisation vector'

/** What of an identity may open what comes. */
export function decryptingKeys(identity: Identity): readonly KeyPair[] {
  return [identity.encryption ?? identity, ...(identity.alsoDecrypts ?? [])]
}

/** What the partner is told of whatever our private key was needed to find out. */
export function failedDecryption(): Refusal {
  return new Refusal('EBMS:0102', 'the message cannot be decrypted with our key')
}
