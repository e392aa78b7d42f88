import type { X509Certificate } from 'node:crypto'
import { decryptWith } from './cms/decrypt.ts'
import { readSigned, verifySigner } from './cms/read-signed.ts'
import type { SealedContent } from './content.ts'
import { readContent } from './head-read.ts'
import { Refusal } from './refusal.ts'
import type { SealIdentity } from './seal.ts'

/**
 * What is inside of an object that was sealed for us: content and signature of its sender (CMS SignedData), which whoever has the sender's
 * certificate can verify by {@link openDisclosed}, and nobody needs our key for it. Throws an error for what none of our keys opens.
 */
export function disclose(bytes: Uint8Array, own: readonly SealIdentity[]): Uint8Array {
  return decryptWith(own, bytes)
}

/** Verifies what {@link disclose} has made. Answers its content, or why it is not what `signer` signed. */
export async function openDisclosed(
  bytes: Uint8Array,
  signer: X509Certificate,
): Promise<{ kind: 'opened'; content: SealedContent } | { kind: 'refused'; detail: string }> {
  try {
    const { content: signed, signer: info } = readSigned(bytes)
    // Whether the certificate is valid today says nothing of an object of then.
    await verifySigner(info, [signer], signer.validFromDate)
    return { kind: 'opened', content: readContent(signed) }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', detail: error.message }
    throw error
  }
}
