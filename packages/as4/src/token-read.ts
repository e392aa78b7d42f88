import { X509Certificate } from 'node:crypto'
import { attributeOf, textOf, type XmlElement } from '@corridor/xml'
import { childrenOf, DerFault, readDer } from './certificates/der.ts'
import { factsOf } from './certificates/facts.ts'
import { elementsOnly } from './envelope-read.ts'
import { NS, URI } from './names.ts'
import type { TokenReference } from './profiles/profile.ts'
import { demand } from './refusal.ts'
import { base64Of } from './signature-read.ts'

/** A BinarySecurityToken as it stands. */
export interface Token {
  form: 'x509v3' | 'x509-pki-path'
  octets: Buffer
}

/** What a message says of a certificate: how, a test for one that we know, and what it carries. */
export interface NamedCertificate {
  form: TokenReference
  isOf: (certificate: X509Certificate) => boolean
  /** The certificates that are in the message, the leaf first; empty when it only names one. Nobody vouches for them. */
  carried: () => readonly X509Certificate[]
}

const POLICY = 'EBMS:0103'
const AUTHENTICATION = 'EBMS:0101'
const LONGEST_PATH = 8
const TOKEN_BYTES = 64 * 1024

/** Reads a BinarySecurityToken (WS-Security X.509 token profile 1.1, 3.1). Refuses with EBMS:0103. */
export function readToken(element: XmlElement): [id: string, token: Token] {
  const id = attributeOf(element, 'Id', NS.wsu)
  demand(id !== undefined, POLICY, 'a token has no id')
  const type = attributeOf(element, 'ValueType')
  demand(type === URI.x509v3 || type === URI.x509PkiPath, POLICY, 'a token is no X.509 certificate and no path of them')
  demand((attributeOf(element, 'EncodingType') ?? URI.base64) === URI.base64, POLICY, 'a token is not in base64')
  const octets = base64Of(element)
  demand(octets.length <= TOKEN_BYTES, POLICY, 'a token is too long')
  return [id, { form: type === URI.x509v3 ? 'x509v3' : 'x509-pki-path', octets }]
}

/** Reads a wsse:SecurityTokenReference (WS-Security X.509 token profile 1.1, 3.2). Refuses with EBMS:0103 or 0101. */
export function readTokenReference(element: XmlElement, tokens: ReadonlyMap<string, Token>): NamedCertificate {
  const known = element.namespace === NS.wsse && element.local === 'SecurityTokenReference'
  demand(known, POLICY, 'an unknown token reference')
  const [reference, ...rest] = elementsOnly(element)
  demand(reference && rest.length === 0, POLICY, 'a token reference is not one reference')
  if (reference.namespace === NS.wsse && reference.local === 'Reference') return carriedToken(reference, tokens)
  if (reference.namespace === NS.wsse && reference.local === 'KeyIdentifier') {
    const isKnown = attributeOf(reference, 'ValueType') === URI.subjectKeyIdentifier
    demand(isKnown, POLICY, 'a key identifier is of an unknown kind')
    const identifier = base64Of(reference)
    const isOf = (certificate: X509Certificate): boolean =>
      factsOf(certificate).subjectKeyIdentifier?.equals(identifier) === true
    return { form: 'key-identifier', isOf, carried: () => [] }
  }
  demand(reference.namespace === NS.ds && reference.local === 'X509Data', POLICY, 'an unknown token reference')
  const [issuerSerial, ...others] = elementsOnly(reference)
  demand(issuerSerial?.local === 'X509IssuerSerial' && others.length === 0, POLICY, 'an unknown X509Data')
  // Issuer names have many spellings, and the key is one that we have: the serial number is comparison enough.
  const serial = elementsOnly(issuerSerial).find((each) => each.local === 'X509SerialNumber')
  const digits = serial ? textOf(serial).trim() : ''
  const isOf = (certificate: X509Certificate): boolean =>
    /^\d{1,60}$/.test(digits) && BigInt(digits) === factsOf(certificate).serialNumber
  return { form: 'issuer-serial', isOf, carried: () => [] }
}

function carriedToken(reference: XmlElement, tokens: ReadonlyMap<string, Token>): NamedCertificate {
  const uri = attributeOf(reference, 'URI') ?? ''
  const token = uri.startsWith('#') ? tokens.get(uri.slice(1)) : undefined
  demand(token, AUTHENTICATION, 'the token of the signer is not in the message')
  const path = token.form === 'x509v3' ? [token.octets] : readPath(token.octets)
  const leaf = path.at(-1)
  return {
    form: token.form,
    isOf: (certificate) => leaf?.equals(certificate.raw) === true,
    carried: () => path.toReversed().map(readCertificate),
  }
}

/** The certificates of a PkiPath, the root first (X.509, 2005, 7.2). Refuses with EBMS:0101. */
function readPath(octets: Buffer): Buffer[] {
  try {
    const path = childrenOf(readDer(octets)).map(({ raw }) => raw)
    demand(path.length > 0 && path.length <= LONGEST_PATH, AUTHENTICATION, `a path has ${path.length} certificates`)
    return path
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    demand(false, AUTHENTICATION, `a path is not readable: ${error.message}`)
  }
}

function readCertificate(raw: Buffer): X509Certificate {
  try {
    return new X509Certificate(raw)
  } catch {
    demand(false, AUTHENTICATION, 'a certificate in the message is not readable')
  }
}
