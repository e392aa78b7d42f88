import 'reflect-metadata'
import { randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import {
  BasicConstraintsExtension,
  type Extension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** What stands in the subject of every demonstration certificate, and what a real node refuses. */
export const DEMONSTRATION_MARK = 'Demonstration only'

/** Whether a certificate (PEM) is a demonstration's: made on anybody's machine, it proves nothing. @throws Error when it is none */
export function isDemonstration(pem: string): boolean {
  const { subject, issuer } = new X509Certificate(pem)
  return `${subject}\n${issuer}`.includes(DEMONSTRATION_MARK)
}

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
}
const day = 86_400_000

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  certificate: string
  key: string
}

/** A country's demonstration authority and what it gave its node: one leaf to sign and decrypt messages, one for TLS. */
export interface NodeKeys {
  ca: string
  signing: KeyPair
  tls: KeyPair
}

/**
 * Makes a demonstration authority for a country and the two leaf certificates of its node. The authority's own key is thrown away:
 * nobody can make a third certificate.
 * @param now the leaves are valid from a day before to three years after: stories move the clocks on by months, one after the other
 */
export async function makeDemonstrationKeys(party: string, country: string, now: Date): Promise<NodeKeys> {
  const authority = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const caName = `C=${country}, O=Corridor, OU=${DEMONSTRATION_MARK}, CN=${party} demonstration authority`
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: caName,
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + 3650 * day),
    signingAlgorithm: algorithm,
    keys: authority,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  })
  const leaf = async (purpose: string, extensions: Extension[]): Promise<KeyPair> => {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `C=${country}, O=Corridor, OU=${DEMONSTRATION_MARK}, CN=${party} ${purpose}`,
      issuer: caName,
      notBefore: new Date(now.getTime() - day),
      notAfter: new Date(now.getTime() + 1095 * day),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: authority.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        ...extensions,
      ],
    })
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
    return { certificate: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') }
  }
  return {
    ca: ca.toString('pem'),
    signing: await leaf('messages', [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    ]),
    tls: await leaf('tls', [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
      ]),
    ]),
  }
}

/** A positive serial number of 16 bytes (RFC 5280, 4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}
