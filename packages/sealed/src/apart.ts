import type { X509Certificate } from 'node:crypto'
import { certificateIn } from './cades.ts'
import { decryptWith } from './cms/decrypt.ts'
import { encryptFor } from './cms/encrypt.ts'
import { readSigned, verifySigner } from './cms/read-signed.ts'
import type { SealedContent } from './content.ts'
import { readContent } from './head-read.ts'
import { LIMITS } from './limits.ts'
import { demand, Refusal, type RefusalCode } from './refusal.ts'
import { demandUse, type SealIdentity } from './seal.ts'

/** Why something cannot be taken apart. `detail` has words of ours only. */
export interface NotApart {
  kind: 'refused'
  code: RefusalCode
  detail: string
}

/** What is inside of the outer layer: of a sealed object CMS SignedData, which anybody can verify. Time, purpose and sender are not looked at. */
export function decryptObject(
  bytes: Uint8Array,
  own: readonly SealIdentity[],
): { kind: 'opened'; inside: Uint8Array } | NotApart {
  return refusedOr(() => {
    demand(bytes.byteLength <= LIMITS.objectBytes, 'too-large', `more than ${LIMITS.objectBytes} bytes`)
    return { kind: 'opened', inside: decryptWith(own, bytes) }
  })
}

/** What {@link readSignedObject} found. */
export interface SignedObject {
  kind: 'read'
  content: SealedContent
  /** What was signed: head, empty line, document. */
  text: Uint8Array
  /** The certificate beside the signature; nobody vouches for it. */
  carried: X509Certificate
}

/** Reads the inner layer. The digest of the content is compared, the signature is not: that is {@link isSignedObjectOf}. */
export function readSignedObject(signed: Uint8Array): SignedObject | NotApart {
  return refusedOr(() => {
    demand(signed.byteLength <= LIMITS.objectBytes, 'too-large', `more than ${LIMITS.objectBytes} bytes`)
    const { content: text, data } = readSigned(signed)
    return { kind: 'read', content: readContent(text), text, carried: certificateIn(data) }
  })
}

/** Whether a certificate made the signature of an inner layer, and was valid `at` that moment. */
export async function isSignedObjectOf(signed: Uint8Array, certificate: X509Certificate, at: Date): Promise<boolean> {
  try {
    await verifySigner(readSigned(signed).signer, [certificate], at)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return false
  }
}

/**
 * Encrypts bytes for the holder of a certificate, as the outer layer of a sealed object is (RFC 5083): {@link decryptObject} gives them back.
 * @throws SealedFault
 */
export function encryptBytes(bytes: Uint8Array, holder: X509Certificate, at: Date): Uint8Array {
  demandUse(holder, 'keyEncipherment', at)
  return encryptFor(holder, bytes)
}

function refusedOr<Found>(work: () => Found): Found | NotApart {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'refused', code: error.code, detail: error.message }
  }
}
