import { createHash, X509Certificate } from 'node:crypto'
import { childrenOf, type Der, expect, need, readDer, readInteger, readOid, readTime, TAG } from './der.ts'
import { factsOf, readExtensions } from './facts.ts'
import { isSignedWith, readSignedData } from './signed-data.ts'

/** What a responder says about one certificate. */
export interface OcspStatus {
  status: 'good' | 'revoked' | 'unknown'
  thisUpdate: Date
  nextUpdate: Date | undefined
}

const BASIC = '1.3.6.1.5.5.7.48.1.1'
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
}

/**
 * What an OCSP response (RFC 6960, 4.2) says about a certificate, after its signature: by the issuer, or by a
 * responder whom the issuer certified for it and who is valid `now`. Throws {@link DerFault} for anything else.
 */
export function readOcsp(
  response: Uint8Array,
  certificate: X509Certificate,
  issuer: X509Certificate,
  now: Date,
): OcspStatus {
  const [status, wrapper] = childrenOf(readDer(response))
  need(expect(status, TAG.enumerated).content.equals(Buffer.of(0)), 'the responder did not answer')
  const [type, octets] = childrenOf(expect(childrenOf(expect(wrapper, 0xa0))[0], TAG.sequence))
  need(readOid(type) === BASIC, 'the response is of an unknown kind')
  const basic = readSignedData(readDer(expect(octets, TAG.octetString).content))
  const carried = basic.rest.find(({ tag }) => tag === 0xa0)
  const responders = carried ? childrenOf(expect(childrenOf(carried)[0], TAG.sequence)).slice(0, 4) : []
  const signers = [issuer, ...responders.flatMap(({ raw }) => responderOf(raw, issuer, now))]
  need(
    signers.some((signer) => isSignedWith(basic, signer.publicKey)),
    'the response is not by the issuer',
  )
  // version, who and when come before the list; a list of extensions may follow it.
  const list = childrenOf(basic.signed).find(({ tag }) => tag === TAG.sequence)
  const found = childrenOf(expect(list, TAG.sequence)).find((each) => isAbout(each, certificate, issuer))
  need(found, 'the response is about other certificates')
  return readSingle(found)
}

/** A responder's own certificate, if the issuer gave it for that purpose and it is valid (RFC 6960, 4.2.2.2). */
function responderOf(raw: Buffer, issuer: X509Certificate, now: Date): X509Certificate[] {
  let responder: X509Certificate
  try {
    responder = new X509Certificate(raw)
  } catch {
    return []
  }
  const facts = factsOf(responder)
  const sound =
    facts.extendedKeyUsage.includes(OCSP_SIGNING) &&
    facts.issuerRaw.equals(factsOf(issuer).subjectRaw) &&
    responder.validFromDate <= now &&
    now <= responder.validToDate &&
    responder.verify(issuer.publicKey)
  return sound ? [responder] : []
}

function isAbout(single: Der, certificate: X509Certificate, issuer: X509Certificate): boolean {
  const [id] = childrenOf(expect(single, TAG.sequence))
  const [algorithm, name, key, serial] = childrenOf(expect(id, TAG.sequence))
  const hash = HASHES[readOid(childrenOf(expect(algorithm, TAG.sequence))[0])]
  if (hash === undefined) return false
  const { subjectRaw, keyBits } = factsOf(issuer)
  const matches = (der: Der | undefined, bytes: Buffer): boolean =>
    expect(der, TAG.octetString).content.equals(createHash(hash).update(bytes).digest())
  return matches(name, subjectRaw) && matches(key, keyBits) && readInteger(serial) === factsOf(certificate).serialNumber
}

const STATUSES: Readonly<Record<number, OcspStatus['status']>> = {
  0x80: 'good',
  0xa1: 'revoked',
  0x82: 'unknown',
}

function readSingle(single: Der): OcspStatus {
  const [, status, thisUpdate, ...rest] = childrenOf(single)
  const known = status && STATUSES[status.tag]
  need(known, 'the response has an unknown status')
  const next = rest.find(({ tag }) => tag === 0xa0)
  const critical = [...readExtensions(rest.find(({ tag }) => tag === 0xa1)).values()].some((each) => each.critical)
  need(!critical, 'the response has an extension that is not understood')
  return { status: known, thisUpdate: readTime(thisUpdate), nextUpdate: next && readTime(childrenOf(next)[0]) }
}
