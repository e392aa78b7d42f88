import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import type { Identity } from '@corridor/as4'
import { UsageError } from '../arguments.ts'
import type { Typed } from './options.ts'

/** Our keys, as the options name them. Throws UsageError. */
export function readIdentity(typed: Typed): Identity {
  const key = typed.needed('key', 'the PEM file of our private key')
  const identity = readPair(key, typed.text('cert') ?? key)
  const decrypting = typed.text('encryption-key')
  if (decrypting === undefined) return identity
  return { ...identity, encryption: readPair(decrypting, typed.text('encryption-cert') ?? decrypting) }
}

/** The first certificate of a PEM file. Throws UsageError. */
export function readCertificate(file: string): X509Certificate {
  return readCertificates(file)[0]!
}

/** The bytes of a file that was named on the command line. Throws UsageError. */
export function readNamed(file: string): Buffer {
  return named(file, () => readFileSync(file))
}

/** The size in bytes of such a file, which may be read; 0 for what has none, as a pipe. Throws UsageError. */
export function sizeOfNamed(file: string): number {
  return named(file, () => {
    const found = statSync(file)
    if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    accessSync(file, constants.R_OK)
    return found.size
  })
}

function named<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = { ENOENT: 'There is no file', EISDIR: 'A folder is no file:', EACCES: 'This file may not be read:' }
    throw new UsageError(`${why[code as keyof typeof why] ?? `${message}:`} “${file}”.`)
  }
}

function readPair(
  keyFile: string,
  certificateFile: string,
): Required<Pick<Identity, 'certificate' | 'privateKey'>> & { chain: X509Certificate[] } {
  const privateKey = readKey(keyFile)
  const all = readCertificates(certificateFile)
  const certificate = all.find((each) => each.checkPrivateKey(privateKey))
  if (!certificate) throw new UsageError(`No certificate in “${certificateFile}” belongs to the key in “${keyFile}”.`)
  return { certificate, privateKey, chain: issuersOf(certificate, all) }
}

function issuersOf(leaf: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let at = leaf; ;) {
    const issuer = all.find((each) => each !== at && at.checkIssued(each) && !chain.includes(each))
    if (!issuer) return chain
    chain.push(issuer)
    at = issuer
  }
}

function readKey(file: string): KeyObject {
  const bytes = readPem(file)
  const passphrase = process.env.CORRIDOR_KEY_PASSWORD
  try {
    return createPrivateKey({ key: bytes, ...(passphrase && { passphrase }) })
  } catch (error) {
    if (!bytes.includes('PRIVATE KEY')) throw new UsageError(`There is no private key in “${file}”.`)
    const encrypted = bytes.includes('ENCRYPTED')
    const help = encrypted ? 'It is encrypted: give its password in CORRIDOR_KEY_PASSWORD.' : (error as Error).message
    throw new UsageError(`The private key in “${file}” cannot be read. ${help}`)
  }
}

function readCertificates(file: string): X509Certificate[] {
  const pem = readPem(file).toString('latin1')
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []
  if (blocks.length === 0) throw new UsageError(`There is no certificate in “${file}”.`)
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    throw new UsageError(`A certificate in “${file}” is damaged.`)
  }
}

function readPem(file: string): Buffer {
  const bytes = readNamed(file)
  if (bytes.includes('-----BEGIN ')) return bytes
  const pem = file.replace(/\.\w+$/, '') + '.pem'
  const convert =
    bytes[0] === 0x30
      ? `If it is PKCS #12: openssl pkcs12 -in ${file} -nodes -out ${pem}. If it is a certificate in DER: openssl x509 -inform der -in ${file} -out ${pem}.`
      : 'PEM is text that starts with -----BEGIN.'
  throw new UsageError(`“${file}” is no PEM file. ${convert}`)
}
