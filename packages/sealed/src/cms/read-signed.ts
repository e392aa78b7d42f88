import { createHash, verify, type X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { type Attribute, CMSVersion, id_data, id_signedData, SignedData, type SignerInfo } from '@peculiar/asn1-cms'
import { AsnConvert } from '@peculiar/asn1-schema'
import { allows, isFitKey, isNamed, isValidAt } from '../certificate.ts'
import { demand } from '../refusal.ts'
import { parseDer } from './der.ts'
import { isPlain, OID } from './names.ts'
import { DATA, octets } from './sign.ts'
import { AttributeSet, SignedContentInfo } from './structure.ts'

const verifyWith = promisify(verify)

/** What was signed, whose digest the signer has written down. Nothing is proven before {@link verifySigner}. */
export interface SignedContent {
  content: Uint8Array
  signer: SignerInfo
  /** All of it, with the certificates beside the signature. */
  data: SignedData
}

/**
 * Takes SignedData with one signer apart, and compares content and digest.
 * @param beside the content, of a signature that has it not inside
 * @throws Refusal
 */
export function readSigned(bytes: Uint8Array, beside?: Uint8Array): SignedContent {
  const { contentType, content: data } = parseDer(bytes, SignedContentInfo, 'bad-signature')
  demand(contentType === id_signedData, 'bad-signature', 'what was encrypted is not signed')
  const [signer, ...others] = data.signerInfos
  demand(signer && others.length === 0, 'bad-signature', 'an object has exactly one signer')
  const { eContentType, eContent } = data.encapContentInfo
  const inside = eContent?.single && new Uint8Array(eContent.single.buffer)
  const signed = beside ?? inside
  const isWhere = (eContent === undefined) === (beside !== undefined)
  demand(eContentType === id_data && isWhere && signed, 'bad-signature', 'the content is not where it belongs, as data')
  demandForm(data, signer)
  const attributes = signer.signedAttrs ?? []
  const digest = createHash('sha256').update(signed).digest()
  const matches = isValue(attributes, OID.contentType, DATA) && isValue(attributes, OID.messageDigest, octets(digest))
  demand(matches, 'bad-signature', 'the content is not what was signed')
  return { content: signed, signer, data }
}

/**
 * Proves who signed. The key never comes from the object: it is that of one of the certificates which are pinned to the party.
 * @throws Refusal unknown-sender, bad-signature
 */
export async function verifySigner(signer: SignerInfo, pinned: readonly X509Certificate[], now: Date): Promise<void> {
  const certificate = pinned.find((each) => isNamed(signer.sid, each))
  demand(certificate, 'unknown-sender', 'the signer’s certificate is not one that is pinned to the sender', true)
  demand(isValidAt(certificate, now), 'unknown-sender', 'the signer’s certificate is not valid now', true)
  const fit = isFitKey(certificate.publicKey) && allows(certificate, 'digitalSignature')
  demand(fit, 'unknown-sender', 'the signer’s certificate is not for signatures by RSA of 2048 bits or more', true)
  const { signatureAlgorithm } = signer
  const isRsa = isPlain(signatureAlgorithm, OID.rsaEncryption) || isPlain(signatureAlgorithm, OID.sha256WithRsa)
  demand(isRsa, 'bad-signature', 'the signature is not RSA (PKCS #1 v1.5) with SHA-256')
  const signed = Buffer.from(AsnConvert.serialize(new AttributeSet(signer.signedAttrs)))
  const value = Buffer.from(signer.signature.buffer)
  const good = await verifyWith('sha256', signed, certificate.publicKey, value)
  demand(good, 'bad-signature', 'the signature is not that of the pinned certificate’s key')
}

/** One way of writing it: SHA-256, the versions of RFC 5652 (5.1 and 5.3), and nothing unsigned but certificates. */
function demandForm(data: SignedData, signer: SignerInfo): void {
  const version = signer.sid.issuerAndSerialNumber ? CMSVersion.v1 : CMSVersion.v3
  demand(
    data.version === version && signer.version === version,
    'bad-signature',
    'the versions are not those of the form',
  )
  const [digest, ...others] = data.digestAlgorithms
  const isSha256 =
    digest && others.length === 0 && [digest, signer.digestAlgorithm].every((each) => isPlain(each, OID.sha256))
  demand(isSha256, 'bad-signature', 'the digest is not SHA-256')
  demand(!data.crls && !signer.unsignedAttrs, 'bad-signature', 'there is something unsigned beside the certificates')
}

/** Whether there is one attribute of a type, with this one value (RFC 5652, 11.1 and 11.2). */
function isValue(attributes: readonly Attribute[], type: string, value: Uint8Array): boolean {
  const [attribute, ...others] = attributes.filter(({ attrType }) => attrType === type)
  const [only, ...more] = attribute?.attrValues ?? []
  return only !== undefined && others.length === 0 && more.length === 0 && Buffer.from(only).equals(value)
}
