import { list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const whole: Schema = { type: 'integer' }
const count: Schema = { type: 'integer', minimum: 0 }
const end = object({ id: text, role: text })

/** Named schemas of this file. */
export const partnerSchemas: Record<string, Schema> = {
  Certificate: object({
    party: text,
    own: yesNo,
    use: oneOf('signing', 'tls', 'authority', 'national-system'),
    standing: {
      ...oneOf('present', 'next', 'other'),
      description: 'next: believed too, to take over · other: an own pair that only decrypts',
    },
    place: { ...text, description: 'Where it is configured' },
    subject: text,
    issuer: text,
    serialNumber: text,
    fingerprint: { ...text, description: 'SHA-256' },
    key: { ...text, examples: ['RSA 3072'] },
    validFrom: time,
    validTo: time,
    daysLeft: { ...whole, description: 'Below zero when it has ended' },
    state: oneOf('ok', 'ending', 'ended', 'not-yet-valid'),
    isPrepared: { ...yesNo, description: 'One to come of the same use is known that lasts longer' },
    breaks: {
      ...nullable(object({ code: text, words: text, remedy: text })),
      description: 'What stops working when it ends; null when nothing does',
    },
  }),
  Certificates: object({ certificates: list(ref('Certificate')) }),
  PartnerDetail: object({
    party: text,
    name: text,
    node: text,
    country: text,
    link: object({
      kind: oneOf('as4', 'pull', 'tunnel', 'border-database', 'cloud', 'hub'),
      at: nullable(text),
      agreement: text,
      pulls: nullable(oneOf('we', 'they')),
      url: nullable(text),
      tunnel: nullable(object({ local: text, peer: text })),
      retry: nullable(object({ firstSeconds: count, longestSeconds: count, tries: count })),
    }),
    pModes: list(
      object({
        id: text,
        direction: oneOf('out', 'in'),
        agreement: text,
        mpc: nullable(text),
        service: text,
        actions: list(text),
        initiator: end,
        responder: end,
        profile: text,
      }),
    ),
    contacts: list(
      object({
        for: oneOf('operations', 'security', 'management'),
        name: text,
        email: nullable(text),
        telephone: nullable(text),
        hours: nullable(text),
      }),
    ),
    certificates: list(ref('Certificate')),
    lastReceiptAt: nullable(time),
    queued: count,
    oldestUnsentAt: nullable(time),
    parked: count,
    certificateDaysLeft: nullable(whole),
  }),
  PartnerList: object({ partners: list(ref('PartnerDetail')) }),
}

export const partnerParams: Schema = object({ party: { ...text, pattern: '^[A-Za-z0-9._-]{1,35}$' } })
export const certificatesQuery: Schema = object(
  {
    days: {
      ...text,
      pattern: '^[1-9]\\d{0,3}$',
      description: 'Only those whose end breaks something within so many days',
    },
    party: { ...text, pattern: '^[A-Za-z0-9._-]{1,35}$' },
  },
  ['days', 'party'],
)
