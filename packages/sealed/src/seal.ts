import { type KeyObject, type X509Certificate } from 'node:crypto'
import { allows, isFitKey, isValidAt } from './certificate.ts'
import { encryptFor } from './cms/encrypt.ts'
import { signContent } from './cms/sign.ts'
import type { SealedContent } from './content.ts'
import { SealedFault } from './faults.ts'
import { writeContent } from './head-write.ts'
import { LIMITS } from './limits.ts'

/** A certificate and its private key (RSA). */
export interface SealIdentity {
  certificate: X509Certificate
  privateKey: KeyObject
}

/**
 * Makes a sealed object: CMS SignedData by `own` inside of AuthEnvelopedData for `addressee`, DER.
 * The signing time in the signature is `content.issuedAt`. Two calls never give the same bytes: store them before they go out.
 * @throws SealedFault
 */
export async function sealObject(
  content: SealedContent,
  own: SealIdentity,
  addressee: X509Certificate,
): Promise<Uint8Array> {
  demandFit(own, content.issuedAt)
  demandUse(addressee, 'keyEncipherment', content.issuedAt)
  const signed = await signContent(writeContent(content), own, content.issuedAt)
  const object = encryptFor(addressee, signed)
  if (object.length > LIMITS.objectBytes)
    throw new SealedFault('sealed.too-large', `${object.length} bytes; ${LIMITS.objectBytes} at the most`)
  return object
}

/** Who signs has a certificate that lets him, and its key. @throws SealedFault */
export function demandFit({ certificate, privateKey }: SealIdentity, at: Date): void {
  demandUse(certificate, 'digitalSignature', at)
  if (!certificate.checkPrivateKey(privateKey))
    throw new SealedFault('sealed.wrong-key', `the private key is not that of ${certificate.subject}`)
}

/** A certificate lets its key be used so, and is valid then. @throws SealedFault */
export function demandUse(certificate: X509Certificate, use: 'digitalSignature' | 'keyEncipherment', at: Date): void {
  if (!isFitKey(certificate.publicKey) || !allows(certificate, use))
    throw new SealedFault('sealed.unfit-certificate', `${certificate.subject} is not for ${use} by RSA`)
  if (!isValidAt(certificate, at))
    throw new SealedFault('sealed.not-valid-now', `${certificate.subject} is not valid at ${at.toISOString()}`)
}
