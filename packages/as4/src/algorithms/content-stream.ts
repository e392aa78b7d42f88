import { createCipheriv, createDecipheriv, createSecretKey, type DecipherGCM } from 'node:crypto'
import { release } from '../stream/pieces.ts'
import { type ContentName, CONTENTS, IV_BYTES, TAG_BYTES } from './content.ts'

/** One payload as encryptContent writes it, piece by piece; each is gone when the next is asked for. */
export async function* encryptStream(
  name: ContentName,
  key: Uint8Array,
  iv: Uint8Array,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv(CONTENTS[name].cipher, createSecretKey(key), iv)
  yield iv
  for await (const piece of source) {
    const encrypted = cipher.update(piece)
    yield encrypted
    release(encrypted)
  }
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
  iv: string | undefined;

  /** What of the payload can be told from these octets and those before. */
  *update(piece: Uint8Array): Generator<Buffer> {
    if (!this.#decipher && this.#held.length + piece.length < IV_BYTES + TAG_BYTES) {
      this.#held = Buffer.concat([this.#held, piece])
      return
    }
    let rest: Uint8Array = piece
    if (!this.#decipher) {
      rest = Buffer.concat([this.#held, piece])
      const iv = Buffer.from(rest.subarray(0, IV_BYTES))
      this.#decipher = this.#start(iv)
      this.iv = iv.toString('hex')
      this.#held = Buffer.alloc(0)
      rest = rest.subarray(IV_BYTES)
    }
    // Large pieces are not copied together with what was held: that is decrypted by itself.
    const end = Math.max(0, rest.length - TAG_BYTES)
    const certain = Math.max(0, this.#held.length + rest.length - TAG_BYTES)
    const fromHeld = this.#held.subarray(0, certain)
    if (fromHeld.length > 0) yield this.#decipher.update(fromHeld)
    const left = this.#held.subarray(fromHeld.length)
    this.#held = Buffer.concat([left, rest.subarray(end)])
    if (end > 0) yield this.#decipher.update(rest.subarray(0, end))
  }

  #start(iv: Buffer): DecipherGCM {
    const { cipher } = CONTENTS[this.#name]
    return createDecipheriv(cipher, createSecretKey(this.#key), iv, { authTagLength: TAG_BYTES })
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
