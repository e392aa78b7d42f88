import type { KeyObject, X509Certificate } from 'node:crypto'
import { IssuerAndSerialNumber } from '@peculiar/asn1-cms'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  Certificate,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'

/** What CMS needs of a certificate beyond what node:crypto tells. */
interface Facts {
  read: Certificate
  name: IssuerAndSerialNumber
  /** The name in DER, to compare by. */
  nameRaw: Buffer
  keyId: Buffer | undefined
  /** Undefined when the certificate does not restrict its key. */
  usage: number | undefined
}

const known = new WeakMap<X509Certificate, Facts>()

/** Reads a certificate of the configuration, once each. */
function factsOf(certificate: X509Certificate): Facts {
  const seen = known.get(certificate)
  if (seen) return seen
  const read = AsnConvert.parse(certificate.raw, Certificate)
  const { tbsCertificate } = read
  const extension = (id: string): OctetString | undefined =>
    tbsCertificate.extensions?.find(({ extnID }) => extnID === id)?.extnValue
  const { issuer, serialNumber } = tbsCertificate
  const name = new IssuerAndSerialNumber({ issuer, serialNumber })
  const [keyId, usage] = [extension(id_ce_subjectKeyIdentifier), extension(id_ce_keyUsage)]
  const facts: Facts = {
    read,
    name,
    nameRaw: Buffer.from(AsnConvert.serialize(name)),
    keyId: keyId && Buffer.from(AsnConvert.parse(keyId.buffer, SubjectKeyIdentifier).buffer),
    usage: usage && AsnConvert.parse(usage.buffer, KeyUsage).toNumber(),
  }
  known.set(certificate, facts)
  return facts
}

/** A certificate as it is put into an object. */
export function contentOf(certificate: X509Certificate): Certificate {
  return factsOf(certificate).read
}

/** How an object names a certificate: by its issuer and serial number. */
export function nameOf(certificate: X509Certificate): IssuerAndSerialNumber {
  return factsOf(certificate).name
}

/** How a signer or a recipient is named in an object (RFC 5652, 5.3 and 6.2.1). */
export interface Named {
  issuerAndSerialNumber?: IssuerAndSerialNumber
  subjectKeyIdentifier?: SubjectKeyIdentifier
}

/** Whether an object names this certificate. It only chooses: what proves is the key. */
export function isNamed({ issuerAndSerialNumber, subjectKeyIdentifier }: Named, certificate: X509Certificate): boolean {
  const { nameRaw, keyId } = factsOf(certificate)
  if (issuerAndSerialNumber) return nameRaw.equals(Buffer.from(AsnConvert.serialize(issuerAndSerialNumber)))
  return subjectKeyIdentifier !== undefined && keyId?.equals(Buffer.from(subjectKeyIdentifier.buffer)) === true
}

/** Whether a certificate is valid at a moment, both ends included (RFC 5280, 4.1.2.5). */
export function isValidAt({ validFromDate, validToDate }: X509Certificate, at: Date): boolean {
  return validFromDate <= at && at <= validToDate
}

/** Whether the key is RSA of 2048 to 8192 bits: less is weak, more takes seconds. */
export function isFitKey(key: KeyObject): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return key.asymmetricKeyType === 'rsa' && bits >= 2048 && bits <= 8192
}

/** Whether a certificate lets its key be used so (RFC 5280, 4.2.1.3). */
export function allows(certificate: X509Certificate, use: 'digitalSignature' | 'keyEncipherment'): boolean {
  const { usage } = factsOf(certificate)
  return usage === undefined || (usage & KeyUsageFlags[use]) !== 0
}
