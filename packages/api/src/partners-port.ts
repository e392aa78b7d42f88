import type { PartnerStatus } from '@corridor/casework'

/** How a certificate stands on a day. */
export interface CertificateView {
  party: string
  own: boolean
  use: 'signing' | 'tls' | 'authority' | 'national-system'
  standing: 'present' | 'next' | 'other'
  place: string
  /** Of whom it says it is. */
  subject: string
  issuer: string
  serialNumber: string
  /** SHA-256, in hexadecimal with colons. */
  fingerprint: string
  key: string
  validFrom: string
  validTo: string
  daysLeft: number
  state: 'ok' | 'ending' | 'ended' | 'not-yet-valid'
  /** Whether another one of the same use that can take over is known, and lasts longer. */
  isPrepared: boolean
  /** What breaks when it ends, and what to do before; null of one whose end breaks nothing. */
  breaks: { code: string; words: string; remedy: string } | null
}

/** What was agreed with a partner for one direction (AS4). */
export interface PModeView {
  id: string
  direction: 'out' | 'in'
  agreement: string
  /** Channel; null for the default one. */
  mpc: string | null
  service: string
  actions: readonly string[]
  initiator: { id: string; role: string }
  responder: { id: string; role: string }
  profile: string
}

/** A partner as the node knows it: from the corridor file, and from what has become of messages. */
export interface PartnerView extends PartnerStatus {
  node: string
  country: string
  link: {
    kind: string
    /** Third place or node that messages pass; null of a direct one. */
    at: string | null
    agreement: string
    pulls: 'we' | 'they' | null
    url: string | null
    tunnel: { local: string; peer: string } | null
    retry: { firstSeconds: number; longestSeconds: number; tries: number } | null
  }
  /** Empty of one without a direct link. */
  pModes: PModeView[]
  contacts: {
    for: string
    name: string
    email: string | null
    telephone: string | null
    hours: string | null
  }[]
  certificates: CertificateView[]
}

/** The partners of a node and all certificates that it works with. */
export interface PartnersPort {
  list: () => Promise<PartnerView[]>
  /** Those that end first at the top. */
  certificates: () => CertificateView[]
}
