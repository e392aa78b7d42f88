import 'reflect-metadata'
import { createPrivateKey, generateKeyPairSync, type KeyObject, webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Identity } from './model.ts'

x509.cryptoProvider.set(webcrypto)

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const DAY_MS = 86_400_000

/** An {@link Identity} made for a test, with its PEM texts for TLS. */
export interface TestIdentity extends Identity {
  /** Up to the root. */
  chain: X509Certificate[]
  certificatePem: string
  privateKeyPem: string
}

/** What a test certificate says. */
export interface TestCertificate {
  commonName: string
  /** Further attributes of the subject, such as `O=Customs`. */
  subject?: string
  /** Defaults to a day ago. */
  notBefore?: Date
  /** Defaults to a year from now. */
  notAfter?: Date
  /** RSA modulus; defaults to 2048. */
  modulusLength?: number
  /** Defaults to RSA; EC is on P-256. */
  keyType?: 'rsa' | 'ec' | 'ed25519' | 'x25519'
  /** Key usages; defaults to signing and key transport, of X25519 to key agreement. None for an empty list. */
  usages?: (keyof typeof x509.KeyUsageFlags)[]
  /** Further extensions, their values in DER. */
  extensions?: readonly { id: string; critical: boolean; value: Uint8Array }[]
}

/** A certification authority made for a test. */
export interface TestAuthority {
  certificate: X509Certificate
  certificatePem: string
  /** A leaf certificate for signing, key transport and TLS on 127.0.0.1 and localhost, with a new key. */
  issue(leaf: TestCertificate): Promise<TestIdentity>
  /** An authority below this one. */
  subordinate(authority: TestCertificate & { pathLength?: number }): Promise<TestAuthority>
  /** The list of what this authority revoked, in DER. */
  revoke(revoked: readonly X509Certificate[], thisUpdate: Date, nextUpdate?: Date): Promise<Buffer>
}

/**
 * Makes a certification authority with a new RSA key, in memory only: node:crypto reads certificates but cannot make
 * them. For tests; takes the time of one key generation, as does each {@link TestAuthority.issue}.
 */
export async function makeAuthority(commonName: string, pathLength = 0): Promise<TestAuthority> {
  const keys = await makeKeys({ commonName })
  const { certificate, certificatePem } = await certify(
    { commonName },
    { name: `CN=${commonName}`, signingKey: keys.signingKey! },
    keys,
    await authorityExtensions(keys, pathLength),
  )
  return authorityOf([certificate], certificatePem, `CN=${commonName}`, keys)
}

function authorityOf(
  chain: X509Certificate[],
  certificatePem: string,
  name: string,
  { publicKey, signingKey }: Keys,
): TestAuthority {
  const issuer = { name, signingKey: signingKey! }
  return {
    certificate: chain[0]!,
    certificatePem,
    async issue(leaf) {
      const keys = await makeKeys(leaf)
      const issued = await certify(leaf, issuer, keys, await leafExtensions(leaf, keys, publicKey))
      const privateKeyPem = keys.key.export({ type: 'pkcs8', format: 'pem' }).toString()
      return { ...issued, privateKey: keys.key, privateKeyPem, chain }
    },
    async subordinate({ pathLength = 0, ...authority }) {
      const keys = await makeKeys(authority)
      const extensions = [...(await authorityExtensions(keys, pathLength)), ...furtherOf(authority)]
      const issued = await certify(authority, issuer, keys, extensions)
      return authorityOf([issued.certificate, ...chain], issued.certificatePem, `CN=${authority.commonName}`, keys)
    },
    async revoke(revoked, thisUpdate, nextUpdate) {
      const crl = await x509.X509CrlGenerator.create({
        issuer: name,
        thisUpdate,
        ...(nextUpdate ? { nextUpdate } : {}),
        entries: revoked.map(({ serialNumber }) => ({ serialNumber, revocationDate: thisUpdate })),
        signingAlgorithm: ALGORITHM,
        signingKey: issuer.signingKey,
      })
      return Buffer.from(crl.rawData)
    },
  }
}

async function authorityExtensions({ publicKey }: Keys, pathLength: number): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ]
}

async function leafExtensions(
  leaf: TestCertificate,
  { publicKey }: Keys,
  issuer: x509.PublicKey,
): Promise<x509.Extension[]> {
  const { keyType, usages } = leaf
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage
  const usual = keyType === 'x25519' ? (['keyAgreement'] as const) : (['digitalSignature', 'keyEncipherment'] as const)
  const flags = (usages ?? usual).reduce((sum, usage) => sum | x509.KeyUsageFlags[usage], 0)
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    ...(flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)]),
    new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
    new x509.SubjectAlternativeNameExtension([
      { type: 'ip', value: '127.0.0.1' },
      { type: 'dns', value: 'localhost' },
    ]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ...furtherOf(leaf),
  ]
}

function furtherOf({ extensions = [] }: TestCertificate): x509.Extension[] {
  return extensions.map(({ id, critical, value }) => new x509.Extension(id, critical, Uint8Array.from(value)))
}

interface Keys {
  key: KeyObject
  publicKey: x509.PublicKey
  /** Undefined for keys of other kinds than RSA, which are no authority's. */
  signingKey: webcrypto.CryptoKey | undefined
}

async function makeKeys({ keyType = 'rsa', modulusLength = 2048 }: TestCertificate): Promise<Keys> {
  const pair = makePair(keyType, modulusLength)
  const publicKey = new x509.PublicKey(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  const signingKey =
    keyType === 'rsa' ? await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']) : undefined
  return { key: createPrivateKey({ key: pkcs8, type: 'pkcs8', format: 'der' }), publicKey, signingKey }
}

function makePair(keyType: string, modulusLength: number): { publicKey: KeyObject; privateKey: KeyObject } {
  if (keyType === 'ed25519') return generateKeyPairSync('ed25519')
  if (keyType === 'x25519') return generateKeyPairSync('x25519')
  if (keyType === 'ec') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return generateKeyPairSync('rsa', { modulusLength })
}

async function certify(
  { commonName, subject, notBefore, notAfter }: TestCertificate,
  issuer: { name: string; signingKey: webcrypto.CryptoKey },
  { publicKey }: Keys,
  extensions: x509.Extension[],
): Promise<{ certificate: X509Certificate; certificatePem: string }> {
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex'),
    subject: subject === undefined ? `CN=${commonName}` : `CN=${commonName}, ${subject}`,
    issuer: issuer.name,
    notBefore: notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: notAfter ?? new Date(Date.now() + 365 * DAY_MS),
    publicKey,
    signingKey: issuer.signingKey,
    signingAlgorithm: ALGORITHM,
    extensions,
  })
  const certificatePem = made.toString('pem')
  return { certificate: new X509Certificate(certificatePem), certificatePem }
}
