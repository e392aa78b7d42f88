import type { X509Certificate } from 'node:crypto'
import { readSigned, verifySigner } from './cms/read-signed.ts'
import { signContent } from './cms/sign.ts'
import { LIMITS } from './limits.ts'
import { demand, Refusal, type RefusalCode } from './refusal.ts'
import { demandFit, type SealIdentity } from './seal.ts'

/**
 * Signs what anybody may read, a report or an invitation: CMS SignedData without the content (RFC 5652, 5.2), DER.
 * @param at the signing time in the signature
 * @throws SealedFault
 */
export async function signStatement(content: Uint8Array, own: SealIdentity, at: Date): Promise<Uint8Array> {
  demandFit(own, at)
  return signContent(content, own, at, 'beside')
}

/** What came of verifying. `detail` has words of ours only. */
export type VerifiedStatement = { kind: 'verified' } | { kind: 'refused'; code: RefusalCode; detail: string }

/**
 * Whether a signature is that of one of these certificates over just this content. The certificate inside of the signature proves
 * nothing and is not looked at.
 * @param now each certificate must be valid then
 */
export async function verifyStatement(
  signature: Uint8Array,
  content: Uint8Array,
  signers: readonly X509Certificate[],
  now: Date,
): Promise<VerifiedStatement> {
  try {
    demand(signature.byteLength <= LIMITS.objectBytes, 'too-large', `more than ${LIMITS.objectBytes} bytes`)
    await verifySigner(readSigned(signature, content).signer, signers, now)
    return { kind: 'verified' }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'refused', code: error.code, detail: error.message }
  }
}
