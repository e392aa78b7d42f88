import { createCipheriv, createDecipheriv, createSecretKey, type DecipherGCM } from 'node:crypto'
import { type ContentName, CONTENTS, IV_BYTES, TAG_BYTES } from './content.ts'

/** One payload as encryptContent writes it, piece by piece. */
export async function* encryptStream(
  name: ContentName,
  key: Uint8Array,
  iv: Uint8Array,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv(CONTENTS[name].cipher, createSecretKey(key), iv)
  yield iv
  for await (const piece of source) yield cipher.update(piece)
  yield cipher.final()
  yield cipher.getAuthTag()
}

/**
 * Decrypts one payload piece by piece. What comes out may be anybody's until {@link ContentDecryption.isSound} has said
 * that it is not: it must not be acted upon before.
 */
export class ContentDecryption {
  readonly #name: ContentName
  readonly #key: Uint8Array
  #decipher: DecipherGCM | undefined
  /** What may still turn out to be the tag, or is less than an IV yet. */
  #held = Buffer.alloc(0)

  constructor(name: ContentName, key: Uint8Array) {
    this.#name = name
    this.#key = key
  }

  /** The first octets, when there are so many. */
  iv: string | undefined

  update(piece: Uint8Array): Buffer {
    let bytes = Buffer.concat([this.#held, piece])
    if (!this.#decipher) {
      if (bytes.length < IV_BYTES) {
        this.#held = bytes
        return Buffer.alloc(0)
      }
      const iv = bytes.subarray(0, IV_BYTES)
      this.iv = iv.toString('hex')
      const options = { authTagLength: TAG_BYTES }
      this.#decipher = createDecipheriv(CONTENTS[this.#name].cipher, createSecretKey(this.#key), iv, options)
      bytes = bytes.subarray(IV_BYTES)
    }
    const end = Math.max(0, bytes.length - TAG_BYTES)
    this.#held = Buffer.from(bytes.subarray(end))
    return this.#decipher.update(bytes.subarray(0, end))
  }

  /** Whether all of it was encrypted with this key and changed nowhere. */
  isSound(): boolean {
    if (!this.#decipher || this.#held.length !== TAG_BYTES) return false
    try {
      this.#decipher.setAuthTag(this.#held).final()
      return true
    } catch {
      return false
    }
  }
}
