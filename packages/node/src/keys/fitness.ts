import { type CertificateFacts, DerFault, factsOf, isSoundAlgorithm, isStrongRsa } from '@corridor/as4'
import { NodeFault } from '../faults.ts'
import type { KnownCertificate } from './known.ts'

/** What is wrong with a certificate: where it stands, what it says, what to do. */
export interface Unfit {
  place: string
  value: string
  remedy: string
}

type Remark = Omit<Unfit, 'place'>

const strongCurves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1'])
/** RFC 5280, 4.2.1.12. */
const anyUse = '2.5.29.37.0'
const useOfEnd = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const
const nameOfEnd = { server: 'serverAuth', client: 'clientAuth' } as const

/**
 * What is wrong with certificates whatever the day: weak, not for their use, somebody else’s. What is not read from the certificate itself is
 * read from the others: one key is of one party.
 * @param members parties of the corridor
 */
export function unfitCertificates(known: readonly KnownCertificate[], members: readonly string[]): Unfit[] {
  const owners = new Map<string, KnownCertificate>()
  return known.flatMap((each) => {
    const { place } = each
    const found = [...wrongByItself(each), ...wrongParty(each, members)]
    // One authority may well certify several parties.
    if (each.use === 'signing' || each.use === 'tls') {
      const key = each.certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
      const before = owners.get(key)
      if (before === undefined) owners.set(key, each)
      else if (before.party !== each.party)
        found.push({
          value: `it has the key of ${before.party} (${before.place})`,
          remedy: `Get the certificate of ${each.party}: two parties with one key cannot be told apart.`,
        })
    }
    return found.map((remark) => ({ place, ...remark }))
  })
}

/** Certificates that are of no use at a moment: ended, or the one of now has not begun. A pair that only decrypts may have ended. */
export function untimelyCertificates(known: readonly KnownCertificate[], now: Date): (Unfit & KnownCertificate)[] {
  return known.flatMap((each) => {
    const { validFromDate: from, validToDate: to } = each.certificate
    const early = now < from && each.standing === 'present'
    if (each.standing === 'other' || (now <= to && !early)) return []
    const value = early
      ? `it is not valid before ${from.toISOString()}, and it is ${now.toISOString()}`
      : `it ended on ${to.toISOString()}, and it is ${now.toISOString()}`
    const remedy = early
      ? `Name it as ${each.own ? 'one of alsoDecrypts' : 'the next one'} until then.`
      : `Get a new one of ${each.party}.`
    return [{ ...each, value, remedy }]
  })
}

/** @throws NodeFault CERTIFICATE_UNFIT that names all of them; nothing when there is none */
export function refuseUnfit(unfit: readonly Unfit[]): void {
  if (unfit.length === 0) return
  throw new NodeFault('CERTIFICATE_UNFIT', unfit.map(tellUnfit).join('\n'))
}

/** In one line. */
export const tellUnfit = ({ place, value, remedy }: Unfit): string => `${place}: ${value}. ${remedy}`

function wrongByItself({ use, certificate, ends }: KnownCertificate): Remark[] {
  let facts: CertificateFacts
  try {
    facts = factsOf(certificate)
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    return [{ value: `it cannot be read: ${error.message}`, remedy: 'Get one that is as RFC 5280 has it.' }]
  }
  return [
    ...weakKey(use, certificate),
    ...weakSignature(facts),
    ...wrongUsage(use, facts),
    ...wrongEnds(use, facts, ends),
  ]
}

function weakKey(use: KnownCertificate['use'], { publicKey }: KnownCertificate['certificate']): Remark[] {
  if (isStrongRsa(publicKey)) return []
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey
  const size = details?.modulusLength === undefined ? (details?.namedCurve ?? '') : `of ${details.modulusLength} bits`
  const value = `its key is ${type} ${size}`.trim()
  // Messages are encrypted for an RSA key (eDelivery AS4 1.15, 4.2.6; RFC 8551 with RSAES-OAEP).
  if (use === 'signing') return [{ value, remedy: 'Get one with an RSA key of 2048 bits or more.' }]
  if (type === 'ed25519' || (type === 'ec' && strongCurves.has(details?.namedCurve))) return []
  return [{ value, remedy: 'Get one with an RSA key of 2048 bits or more, or on P-256, P-384 or P-521.' }]
}

function weakSignature({ signatureAlgorithm, subjectRaw, issuerRaw }: CertificateFacts): Remark[] {
  // Nobody believes a root for its own signature.
  if (isSoundAlgorithm(signatureAlgorithm) || subjectRaw.equals(issuerRaw)) return []
  return [
    {
      value: `its issuer signed it with the algorithm ${signatureAlgorithm}, which is broken or not known`,
      remedy: 'Get one that is signed with SHA-256 or better.',
    },
  ]
}

function wrongUsage(use: KnownCertificate['use'], { keyUsage, authority }: CertificateFacts): Remark[] {
  if (use === 'authority') {
    const isOne = authority !== undefined && (keyUsage === undefined || keyUsage.has('keyCertSign'))
    return isOne
      ? []
      : [{ value: 'it is no authority’s', remedy: 'Give the certificate that the TLS certificate was issued by.' }]
  }
  if (use !== 'signing' || keyUsage === undefined) return []
  const signs = keyUsage.has('digitalSignature') || keyUsage.has('contentCommitment')
  if (signs && keyUsage.has('keyEncipherment')) return []
  return [
    {
      value: `its key is for ${[...keyUsage].join(', ') || 'nothing'}`,
      remedy: 'Get one for digitalSignature and keyEncipherment: messages are signed with it and encrypted for it.',
    },
  ]
}

function wrongEnds(
  use: KnownCertificate['use'],
  { extendedKeyUsage }: CertificateFacts,
  ends: KnownCertificate['ends'],
): Remark[] {
  if (use !== 'tls' || extendedKeyUsage.length === 0 || extendedKeyUsage.includes(anyUse)) return []
  const missing = ends.filter((end) => !extendedKeyUsage.includes(useOfEnd[end])).map((end) => nameOfEnd[end])
  if (missing.length === 0) return []
  return [
    {
      value: `its extended key usage has no ${missing.join(' and no ')}`,
      remedy: `Get one for ${missing.join(' and ')}.`,
    },
  ]
}

/** The common name begins with the party where this program made the request; another member’s says that files were mixed up. */
function wrongParty({ party, use, certificate }: KnownCertificate, members: readonly string[]): Remark[] {
  if (use === 'national-system') return []
  const name = /^CN=(\S+)/m.exec(certificate.subject)?.[1]
  if (name === undefined || name === party || !members.includes(name)) return []
  return [{ value: `it is issued to ${name}`, remedy: `Give the one of ${party}.` }]
}
