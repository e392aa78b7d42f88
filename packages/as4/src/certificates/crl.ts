import type { X509Certificate } from 'node:crypto'
import { childrenOf, expect, need, readDer, readInteger, readTime, TAG } from './der.ts'
import { factsOf, readExtensions } from './facts.ts'
import { derOf } from './pem.ts'
import { isSignedWith, readSignedData, type SignedData } from './signed-data.ts'

/** A certificate revocation list, read once and asked often. Not yet known to be its issuer's. */
export interface Crl {
  issuerRaw: Buffer
  thisUpdate: Date
  nextUpdate: Date | undefined
  /** Serial numbers of what is revoked. */
  revoked: ReadonlySet<bigint>
  signedData: SignedData
  der: Buffer
}

/**
 * Reads a complete revocation list, DER or PEM (RFC 5280, 5). Throws {@link DerFault} for a delta or partial list and
 * whatever else has a critical extension, because such a list does not say of every certificate whether it is revoked.
 */
export function readCrl(bytes: Uint8Array | string): Crl {
  const der = derOf(bytes, 'X509 CRL')
  const signedData = readSignedData(readDer(der))
  const fields = childrenOf(signedData.signed)
  if (fields[0]?.tag === TAG.integer) fields.shift()
  const [, issuer, thisUpdate, ...rest] = fields
  const isTime = rest[0]?.tag === TAG.utcTime || rest[0]?.tag === TAG.generalizedTime
  const nextUpdate = isTime ? readTime(rest.shift()) : undefined
  const list = rest[0]?.tag === TAG.sequence ? rest.shift() : undefined
  const extensions = readExtensions(rest.find(({ tag }) => tag === 0xa0))
  need(![...extensions.values()].some(({ critical }) => critical), 'a revocation list is only a part')
  return {
    issuerRaw: expect(issuer, TAG.sequence).raw,
    thisUpdate: readTime(thisUpdate),
    nextUpdate,
    revoked: new Set(list ? childrenOf(list).map((each) => readInteger(childrenOf(each)[0])) : []),
    signedData,
    der,
  }
}

/** A revocation list in PEM. */
export function writeCrl({ der }: Crl): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`
}

// RSA and EC checks cost, and the same few lists are asked for every message.
const checked = new WeakMap<Crl, WeakMap<X509Certificate, boolean>>()

/** Whether a revocation list is by an authority: its name, its key, and its key may sign lists (RFC 5280, 6.3.3). */
export function isCrlOf(crl: Crl, authority: X509Certificate): boolean {
  const seen = checked.get(crl) ?? new WeakMap<X509Certificate, boolean>()
  checked.set(crl, seen)
  const before = seen.get(authority)
  if (before !== undefined) return before
  const { subjectRaw, keyUsage } = factsOf(authority)
  const sound =
    subjectRaw.equals(crl.issuerRaw) &&
    (keyUsage === undefined || keyUsage.has('cRLSign')) &&
    isSignedWith(crl.signedData, authority.publicKey)
  seen.set(authority, sound)
  return sound
}
