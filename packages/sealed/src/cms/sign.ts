import { createHash, sign } from 'node:crypto'
import { promisify } from 'node:util'
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  id_data,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms'
import { AsnConvert, AsnObjectIdentifierConverter, OctetString } from '@peculiar/asn1-schema'
import { Time } from '@peculiar/asn1-x509'
import { contentOf, nameOf } from '../certificate.ts'
import type { SealIdentity } from '../seal.ts'
import { OID } from './names.ts'
import { AttributeSet, SignedContentInfo } from './structure.ts'

/** The content type of what is signed, as the value of an attribute. */
export const DATA = new Uint8Array(AsnObjectIdentifierConverter.toASN(id_data).toBER())

/** An OCTET STRING of less than 128 bytes in DER. */
export function octets(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x04, bytes.length]), bytes])
}

const signWith = promisify(sign)

/**
 * SignedData (RFC 5652, 5) in a ContentInfo, DER, with the signer's certificate.
 * @param where the content is: `inside`, or `beside` it (an external signature, RFC 5652, 5.2)
 * @param more attributes to be signed, each with the DER of its value
 */
export async function signContent(
  content: Uint8Array,
  own: SealIdentity,
  at: Date,
  where: 'inside' | 'beside' = 'inside',
  more: readonly { type: string; value: Uint8Array }[] = [],
): Promise<Uint8Array> {
  const digestAlgorithm = new DigestAlgorithmIdentifier({ algorithm: OID.sha256 })
  const attributes = attributesOf(content, at, more)
  const signed = Buffer.from(AsnConvert.serialize(new AttributeSet(attributes)))
  const signature = await signWith('sha256', signed, own.privateKey)
  const signer = new SignerInfo({
    version: CMSVersion.v1,
    sid: new SignerIdentifier({ issuerAndSerialNumber: nameOf(own.certificate) }),
    digestAlgorithm,
    signedAttrs: attributes,
    signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: OID.rsaEncryption, parameters: null }),
    signature: new OctetString(signature),
  })
  const certificate = new CertificateChoices({ certificate: contentOf(own.certificate) })
  const data = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: id_data,
      ...(where === 'inside' && { eContent: new EncapsulatedContent({ single: new OctetString(content) }) }),
    }),
    certificates: new CertificateSet([certificate]),
    signerInfos: new SignerInfos([signer]),
  })
  return new Uint8Array(AsnConvert.serialize(new SignedContentInfo({ content: data })))
}

/** The signed attributes in the order of DER (X.690, 11.6). */
function attributesOf(
  content: Uint8Array,
  at: Date,
  more: readonly { type: string; value: Uint8Array }[],
): Attribute[] {
  const attribute = (attrType: string, value: Uint8Array) =>
    new Attribute({ attrType, attrValues: [new Uint8Array(value).buffer] })
  const digest = createHash('sha256').update(content).digest()
  const encoded = (each: Attribute) => Buffer.from(AsnConvert.serialize(each))
  return [
    attribute(OID.contentType, DATA),
    attribute(OID.signingTime, new Uint8Array(AsnConvert.serialize(new Time(at)))),
    attribute(OID.messageDigest, octets(digest)),
    ...more.map(({ type, value }) => attribute(type, value)),
  ].sort((a, b) => Buffer.compare(encoded(a), encoded(b)))
}
