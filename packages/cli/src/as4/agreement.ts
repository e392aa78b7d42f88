import { EBMS, type PartyId, type PMode, type TypedValue, type UserMessageHeader } from '@corridor/as4'
import type { X509Certificate } from 'node:crypto'
import { UsageError } from '../arguments.ts'
import { readCertificate } from './keys.ts'
import type { Typed } from './options.ts'
import { pickPMode, readPModesFile, selectFrom } from './p-modes.ts'

/** The options that make an agreement. */
export const AGREEMENT_OPTIONS = [
  'pmodes',
  'pmode',
  'partner',
  'encryption-partner',
  'profile',
  'from',
  'from-type',
  'from-role',
  'to',
  'to-type',
  'to-role',
  'service',
  'service-type',
  'action',
  'agreement',
  'agreement-type',
  'mpc',
  'token',
  'no-encrypt',
  'no-compress',
]

const TOKENS = ['x509v3', 'x509-pki-path', 'key-identifier', 'issuer-serial'] as const

/** What the options say of security: the part of a P-Mode that no message can choose. */
export function readPolicy(typed: Typed): Pick<PMode, 'profile' | 'partnerCertificate'> & Partial<PMode> {
  const token = TOKENS.find((each) => each === typed.text('token'))
  if (typed.text('token') !== undefined && !token) throw new UsageError(`--token is one of ${TOKENS.join(', ')}.`)
  const encrypting = typed.text('encryption-partner')
  return {
    id: 'command-line',
    profile: typed.text('profile') ?? 'edelivery-1.15',
    partnerCertificate: readCertificate(typed.needed('partner', 'the PEM file of the partner’s certificate')),
    ...(encrypting !== undefined && { partnerEncryptionCertificate: readCertificate(encrypting) }),
    ...(typed.flag('no-encrypt') && { encrypt: false }),
    ...(typed.flag('no-compress') && { compress: false }),
    ...(token && { tokens: { send: token } }),
  }
}

/** The P-Mode for a message of ours. Names that are not given are those of the certificates; the test service is the default. */
export function sendingPMode(typed: Typed, ours: X509Certificate): PMode {
  const pmodes = readPModesFile(typed)
  if (pmodes) return pickPMode(typed, pmodes)
  const policy = readPolicy(typed)
  return {
    ...policy,
    id: 'command-line',
    initiator: party(typed, 'from', nameOf(ours), EBMS.initiator),
    responder: party(typed, 'to', nameOf(policy.partnerCertificate!), EBMS.responder),
    service: typedValue(typed, 'service') ?? { value: EBMS.testService },
    ...agreementOf(typed),
    ...(typed.text('mpc') !== undefined && { mpc: typed.text('mpc')! }),
  }
}

/** P-Modes for what others send: what is not given may be anything, and the message is taken at its word there. */
export function receivingPModes(typed: Typed): (header: UserMessageHeader) => PMode | undefined {
  const pmodes = readPModesFile(typed)
  if (pmodes) return selectFrom(pmodes)
  const policy = readPolicy(typed)
  const service = typedValue(typed, 'service')
  const agreement = typedValue(typed, 'agreement')
  const action = typed.text('action')
  return (header) => ({
    ...policy,
    id: 'command-line',
    initiator: party(typed, 'from', header.from.id, header.from.role, header.from.type),
    responder: party(typed, 'to', header.to.id, header.to.role, header.to.type),
    service: service ?? header.service,
    ...((agreement ?? header.agreement) && { agreement: agreement ?? header.agreement }),
    ...(action !== undefined && { actions: [action] }),
    ...(header.mpc !== undefined && header.mpc === typed.text('mpc') && { mpc: header.mpc }),
  })
}

/** The P-Mode under which we pull; what comes is looked at by {@link receivingPModes}. */
export function pullingPMode(typed: Typed, ours: X509Certificate): PMode {
  const pmodes = readPModesFile(typed)
  if (pmodes) return pickPMode(typed, pmodes)
  const policy = readPolicy(typed)
  return {
    ...policy,
    id: 'command-line-pull',
    initiator: party(typed, 'from', nameOf(policy.partnerCertificate!), EBMS.initiator),
    responder: party(typed, 'to', nameOf(ours), EBMS.responder),
    service: typedValue(typed, 'service') ?? { value: EBMS.testService },
    mpc: typed.needed('mpc', 'the channel to pull from'),
  }
}

/** The P-Mode of what we offer for pulling: the agreement the other way round. */
export function offeringPMode(typed: Typed, ours: X509Certificate): PMode {
  const pmodes = readPModesFile(typed)
  if (pmodes) return pickPMode(typed, pmodes)
  const policy = readPolicy(typed)
  return {
    ...policy,
    id: 'command-line-pull',
    initiator: { ...party(typed, 'to', nameOf(ours), EBMS.initiator), role: EBMS.initiator },
    responder: { ...party(typed, 'from', nameOf(policy.partnerCertificate!), EBMS.responder), role: EBMS.responder },
    service: typedValue(typed, 'service') ?? { value: EBMS.testService },
    ...agreementOf(typed),
    mpc: typed.needed('mpc', 'the channel from which the partner pulls'),
  }
}

function agreementOf(typed: Typed): { agreement?: TypedValue } {
  const agreement = typedValue(typed, 'agreement')
  return agreement ? { agreement } : {}
}

function party(typed: Typed, which: 'from' | 'to', id: string, role: string, type?: string): PartyId {
  const wanted = typed.text(`${which}-type`) ?? (typed.text(which) === undefined ? type : undefined)
  return {
    id: typed.text(which) ?? id,
    ...(wanted !== undefined && { type: wanted }),
    role: typed.text(`${which}-role`) ?? role,
  }
}

function typedValue(typed: Typed, which: 'service' | 'agreement'): TypedValue | undefined {
  const value = typed.text(which)
  const type = typed.text(`${which}-type`)
  return value === undefined ? undefined : { value, ...(type !== undefined && { type }) }
}

/** The common name of a certificate, else all of its subject. */
export function nameOf({ subject }: X509Certificate): string {
  return /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ')
}
