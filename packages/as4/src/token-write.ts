import type { X509Certificate } from 'node:crypto'
import { escapeText } from '@corridor/xml'
import { factsOf } from './certificates/facts.ts'
import { writeName } from './certificates/distinguished-name.ts'
import { As4Fault } from './faults.ts'
import type { Identity } from './model.ts'
import { NS, URI } from './names.ts'
import type { TokenReference } from './profiles/profile.ts'
import type { RandomBytes } from './random.ts'
import { newId } from './security-write.ts'

/** A certificate as the other side is told of it. */
export interface WrittenToken {
  /** The BinarySecurityToken; empty when the other side is to know the certificate. */
  token: string
  /** The wsse:SecurityTokenReference, whose prefixes wsse and ds are declared around it. */
  reference: string
}

/**
 * Refers to a certificate (WS-Security X.509 token profile 1.1, 3.2). `chain` are its issuers, nearest first; only a
 * path carries them. Throws {@link As4Fault} `bad-key` when the certificate has no subject key identifier to name.
 */
export function writeToken(
  form: TokenReference,
  { certificate, chain = [] }: Pick<Identity, 'certificate' | 'chain'>,
  idPrefix: string,
  random: RandomBytes,
): WrittenToken {
  if (form === 'key-identifier') return { token: '', reference: wrap(writeKeyIdentifier(certificate)) }
  if (form === 'issuer-serial') return { token: '', reference: wrap(writeIssuerSerial(certificate)) }
  const isPath = form === 'x509-pki-path'
  const type = isPath ? URI.x509PkiPath : URI.x509v3
  const octets = isPath ? writePath([certificate, ...chain]) : certificate.raw
  const id = newId(idPrefix, random)
  const token =
    `<wsse:BinarySecurityToken EncodingType="${URI.base64}" ValueType="${type}" wsu:Id="${id}">` +
    `${octets.toString('base64')}</wsse:BinarySecurityToken>`
  const tokenType = isPath ? ` xmlns:wsse11="${NS.wsse11}" wsse11:TokenType="${type}"` : ''
  return { token, reference: wrap(`<wsse:Reference URI="#${id}" ValueType="${type}"/>`, tokenType) }
}

/** Throws {@link As4Fault} `bad-key` unless an identity brings every certificate up to a self-signed root. */
export function checkFullChain({ certificate, chain = [] }: Identity): void {
  const path = [certificate, ...chain]
  const linked = path.every((each, n) => {
    const issuer = path[n + 1] ?? each
    return each.checkIssued(issuer) && each.verify(issuer.publicKey)
  })
  if (!linked)
    throw new As4Fault('bad-key', 'The identity has not its whole chain, nearest issuer first, up to the root')
}

function wrap(content: string, attributes = ''): string {
  return `<wsse:SecurityTokenReference${attributes}>${content}</wsse:SecurityTokenReference>`
}

function writeKeyIdentifier(certificate: X509Certificate): string {
  const identifier = factsOf(certificate).subjectKeyIdentifier
  if (!identifier) throw new As4Fault('bad-key', 'The certificate has no subject key identifier to be known by')
  return (
    `<wsse:KeyIdentifier EncodingType="${URI.base64}" ValueType="${URI.subjectKeyIdentifier}">` +
    `${identifier.toString('base64')}</wsse:KeyIdentifier>`
  )
}

function writeIssuerSerial(certificate: X509Certificate): string {
  const { issuer, serialNumber } = factsOf(certificate)
  return (
    `<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>${escapeText(writeName(issuer))}</ds:X509IssuerName>` +
    `<ds:X509SerialNumber>${serialNumber}</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>`
  )
}

/** PkiPath: a SEQUENCE of certificates, the root first and the leaf last (X.509, 2005, 7.2). */
function writePath(leafFirst: readonly X509Certificate[]): Buffer {
  const content = Buffer.concat(leafFirst.toReversed().map(({ raw }) => raw))
  const length = content.length
  const octets = length < 0x80 ? [length] : length < 0x10000 ? [0x82, length >> 8, length & 0xff] : undefined
  if (!octets) throw new As4Fault('bad-key', 'The chain of the identity is longer than 65,535 octets')
  if (octets.length === 3 && octets[1] === 0) octets.splice(0, 2, 0x81)
  return Buffer.concat([Buffer.from([0x30, ...octets]), content])
}
