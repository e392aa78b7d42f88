import type { Trust } from '../certificates/trust.ts'
import { writeCrl } from '../certificates/crl.ts'
import type { PMode } from '../model.ts'
import type { Profile } from '../profiles/profile.ts'
import { checkPModes } from './check-all.ts'
import type { Checked, PModeFinding } from './finding.ts'
import { certificate, complain, count, crl, flag, list, object, type Reader, text, texts } from './json-shape.ts'

const typed = object<PMode['service']>({ value: { read: text, required: true }, type: { read: text } })

const party = object<PMode['initiator']>({
  id: { read: text, required: true },
  type: { read: text },
  role: { read: text, required: true },
})

const profile = object<Profile>({
  name: { read: text, required: true },
  source: { read: text, required: true },
  signature: { read: text, required: true },
  digest: { read: text, required: true },
  encryption: {
    read: object({
      content: { read: text, required: true },
      key: { read: texts, required: true },
    }),
  },
  tokens: {
    read: object({
      send: { read: text, required: true },
      accept: { read: list(text), required: true },
      fullChain: { read: flag, required: true },
    }),
    required: true,
  },
  receiptSigns: { read: list(text), required: true },
  compression: { read: text, required: true },
  partyIds: {
    read: list(object({ type: { read: text, required: true }, value: { read: text, required: true } })),
  },
  roles: { read: list(text) },
  messageId: { read: text },
  messageProperties: { read: flag, required: true },
  exchangePatterns: { read: list(text), required: true },
})

const trust = object<Trust>({
  anchors: { read: list(certificate), required: true },
  intermediates: { read: list(certificate) },
  subject: { read: texts },
  revocation: {
    read: object({
      crls: { read: list(crl) },
      graceMs: { read: count, required: true },
      whenUnknown: { read: text, required: true },
    }),
  },
})

const testService: Reader<PMode['testService']> = (at) =>
  at.value === false
    ? false
    : object<Exclude<PMode['testService'], false>>({
        service: { read: typed, required: true },
        action: { read: text, required: true },
      })(at)

const pmode = object<PMode>({
  id: { read: text, required: true },
  profile: { read: (at) => (typeof at.value === 'string' ? at.value : profile(at)), required: true },
  agreement: { read: typed },
  initiator: { read: party, required: true },
  responder: { read: party, required: true },
  service: { read: typed, required: true },
  actions: { read: list(text) },
  mpc: { read: text },
  replyTo: { read: text },
  requiredProperties: {
    read: list(object({ name: { read: text, required: true }, value: { read: text }, type: { read: text } })),
  },
  testService: { read: testService },
  test: { read: flag },
  partnerCertificate: { read: certificate },
  nextPartnerCertificate: { read: certificate },
  partnerEncryptionCertificate: { read: certificate },
  trust: { read: trust },
  encrypt: { read: flag },
  compress: { read: flag },
  tokens: { read: object({ send: { read: text }, accept: { read: list(text) } }) },
  retry: {
    read: object({ count: { read: count, required: true }, intervalMs: { read: count, required: true } }),
  },
})

/**
 * Reads P-Modes from JSON: one, or a list of them; certificates and revocation lists as PEM texts. Every problem is
 * found at once, with its place as a JSON pointer; the result was also checked by {@link checkPModes}. An OCSP look-up is
 * not JSON: add it to `trust.revocation` afterwards.
 */
export function readPModes(json: string, now?: Date): Checked<PMode[]> {
  const findings: PModeFinding[] = []
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    const remedy = 'Correct the JSON at the place that the text tells.'
    return { ok: false, findings: [{ place: '', text: `is no JSON: ${(error as Error).message}`, remedy }] }
  }
  const isList = Array.isArray(value)
  const read = list(pmode)({ value: isList ? value : [value], place: '', findings })
  const result = read ?? []
  if (findings.length === 0) findings.push(...checkChoices(result), ...checkPModes(result, now))
  const own = isList ? findings : findings.map((each) => ({ ...each, place: each.place.replace(/^\/0/, '') }))
  return own.length === 0 ? { ok: true, value: result } : { ok: false, findings: own }
}

const FORMS = ['x509v3', 'x509-pki-path', 'key-identifier', 'issuer-serial']

/** Words that TypeScript would have checked; those of a profile are checked with it. */
function checkChoices(pmodes: readonly PMode[]): PModeFinding[] {
  const findings: PModeFinding[] = []
  for (const [n, { tokens, trust }] of pmodes.entries()) {
    const oneOf = (place: string, value: unknown, words: readonly string[]): void => {
      if (value === undefined || words.includes(value as string)) return
      complain({ value, place: `/${n}${place}`, findings }, 'is not known', `Use one of ${words.join(', ')}.`)
    }
    oneOf('/tokens/send', tokens?.send, FORMS)
    for (const [m, form] of (tokens?.accept ?? []).entries()) oneOf(`/tokens/accept/${m}`, form, FORMS)
    oneOf('/trust/revocation/whenUnknown', trust?.revocation?.whenUnknown, ['refuse', 'accept'])
  }
  return findings
}

/** P-Modes as JSON that {@link readPModes} reads; without private keys, which they do not have, and OCSP look-ups. */
export function writePModes(pmodes: readonly PMode[]): string {
  return `${JSON.stringify(pmodes.map(toJson), undefined, 2)}\n`
}

function toJson({ trust, ...rest }: PMode): unknown {
  const { partnerCertificate, nextPartnerCertificate, partnerEncryptionCertificate, ...plain } = rest
  return {
    ...plain,
    partnerCertificate: partnerCertificate?.toString(),
    nextPartnerCertificate: nextPartnerCertificate?.toString(),
    partnerEncryptionCertificate: partnerEncryptionCertificate?.toString(),
    trust: trust && {
      anchors: trust.anchors.map(String),
      intermediates: trust.intermediates?.map(String),
      subject: trust.subject,
      revocation: trust.revocation && {
        crls: trust.revocation.crls?.map(writeCrl),
        graceMs: trust.revocation.graceMs,
        whenUnknown: trust.revocation.whenUnknown,
      },
    },
  }
}
