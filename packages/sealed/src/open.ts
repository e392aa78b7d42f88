import { createHash, type X509Certificate } from 'node:crypto'
import { decryptWith } from './cms/decrypt.ts'
import { readSigned, verifySigner } from './cms/read-signed.ts'
import type { SealedContent } from './content.ts'
import { readContent } from './head-read.ts'
import { LIMITS } from './limits.ts'
import { demand, Refusal, type RefusalCode } from './refusal.ts'
import type { SealIdentity } from './seal.ts'

/** What an object is measured by. */
export interface OpenOptions {
  /** Our certificates with their keys: the present one, and for the time of a change the one before. */
  own: readonly SealIdentity[]
  /** Who we are. */
  party: string
  purpose: string
  /** The certificates that are pinned to a party; none for one that is no partner. */
  senderCertificates: (party: string) => readonly X509Certificate[]
  now: Date
}

/** What came of opening. `digest` is SHA-256 of the object's bytes, in hexadecimal: what its receipt acknowledges. */
export type OpenedObject =
  | { kind: 'opened'; content: SealedContent; digest: string }
  | { kind: 'refused'; code: RefusalCode; detail: string; retriable: boolean }

/**
 * Opens a sealed object: limits first, then decryption, signature, and last what the head says. Everything in it is hostile until then,
 * and nothing of it makes this function throw. `retriable` says that the same bytes may be opened later: a certificate is missing here,
 * or a clock is behind. `detail` has words of ours only, nothing of the object.
 */
export async function openObject(bytes: Uint8Array, options: OpenOptions): Promise<OpenedObject> {
  try {
    const content = await openOrRefuse(bytes, options)
    return { kind: 'opened', content, digest: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'refused', code: error.code, detail: error.message, retriable: error.retriable }
  }
}

async function openOrRefuse(bytes: Uint8Array, options: OpenOptions): Promise<SealedContent> {
  const { own, party, purpose, senderCertificates, now } = options
  demand(bytes.byteLength <= LIMITS.objectBytes, 'too-large', `more than ${LIMITS.objectBytes} bytes`)
  const { content: signed, signer } = readSigned(decryptWith(own, bytes))
  // Read before it is proven, because it names whose certificates are asked for the proof; handed on only after.
  const content = readContent(signed)
  await verifySigner(signer, senderCertificates(content.sender), now)
  demand(content.addressee === party, 'wrong-addressee', 'it was signed for another party')
  demand(content.purpose === purpose, 'wrong-purpose', 'it was signed for another purpose')
  const early = content.issuedAt.getTime() > now.getTime() + LIMITS.aheadMs
  demand(!early, 'not-yet-valid', 'it was issued more than five minutes ahead of our clock', true)
  demand(now < content.expiresAt, 'expired', 'its time is over')
  return content
}
