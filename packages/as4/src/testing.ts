import 'reflect-metadata'
import { createPrivateKey, generateKeyPairSync, type KeyObject, webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Identity } from './model.ts'

x509.cryptoProvider.set(webcrypto)

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

/** An {@link Identity} made for a test, with its PEM texts for TLS. */
export interface TestIdentity extends Identity {
  certificatePem: string
  privateKeyPem: string
}

/** What a test certificate says. */
export interface TestCertificate {
  commonName: string
  /** Defaults to a day ago. */
  notBefore?: Date
  /** Defaults to a year from now. */
  notAfter?: Date
  /** RSA modulus; defaults to 2048. */
  modulusLength?: number
}

/** A certification authority made for a test. */
export interface TestAuthority {
  certificate: X509Certificate
  certificatePem: string
  /** A leaf certificate for signing, key transport and TLS on 127.0.0.1 and localhost, with a new key. */
  issue(leaf: TestCertificate): Promise<TestIdentity>
}

/**
 * Makes a certification authority with a new RSA key, in memory only: node:crypto reads certificates but cannot make
 * them. For tests; takes the time of one key generation, as does each {@link TestAuthority.issue}.
 */
export async function makeAuthority(commonName: string): Promise<TestAuthority> {
  const keys = await makeKeys(2048)
  const extensions = [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
  ]
  const name = `CN=${commonName}`
  const own = await certify({ commonName }, { name, ...keys }, keys.publicKey, extensions)
  return {
    certificate: own.certificate,
    certificatePem: own.certificatePem,
    async issue(leaf) {
      const leafKeys = await makeKeys(leaf.modulusLength ?? 2048)
      const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags
      const { serverAuth, clientAuth } = x509.ExtendedKeyUsage
      const issued = await certify(leaf, { name, ...keys }, leafKeys.publicKey, [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'ip', value: '127.0.0.1' },
          { type: 'dns', value: 'localhost' },
        ]),
        await x509.SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ])
      const privateKeyPem = leafKeys.key.export({ type: 'pkcs8', format: 'pem' }).toString()
      return { ...issued, privateKey: leafKeys.key, privateKeyPem }
    },
  }
}

interface Keys {
  key: KeyObject
  publicKey: webcrypto.CryptoKey
  privateKey: webcrypto.CryptoKey
}

async function makeKeys(modulusLength: number): Promise<Keys> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  const { subtle } = webcrypto
  return {
    key: createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' }),
    publicKey: await subtle.importKey('spki', publicKey, ALGORITHM, true, ['verify']),
    privateKey: await subtle.importKey('pkcs8', privateKey, ALGORITHM, false, ['sign']),
  }
}

async function certify(
  { commonName, notBefore, notAfter }: TestCertificate,
  issuer: { name: string; privateKey: webcrypto.CryptoKey },
  publicKey: webcrypto.CryptoKey,
  extensions: x509.Extension[],
): Promise<{ certificate: X509Certificate; certificatePem: string }> {
  const dayMs = 86_400_000
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex'),
    subject: `CN=${commonName}`,
    issuer: issuer.name,
    notBefore: notBefore ?? new Date(Date.now() - dayMs),
    notAfter: notAfter ?? new Date(Date.now() + 365 * dayMs),
    publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions,
  })
  const certificatePem = made.toString('pem')
  return { certificate: new X509Certificate(certificatePem), certificatePem }
}
