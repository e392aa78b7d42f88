import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EBMS, type Identity, type KeyPair, type PMode, type TypedValue } from '@corridor/as4'
import { AS4_FACTS } from './peer.ts'
import type { Case } from './plan.ts'

const KEYS = join(AS4_FACTS, 'keys')
const PASSWORD = 'testtest'

/** The profile here, its name at phase4, and which of the frozen keys it takes. */
export const PROFILES: Record<Case['profile'], { ours: string; theirs: string; signs: string; decrypts: string }> = {
  edelivery1: { ours: 'edelivery-1.15', theirs: 'edelivery1', signs: 'rsa', decrypts: 'rsa' },
  'edelivery2-eddsa': { ours: 'edelivery-2.0', theirs: 'edelivery2-eddsa', signs: 'ed_sign', decrypts: 'x_enc' },
  'edelivery2-ecdsa': { ours: 'edelivery-2.0-ec', theirs: 'edelivery2-ecdsa', signs: 'ec_sign', decrypts: 'ec_enc' },
  ics2: { ours: 'ics2', theirs: 'edelivery1', signs: 'rsa', decrypts: 'rsa' },
}

const EU_CUSTOMS = 'urn:oasis:names:tc:ebcore:partyid-type:unregistered:eu-customs'

/** What both sides agreed, in words that both understand. `a` sends to `b`. */
export interface Agreement {
  a: { id: string; type?: string; role: string }
  b: { id: string; type?: string; role: string }
  service: TypedValue
  agreement: TypedValue
  action: string
}

/** The agreement of a profile: that of ICS2 has types and roles of its own. */
export function agreementOf(profile: Case['profile']): Agreement {
  if (profile === 'ics2') {
    return {
      a: { id: 'NL0987654321', type: `${EU_CUSTOMS}:EORI`, role: 'Trader' },
      b: { id: 'sti-taxud', type: `${EU_CUSTOMS}:auth`, role: 'Customs' },
      service: { value: 'eu_ics2_t2c', type: 'eu-customs-service-type' },
      agreement: { value: 'EU-ICS2-TI-V2.0', type: 'ics2-interface-version' },
      action: 'IE3F32',
    }
  }
  return {
    a: { id: 'party-a', type: 'urn:interop:party', role: EBMS.initiator },
    b: { id: 'party-b', role: EBMS.responder },
    service: { value: 'urn:interop:service', type: 'urn:interop:services' },
    agreement: { value: 'urn:interop:agreement' },
    action: 'Submit',
  }
}

/** A P-Mode for what `a` sends to `b`, as the side holds it whose partner is `partner`. */
export function pmodeOf(
  partner: 'a' | 'b',
  { profile, protection, compressed, token }: Omit<Case, 'direction' | 'parts' | 'size'>,
): PMode {
  const { a, b, service, agreement, action } = agreementOf(profile)
  const { ours, signs, decrypts } = PROFILES[profile]
  const all = ['x509v3', 'key-identifier', 'issuer-serial', 'x509-pki-path'] as const
  return {
    id: `interop-${partner}`,
    profile: ours,
    initiator: a,
    responder: b,
    service,
    agreement,
    actions: [action],
    partnerCertificate: certificate(`${partner}_${signs}`),
    partnerEncryptionCertificate: certificate(`${partner}_${decrypts}`),
    // What came in otherwise than this case wants must not pass unnoticed; phase4 signs its receipts with a certificate.
    tokens: { send: token, accept: partner === 'a' ? [token] : all },
    ...(profile !== 'ics2' && { encrypt: protection === 'sign+encrypt' }),
    compress: compressed,
  }
}

const identities = new Map<string, Identity>()

/** Our identity when we are `a` or `b`, for the keys of a profile. */
export function identityOf(side: 'a' | 'b', profile: Case['profile']): Identity {
  const { signs, decrypts } = PROFILES[profile]
  const name = `${side} ${signs}`
  const known = identities.get(name)
  if (known) return known
  const identity = {
    ...keyPair(`${side}_${signs}`),
    chain: [certificate('ca')],
    ...(decrypts !== signs && { encryption: keyPair(`${side}_${decrypts}`) }),
  }
  identities.set(name, identity)
  return identity
}

/** The options that make phase4 `a` or `b` of a profile. */
export function phase4Options(
  side: 'a' | 'b',
  { profile, protection }: Pick<Case, 'profile' | 'protection'>,
): Record<string, string> {
  const { theirs, signs, decrypts } = PROFILES[profile]
  const { a, b, service, agreement, action } = agreementOf(profile)
  return {
    profile: theirs,
    keystore: join(KEYS, `${side}.p12`),
    // A signer that is only named, by serial number or key identifier, is looked up among these.
    truststore: join(KEYS, 'trust-all.p12'),
    password: PASSWORD,
    'sign-alias': `${side}_${signs}`,
    'crypt-alias': `${side}_${decrypts}`,
    'recipient-cert': join(KEYS, `${side === 'a' ? 'b' : 'a'}_${decrypts}.pem`),
    sign: 'true',
    encrypt: String(protection === 'sign+encrypt'),
    from: a.id,
    ...(a.type !== undefined && { 'from-type': a.type }),
    'from-role': a.role,
    to: b.id,
    ...(b.type !== undefined && { 'to-type': b.type }),
    'to-role': b.role,
    service: service.value,
    ...(service.type !== undefined && { 'service-type': service.type }),
    agreement: agreement.value,
    ...(agreement.type !== undefined && { 'agreement-type': agreement.type }),
    action,
  }
}

/** Options as fields of a command. */
export function fieldsOf(options: Record<string, string>): string[] {
  return Object.entries(options).flat()
}

function keyPair(name: string): KeyPair {
  const store = join(KEYS, `${name}.p12`)
  // The key is in memory only: openssl reads PKCS #12, which node:crypto does not.
  const pem = execFileSync('openssl', ['pkcs12', '-in', store, '-nodes', '-nocerts', '-passin', `pass:${PASSWORD}`])
  return { certificate: certificate(name), privateKey: createPrivateKey(pem) }
}

/** One of the frozen certificates. */
export function certificate(name: string): X509Certificate {
  return new X509Certificate(readFileSync(join(KEYS, `${name}.pem`)))
}
