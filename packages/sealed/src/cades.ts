import { createHash, X509Certificate } from 'node:crypto'
import { type SignedData, type SignerInfo } from '@peculiar/asn1-cms'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate, Time } from '@peculiar/asn1-x509'
import { parsePart } from './cms/der.ts'
import { OID } from './cms/names.ts'
import { readSigned, verifySigner } from './cms/read-signed.ts'
import { octets, signContent } from './cms/sign.ts'
import { LIMITS } from './limits.ts'
import { demand, Refusal, type RefusalCode } from './refusal.ts'
import { demandFit, type SealIdentity } from './seal.ts'

/**
 * Signs what stands beside the signature: a CAdES baseline signature of level B-B (ETSI EN 319 122-1, 6), DER. Beside content type, digest
 * and signing time it signs which certificate made it (signing-certificate-v2, RFC 5035; EN 319 122-1, 5.2.2.3), and what kind of file
 * it is over (mime-type, 5.2.4.2).
 * @param mediaType less than 128 ASCII characters
 * @throws SealedFault
 */
export async function signCades(
  content: Uint8Array,
  mediaType: string,
  own: SealIdentity,
  at: Date,
): Promise<Uint8Array> {
  demandFit(own, at)
  return signContent(content, own, at, 'beside', [
    { type: OID.signingCertificateV2, value: signingCertificate(own.certificate) },
    { type: OID.mimeType, value: Buffer.concat([Buffer.from([0x0c, mediaType.length]), Buffer.from(mediaType)]) },
  ])
}

/** What came of verifying; `at` is the time that the signer claims. `detail` has words of ours only. */
export type VerifiedCades =
  | { kind: 'verified'; signer: X509Certificate; at: Date }
  | { kind: 'refused'; code: RefusalCode; detail: string }

/**
 * Whether a signature of {@link signCades} is over just this content, by the certificate that it carries. Who that is, is for the caller to
 * know: by its fingerprint, or by who issued it. Not a byte of the signature can be another.
 */
export async function verifyCades(signature: Uint8Array, content: Uint8Array): Promise<VerifiedCades> {
  try {
    demand(signature.byteLength <= LIMITS.objectBytes, 'too-large', `more than ${LIMITS.objectBytes} bytes`)
    const { signer, data } = readSigned(signature, content)
    const certificate = certificateIn(data)
    const named = attributeOf(signer, OID.signingCertificateV2)
    const isNamed = named !== undefined && Buffer.from(named).equals(signingCertificate(certificate))
    demand(isNamed, 'bad-signature', 'it does not sign which certificate made it')
    // Of the two names that RSA goes by here, signatures of this kind have one.
    const { algorithm } = signer.signatureAlgorithm
    demand(algorithm === OID.rsaEncryption, 'bad-signature', 'the signature algorithm is called otherwise')
    const at = parsePart(attributeOf(signer, OID.signingTime), Time, 'bad-signature').getTime()
    await verifySigner(signer, [certificate], at)
    return { kind: 'verified', signer: certificate, at }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'refused', code: error.code, detail: error.message }
  }
}

/** The one certificate beside a signature. @throws Refusal bad-signature */
export function certificateIn(data: SignedData): X509Certificate {
  const [choice, ...others] = data.certificates ?? []
  const only = others.length === 0 ? choice?.certificate : undefined
  demand(only instanceof Certificate, 'bad-signature', 'there is not one certificate beside the signature')
  try {
    return new X509Certificate(Buffer.from(AsnConvert.serialize(only)))
  } catch {
    throw new Refusal('bad-signature', 'the certificate beside the signature cannot be read')
  }
}

/** SigningCertificateV2 (RFC 5035, 3): one ESSCertIDv2 with the SHA-256 of the certificate, which is its default, and nothing else. */
function signingCertificate({ raw }: X509Certificate): Buffer {
  const sequence = (content: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x30, content.length]), content])
  return sequence(sequence(sequence(octets(createHash('sha256').update(raw).digest()))))
}

function attributeOf({ signedAttrs = [] }: SignerInfo, type: string): ArrayBuffer | undefined {
  const [attribute, ...others] = signedAttrs.filter(({ attrType }) => attrType === type)
  return others.length === 0 && attribute?.attrValues.length === 1 ? attribute.attrValues[0] : undefined
}
