import { X509Certificate } from 'node:crypto'
import { attributeOf, childElements, textOf, type XmlElement } from '@corridor/xml'
import { childrenOf, readDer } from '../certificates/der.ts'
import { isValidAt } from '../certificate.ts'
import { NS, URI } from '../names.ts'
import type { ExplainedCertificate, ExplainedEncryption, ExplainedToken } from './explanation.ts'

interface Trusted {
  now: Date
  certificates?: readonly X509Certificate[]
}

/** Every BinarySecurityToken of a Security header, readable or not. */
export function explainTokens(header: XmlElement, trusted: Trusted): ExplainedToken[] {
  const used = usesOf(header)
  return all(header, NS.wsse, 'BinarySecurityToken').map((element) => {
    const id = attributeOf(element, 'Id', NS.wsu) ?? ''
    const valueType = attributeOf(element, 'ValueType') ?? ''
    const certificates = certificatesOf(element, valueType).map((each) => explainCertificate(each, trusted))
    return { id, valueType, use: used.get(id) ?? 'none', certificates }
  })
}

/** One certificate, for people. */
export function explainCertificate(
  certificate: X509Certificate,
  { now, certificates = [] }: Trusted,
): ExplainedCertificate {
  const { publicKey } = certificate
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {}
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    serialNumber: certificate.serialNumber,
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
    isValidNow: isValidAt(certificate, now),
    key: [publicKey.asymmetricKeyType, modulusLength ?? namedCurve].filter((each) => each !== undefined).join(' '),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    given: certificates.some((each) => each.raw.equals(certificate.raw)),
  }
}

/** xenc:EncryptedKey and xenc:EncryptedData as they stand; undefined when nothing is encrypted. */
export function explainEncryption(header: XmlElement): Omit<ExplainedEncryption, 'decrypted'> | undefined {
  const [key] = all(header, NS.xenc, 'EncryptedKey')
  const data = all(header, NS.xenc, 'EncryptedData')
  if (!key && data.length === 0) return undefined
  const algorithms: ExplainedEncryption['algorithms'] = []
  const add = (role: string, element: XmlElement | undefined): void => {
    const uri = element && attributeOf(element, 'Algorithm')
    if (uri && !algorithms.some((each) => each.role === role && each.uri === uri)) algorithms.push({ role, uri })
  }
  if (key) {
    add(
      'key',
      childElements(key).find(({ local }) => local === 'EncryptionMethod'),
    )
    add('agreement', all(key, NS.xenc, 'AgreementMethod')[0])
    add('derivation', all(key, NS.xenc11, 'KeyDerivationMethod')[0])
    add('digest', all(key, NS.ds, 'DigestMethod')[0])
    add('mask', all(key, NS.xenc11, 'MGF')[0])
  }
  for (const each of data)
    add(
      'content',
      childElements(each).find(({ local }) => local === 'EncryptionMethod'),
    )
  const references = data.flatMap((each) => all(each, NS.xenc, 'CipherReference'))
  return {
    algorithms,
    recipientBy: key ? namingOf(key) : 'no key',
    attachments: references.map((each) => attributeOf(each, 'URI') ?? ''),
  }
}

/** How an element names a certificate: the first thing in a SecurityTokenReference below it that names one. */
export function namingOf(element: XmlElement): string {
  const [reference] = all(element, NS.wsse, 'SecurityTokenReference').flatMap(childElements)
  const keyIdentifier = reference?.local === 'KeyIdentifier' && shortOf(attributeOf(reference, 'ValueType') ?? '')
  if (keyIdentifier) return `key-identifier (${keyIdentifier} ${textOf(reference).trim().slice(0, 60)})`
  if (reference?.local === 'Reference') {
    const valueType = shortOf(attributeOf(reference, 'ValueType') ?? '')
    return `token ${attributeOf(reference, 'URI') ?? ''} ${valueType}`.trim()
  }
  if (reference?.local === 'X509Data') {
    const [issuer] = all(reference, NS.ds, 'X509IssuerName')
    const [serial] = all(reference, NS.ds, 'X509SerialNumber')
    return `issuer-serial (${issuer ? textOf(issuer) : ''}, ${serial ? textOf(serial) : ''})`
  }
  return reference ? reference.local : 'nothing'
}

/** The last part of an identifier, which is what people know it by. */
export function shortOf(uri: string): string {
  return /[^#/]*$/.exec(uri)?.[0] || uri
}

/** The elements of a name below an element, itself left out, in document order. */
export function all(element: XmlElement, namespace: string, local: string): XmlElement[] {
  return childElements(element).flatMap((child) => [
    ...(child.namespace === namespace && child.local === local ? [child] : []),
    ...all(child, namespace, local),
  ])
}

function usesOf(header: XmlElement): Map<string, 'signature' | 'encryption'> {
  const uses = new Map<string, 'signature' | 'encryption'>()
  for (const [namespace, local, use] of [
    [NS.xenc, 'EncryptedKey', 'encryption'],
    [NS.ds, 'Signature', 'signature'],
  ] as const) {
    const references = all(header, namespace, local).flatMap((each) => all(each, NS.wsse, 'Reference'))
    for (const each of references) uses.set((attributeOf(each, 'URI') ?? '').slice(1), use)
  }
  return uses
}

/** The certificates in a token, the leaf first; none when it cannot be read. */
function certificatesOf(element: XmlElement, valueType: string): X509Certificate[] {
  const octets = Buffer.from(textOf(element), 'base64')
  try {
    // X.509 (2005), 7.2: a path starts at the root.
    const raw =
      valueType === URI.x509PkiPath
        ? childrenOf(readDer(octets))
            .map((each) => each.raw)
            .toReversed()
        : [octets]
    return raw.map((each) => new X509Certificate(each))
  } catch {
    return []
  }
}
