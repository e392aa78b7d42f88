import { X509Certificate } from 'node:crypto'
import type { Corridor, CorridorNode } from '../config/corridor.ts'
import { type CorridorLink, isDirect, linksOf } from '../config/links.ts'
import { NodeFault } from '../faults.ts'
import type { NodeSettings } from '../settings.ts'

/** What a certificate is for. `signing` is also what messages are encrypted for, over AS4 and as sealed objects. */
export type CertificateUse = 'signing' | 'tls' | 'authority' | 'national-system'

/** A certificate that a node works with. */
export interface KnownCertificate {
  /** Party id of whose it is. */
  party: string
  own: boolean
  use: CertificateUse
  /** `next`: believed too, so that it can take over · `other`: an own pair that only decrypts, of before or to come. */
  standing: 'present' | 'next' | 'other'
  /** Where it is configured, in words of the corridor file. */
  place: string
  /** Ends of TLS connections at which it is shown. */
  ends: readonly ('server' | 'client')[]
  certificate: X509Certificate
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Every certificate, own and partners’, of the settings of a node.
 * @throws NodeFault KEY_FILE with the place of one that cannot be read
 */
export function knownCertificates(corridor: Corridor, own: CorridorNode, settings: NodeSettings): KnownCertificate[] {
  const links = linksOf(corridor.links, own.id)
  const partyOf = (id: string): string => corridor.nodes.find((node) => node.id === id)?.party ?? id
  return [
    ...ownCertificates(own, settings, links),
    ...settings.partners.flatMap((partner) => {
      const link = links.find(({ between }) => between.includes(partner.node))
      return partnerCertificates(partyOf(partner.node), partner, link)
    }),
  ]
}

function ownCertificates(
  own: CorridorNode,
  settings: NodeSettings,
  links: readonly CorridorLink[],
): KnownCertificate[] {
  const { party } = own
  const direct = links.filter(isDirect)
  const keys = `nodes › ${own.id} › keys`
  const mine = (
    use: CertificateUse,
    standing: KnownCertificate['standing'],
    place: string,
    pem: string | undefined,
    ends: KnownCertificate['ends'] = [],
  ): KnownCertificate[] =>
    pem === undefined ? [] : [{ party, own: true, use, standing, place, ends, certificate: readLeaf(pem, place) }]
  const national = settings.nationalSystem?.tls
  return [
    ...mine('signing', 'present', `${keys} › signingCertificate`, settings.signing.certificate),
    ...(settings.alsoDecrypts ?? []).flatMap(({ certificate }, at) =>
      mine('signing', 'other', `${keys} › alsoDecrypts ${at + 1} › certificate`, certificate),
    ),
    ...mine('tls', 'present', `${keys} › tlsCertificate`, settings.tls.certificate, [
      ...(direct.some(({ pulls }) => pulls !== own.id) ? (['server'] as const) : []),
      ...(direct.some(({ pulls }) => pulls === null || pulls === own.id) ? (['client'] as const) : []),
    ]),
    ...mine('national-system', 'present', `${keys} › nationalSystemTls › certificate`, national?.certificate),
    ...authoritiesIn(national?.authority, { party, own: true, place: `${keys} › nationalSystemTls › authority` }).map(
      (each) => ({ ...each, use: 'national-system' as const }),
    ),
  ]
}

function partnerCertificates(
  party: string,
  partner: NodeSettings['partners'][number],
  link: CorridorLink | undefined,
): KnownCertificate[] {
  const published = `nodes › ${partner.node} › published`
  const theirs = (
    use: 'signing' | 'tls',
    member: string,
    pem: string | undefined,
    ends: KnownCertificate['ends'] = [],
  ): KnownCertificate[] => {
    const place = `${published} › ${member}`
    const standing = member.startsWith('next') ? 'next' : 'present'
    return pem === undefined
      ? []
      : [{ party, own: false, use, standing, place, ends, certificate: readLeaf(pem, place) }]
  }
  const { direct } = partner
  const ends = link === undefined ? [] : endsOf(link, partner.node)
  return [
    ...theirs('signing', 'signingCertificate', partner.signingCertificate),
    ...theirs('signing', 'nextSigningCertificate', partner.nextSigningCertificate),
    ...theirs('tls', 'tlsCertificate', direct?.tlsCertificate, ends),
    ...theirs('tls', 'nextTlsCertificate', direct?.nextTlsCertificate, ends),
    ...authoritiesIn(direct?.ca, { party, own: false, place: `${published} › ca` }),
    ...authoritiesIn(direct?.nextCa, { party, own: false, place: `${published} › nextCa`, standing: 'next' }),
  ]
}

/** At which ends of connections a node of a direct link shows its certificate. */
function endsOf({ pulls }: CorridorLink, node: string): KnownCertificate['ends'] {
  if (pulls === null) return ['server', 'client']
  return pulls === node ? ['client'] : ['server']
}

function authoritiesIn(
  pem: string | undefined,
  parts: Pick<KnownCertificate, 'party' | 'own' | 'place'> & Partial<Pick<KnownCertificate, 'standing'>>,
): KnownCertificate[] {
  if (pem === undefined) return []
  const blocks = pem.match(pemBlock) ?? [pem]
  return blocks.map((each) => ({
    standing: 'present',
    ...parts,
    use: 'authority',
    ends: [],
    certificate: readLeaf(each, parts.place),
  }))
}

function readLeaf(pem: string, place: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new NodeFault(
      'CERTIFICATE_UNFIT',
      `${place}: this is no certificate in PEM. Give the file that begins with BEGIN CERTIFICATE.`,
    )
  }
}
