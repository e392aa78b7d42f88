import 'reflect-metadata'
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto'

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BasicConstraintsExtension,
  type Extension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { keepSecret } from './files.ts'

/** What stands in the subject of certificates of an authority that this program made for a pilot. */
export const PILOT_MARK = 'Pilot: self-made authority'

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 3072,
}
const dayMs = 86_400_000
const pilotDays = 365

/** Whose keys they are. */
export interface KeyHolder {
  country: string
  party: string
  /** Organisation in the subject. */
  organisation: string
  /** Host of the endpoint. */
  host: string
}

/** What was made and what was there, by file name. */
export interface MadeKeys {
  made: string[]
  kept: string[]
}

const purposes = ['signing', 'tls'] as const
type Purpose = (typeof purposes)[number]

/**
 * Makes what is not there yet: the two private keys and the data key (each readable by this account only), and certificate requests
 * (PKCS #10) for the administration's own authority. What is there stays as it is.
 * @param pilotUnit makes an authority too, with this unit in its name, which signs both requests and is then thrown away
 */
export async function makeKeys(
  folder: string,
  holder: KeyHolder,
  { now, pilotUnit }: { now: Date; pilotUnit?: string },
): Promise<MadeKeys> {
  const keys: MadeKeys = { made: [], kept: [] }
  const note = (name: string, isMade: boolean): void => void keys[isMade ? 'made' : 'kept'].push(name)
  note(
    'data.key',
    keepSecret(join(folder, 'data.key'), () => `${randomBytes(32).toString('base64')}\n`),
  )
  const pairs = {} as Record<Purpose, webcrypto.CryptoKeyPair>
  for (const purpose of purposes) {
    const file = join(folder, `${purpose}.key`)
    const fresh = existsSync(file) ? undefined : await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    if (fresh) {
      const pkcs8 = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', fresh.privateKey), 'PRIVATE KEY')
      keepSecret(file, () => `${pkcs8}\n`)
    }
    note(`${purpose}.key`, fresh !== undefined)
    pairs[purpose] = fresh ?? (await pairIn(readFileSync(file, 'utf8')))
  }
  for (const purpose of purposes) {
    const request = await Pkcs10CertificateRequestGenerator.create({
      name: subjectOf(holder, purpose),
      keys: pairs[purpose],
      signingAlgorithm: algorithm,
      extensions: extensionsOf(purpose, holder.host),
    })
    note(`${purpose}.csr`, keepFile(join(folder, `${purpose}.csr`), `${request.toString('pem')}\n`))
  }
  const certificates = ['authority', ...purposes].map((name) => `${name}.crt`)
  const missing = certificates.filter((name) => !existsSync(join(folder, name)))
  // An authority is of no use for what another one has signed.
  if (pilotUnit !== undefined && missing.length === certificates.length)
    for (const [name, pem] of Object.entries(await pilotCertificates(holder, pairs, { now, unit: pilotUnit })))
      note(name, keepFile(join(folder, name), pem))
  else for (const name of certificates) if (!missing.includes(name)) note(name, false)
  return keys
}

async function pilotCertificates(
  holder: KeyHolder,
  pairs: Record<Purpose, webcrypto.CryptoKeyPair>,
  { now, unit }: { now: Date; unit: string },
): Promise<Record<string, string>> {
  const authority = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const name: JsonName = subjectOf({ ...holder, unit }, 'authority')
  const valid = { notBefore: new Date(now.getTime() - dayMs), notAfter: new Date(now.getTime() + pilotDays * dayMs) }
  const own = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name,
    ...valid,
    signingAlgorithm: algorithm,
    keys: authority,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  })
  const made: Record<string, string> = { 'authority.crt': `${own.toString('pem')}\n` }
  for (const purpose of purposes) {
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: subjectOf({ ...holder, unit }, purpose),
      issuer: name,
      ...valid,
      signingAlgorithm: algorithm,
      publicKey: pairs[purpose].publicKey,
      signingKey: authority.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        await SubjectKeyIdentifierExtension.create(pairs[purpose].publicKey),
        ...extensionsOf(purpose, holder.host),
      ],
    })
    made[`${purpose}.crt`] = `${certificate.toString('pem')}\n`
  }
  return made
}

/** A certificate that says to be of a holder and is of nobody: its key signs it itself. */
export async function strangerPair(holder: KeyHolder, now: Date): Promise<{ certificate: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: subjectOf(holder, 'signing'),
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: extensionsOf('signing', holder.host),
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem'), key: PemConverter.encode(pkcs8, 'PRIVATE KEY') }
}

function subjectOf({ country, organisation, party, unit }: KeyHolder & { unit?: string }, what: string): JsonName {
  const units = unit === undefined ? [] : [{ OU: [unit] }]
  return [{ C: [country] }, { O: [organisation] }, ...units, { CN: [`${party} ${what}`] }]
}

function extensionsOf(purpose: Purpose, host: string): Extension[] {
  const usage = new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true)
  if (purpose === 'signing') return [usage]
  const type = /^[\d.]+$|:/.test(host) ? 'ip' : 'dns'
  return [
    usage,
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension([{ type, value: host }]),
  ]
}

/** The pair of a key that is there: RSA in PEM, as openssl writes it too. */
async function pairIn(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey(pem)
  const der = (of: typeof key, type: 'pkcs8') => of.export({ type, format: 'der' })
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der(key, 'pkcs8'), algorithm, true, ['sign'])
  const { kty, n, e } = await webcrypto.subtle.exportKey('jwk', privateKey)
  const publicKey = await webcrypto.subtle.importKey('jwk', { kty: kty!, n: n!, e: e! }, algorithm, true, ['verify'])
  return { privateKey, publicKey }
}

function keepFile(path: string, content: string): boolean {
  if (existsSync(path)) return false
  writeFileSync(path, content, { flush: true })
  return true
}

/** A positive serial number of 16 bytes (RFC 5280, 4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}
