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
  demandFit(own.certificate, 'digitalSignature', content.issuedAt)
  demandFit(addressee, 'keyEncipherment', content.issuedAt)
  if (!own.certificate.checkPrivateKey(own.privateKey))
    throw new SealedFault('sealed.wrong-key', `the private key is not that of ${own.certificate.subject}`)
  const signed = await signContent(writeContent(content), own, content.issuedAt)
  const object = encryptFor(addressee, signed)
  if (object.length > LIMITS.objectBytes)
    throw new SealedFault('sealed.too-large', `${object.length} bytes; ${LIMITS.objectBytes} at the most`)
  return object
}

function demandFit(certificate: X509Certificate, use: 'digitalSignature' | 'keyEncipherment', at: Date): void {
  if (!isFitKey(certificate.publicKey) || !allows(certificate, use))
    throw new SealedFault('sealed.unfit-certificate', `${certificate.subject} is not for ${use} by RSA`)
  if (!isValidAt(certificate, at))
    throw new SealedFault('sealed.not-valid-now', `${certificate.subject} is not valid at ${at.toISOString()}`)
}
