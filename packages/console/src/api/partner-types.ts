import type { Partner } from './types.ts'

/** A certificate that the node works with, and what stops working when it ends: `breaks.<code>`, `breaksDo.<code>`. */
export interface Certificate {
  party: string
  own: boolean
  use: string
  standing: string
  place: string
  subject: string
  issuer: string
  fingerprint: string
  key: string
  validFrom: string
  validTo: string
  daysLeft: number
  state: 'ok' | 'ending' | 'ended' | 'not-yet-valid'
  isPrepared: boolean
  breaks: { code: string; words: string; remedy: string } | null
}

/** A partner as the node knows it: what was agreed, whom to call, by which certificates. */
export interface PartnerDetail extends Partner {
  link: { kind: string; at: string | null; agreement: string; url: string | null; pulls: 'we' | 'they' | null }
  pModes: {
    id: string
    direction: 'in' | 'out'
    service: string
    actions: string[]
    profile: string
    mpc: string | null
  }[]
  contacts: { for: string; name: string; email: string | null; telephone: string | null; hours: string | null }[]
  certificates: Certificate[]
}
