import type { CertificateView } from '@corridor/api'
import type { CertificateUse, KnownCertificate } from './known.ts'

/** What stops working when a certificate ends, and what to do before. */
type Breaking = NonNullable<CertificateView['breaks']>

/** So long before its end a certificate is told of: changing one takes both sides. */
export const endingDays = 14
/** What an operator looks ahead when he says nothing else. */
export const usualDays = 60

const dayMs = 86_400_000

/** How long a certificate lasts: whole days, below zero when it has ended. */
export function lasting(
  { validFromDate, validToDate }: KnownCertificate['certificate'],
  now: Date,
): Pick<CertificateView, 'daysLeft' | 'state'> {
  const daysLeft = Math.floor((validToDate.getTime() - now.getTime()) / dayMs)
  const state =
    now < validFromDate ? 'not-yet-valid' : now > validToDate ? 'ended' : daysLeft < endingDays ? 'ending' : 'ok'
  return { daysLeft, state }
}

/** All certificates as they stand now, those that end first at the top. */
export function certificatesAt(known: readonly KnownCertificate[], now: Date): CertificateView[] {
  const end = ({ certificate }: KnownCertificate): number => certificate.validToDate.getTime()
  return known
    .toSorted((one, other) => end(one) - end(other))
    .map((each) => {
      const { certificate, party, own, use, standing, place } = each
      return {
        party,
        own,
        use,
        standing,
        place,
        subject: oneLine(certificate.subject),
        issuer: oneLine(certificate.issuer),
        serialNumber: certificate.serialNumber,
        fingerprint: certificate.fingerprint256,
        key: keyText(certificate),
        validFrom: certificate.validFromDate.toISOString(),
        validTo: certificate.validToDate.toISOString(),
        ...lasting(certificate, now),
        isPrepared: known.some(
          (other) =>
            // The root beside an issuing authority, or the other side of a connection, takes over from nobody.
            other.standing !== 'present' &&
            other.party === party &&
            other.own === own &&
            other.use === use &&
            end(other) > end(each),
        ),
        breaks: breakingOf(each),
      }
    })
}

/** Those whose end breaks something within so many days; what has ended already too. */
export function breakingWithin(states: readonly CertificateView[], days: number): CertificateView[] {
  return states.filter(({ breaks, daysLeft }) => breaks !== null && daysLeft < days)
}

const own: Readonly<Record<CertificateUse, Breaking>> = {
  signing: {
    code: 'own-signing',
    words: 'Nothing is sent any more: what is owed waits here, since partners would refuse what is signed with it.',
    remedy: 'Make new keys, hand the certificate to every partner, then change over (docs/live-changes.md).',
  },
  tls: {
    code: 'own-tls',
    words: 'No connection to or from a partner with a direct link is made any more.',
    remedy: 'Get a new TLS certificate, hand it to every partner with a direct link, then change over.',
  },
  authority: {
    code: 'own-authority',
    words: 'Partners do not believe our TLS certificate any more.',
    remedy: 'Get a TLS certificate of the next authority and hand both to every partner.',
  },
  'national-system': {
    code: 'national-system',
    words: 'The node and its national system do not reach each other any more.',
    remedy: 'Get a new one from whoever runs the national system.',
  },
}

const theirs: Readonly<Record<CertificateUse, Breaking>> = {
  signing: {
    code: 'partner-signing',
    words: 'What the partner signs is refused here, its receipts too; what is for it waits here.',
    remedy: 'Ask the partner for its next certificate and name it as nextSigningCertificate.',
  },
  tls: {
    code: 'partner-tls',
    words: 'No connection to or from the partner is made any more; what is for it waits here.',
    remedy: 'Ask the partner for its next certificate and name it as nextTlsCertificate.',
  },
  authority: {
    code: 'partner-authority',
    words: 'The TLS certificate of the partner is not believed any more; what is for it waits here.',
    remedy: 'Ask the partner for the certificate of its next authority and name it as nextCa.',
  },
  'national-system': own['national-system'],
}

function breakingOf({ own: isOwn, use, standing }: KnownCertificate): Breaking | null {
  // One that only waits or only decrypts is not what messages go by.
  if (standing !== 'present') return null
  return (isOwn ? own : theirs)[use]
}

const oneLine = (name: string): string => name.replaceAll('\n', ', ')

function keyText({
  publicKey: { asymmetricKeyType: type, asymmetricKeyDetails: details },
}: KnownCertificate['certificate']): string {
  const size = details?.modulusLength ?? details?.namedCurve
  return [type?.toUpperCase(), size].filter((part) => part !== undefined).join(' ')
}
