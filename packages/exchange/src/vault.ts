import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ExchangeFault } from './faults.ts'

/**
 * What a stored value is: a document, the exact bytes of a message or of a receipt, a file, the address or secret of a webhook, the
 * document that stands for another one, or what somebody looked for.
 */
export type Kept = 'payload' | 'raw' | 'sealed' | 'receipt' | 'file' | 'webhook' | 'correction' | 'filter'

/**
 * Seals what lies in the database, so that its files, its backups and whoever may read its tables give nothing away. A value is bound
 * to its message and to its place: moved elsewhere, it does not open.
 */
export interface Vault {
  seal(kept: Kept, messageId: string, bytes: Uint8Array): Buffer
  /** Fault `exchange.sealed-otherwise` when key, message, place or bytes are not those of the sealing. */
  open(kept: Kept, messageId: string, stored: Buffer): Buffer
}

/*
 * version (1) | salt (16) | AES-256-GCM of the bytes | tag (16)
 *
 * Each value has a key of its own, made from the data key and its salt (HMAC-SHA256), and so the nonce may be nought: with one key and
 * chance nonces, a busy node would come near the limit of NIST SP 800-38D, 8.3 (2^32 values) within a month.
 *
 * No value of a program that did not seal begins with a version byte: documents begin with `<` or a byte order mark, messages with `-`
 * or a line end. Such values are given as they are, but for those that every program sealed.
 */
const plainVersion = 1
const deflatedVersion = 2
const saltLength = 16
const tagLength = 16
const nonce = Buffer.alloc(12)

/** Documents zip well and cheaply; encrypted bodies do not, and signed receipts hardly. */
const deflated: ReadonlySet<Kept> = new Set(['payload', 'correction'])

const alwaysSealed: ReadonlySet<Kept> = new Set(['file', 'webhook', 'correction', 'filter'])

/** @param dataKey of the node: 32 bytes; whoever loses it loses the stored messages */
export function makeVault(dataKey: KeyObject): Vault {
  // A key object: with plain bytes, Node takes twice as long to make a cipher.
  const keyOf = (salt: Buffer): KeyObject =>
    createSecretKey(createHmac('sha256', dataKey).update('exchange at rest\0').update(salt).digest())
  return {
    seal(kept, messageId, bytes) {
      const deflate = deflated.has(kept)
      const head = Buffer.alloc(1 + saltLength)
      head[0] = deflate ? deflatedVersion : plainVersion
      const salt = randomBytes(saltLength)
      salt.copy(head, 1)
      const cipher = createCipheriv('aes-256-gcm', keyOf(salt), nonce).setAAD(bound(head, kept, messageId))
      const body = deflate ? deflateRawSync(bytes, { level: 1 }) : bytes
      return Buffer.concat([head, cipher.update(body), cipher.final(), cipher.getAuthTag()])
    },
    open(kept, messageId, stored) {
      const version = stored[0]
      if (version !== plainVersion && version !== deflatedVersion) {
        // These were sealed from the first one on: what is in clear there, somebody else has written.
        if (alwaysSealed.has(kept)) throw new ExchangeFault('exchange.sealed-otherwise', `${kept} of ${messageId}`)
        return stored
      }
      try {
        const head = stored.subarray(0, 1 + saltLength)
        const decipher = createDecipheriv('aes-256-gcm', keyOf(head.subarray(1)), nonce)
        decipher.setAAD(bound(head, kept, messageId)).setAuthTag(stored.subarray(-tagLength))
        const body = Buffer.concat([decipher.update(stored.subarray(head.length, -tagLength)), decipher.final()])
        return version === deflatedVersion ? inflateRawSync(body) : body
      } catch (error) {
        throw new ExchangeFault('exchange.sealed-otherwise', `${kept} of ${messageId}`, error)
      }
    },
  }
}

function bound(head: Buffer, kept: Kept, messageId: string): Buffer {
  return Buffer.concat([head, Buffer.from(`${kept}\0${messageId}`)])
}
