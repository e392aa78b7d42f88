import type { X509Certificate } from 'node:crypto'
import { fitsKeyManagement, keyTextOf, usagesFor } from '../algorithms/key-management.ts'
import { SIGNATURES } from '../algorithms/signature.ts'
import { isValidAt } from '../certificate.ts'
import { DerFault } from '../certificates/der.ts'
import { type CertificateFacts, factsOf } from '../certificates/facts.ts'
import { isPlainText } from '../fields.ts'
import type { PartyId, PMode, TypedValue } from '../model.ts'
import { EBMS } from '../names.ts'
import { PROFILES } from '../profiles/index.ts'
import type { Profile } from '../profiles/profile.ts'
import { checkProfile } from './check-profile.ts'
import type { PModeFinding } from './finding.ts'
import { EBCORE, readEbCoreType } from './party-id.ts'

type Report = (place: string, text: string, remedy: string) => void

/**
 * Everything that is wrong with a P-Mode by itself, with place and remedy; empty when nothing is. `now` adds whether
 * its certificates are valid then. What only shows beside other P-Modes is for {@link checkPModes}.
 */
export function checkPMode(pmode: PMode, now?: Date): PModeFinding[] {
  const findings: PModeFinding[] = []
  const report: Report = (place, text, remedy) => findings.push({ place, text, remedy })
  checkText(pmode.id, '/id', report)
  const profile = readProfile(pmode.profile, report)
  checkParty(pmode.initiator, '/initiator', profile, report)
  checkParty(pmode.responder, '/responder', profile, report)
  if (sameParty(pmode.initiator, pmode.responder)) {
    report('/responder', 'the responder is the initiator', 'Name two parties, or one party in two roles.')
  }
  checkTyped(pmode.service, '/service', report)
  if (pmode.agreement) checkTyped(pmode.agreement, '/agreement', report)
  checkActions(pmode, report)
  checkProperties(pmode, profile, report)
  if (pmode.mpc !== undefined) checkText(pmode.mpc, '/mpc', report)
  if (pmode.mpc === EBMS.defaultMpc) {
    report('/mpc', 'the default channel belongs to nobody', 'Name a channel of the responder, or none for push.')
  }
  if (pmode.testService) {
    checkTyped(pmode.testService.service, '/testService/service', report)
    checkText(pmode.testService.action, '/testService/action', report)
  }
  if (pmode.replyTo !== undefined) {
    checkText(pmode.replyTo, '/replyTo', report)
    const allowed = profile?.exchangePatterns.includes('two-way') ?? true
    if (!allowed) report('/replyTo', 'the profile has no two-way exchange', 'Leave it out, or choose another profile.')
  }
  if (profile) checkSecurity(pmode, profile, now, report)
  return findings
}

function readProfile(profile: PMode['profile'], report: Report): Profile | undefined {
  if (typeof profile !== 'string') {
    const findings = checkProfile(profile)
    for (const { place, text, remedy } of findings) report(`/profile${place}`, text, remedy)
    return findings.length === 0 ? profile : undefined
  }
  const names = Object.keys(PROFILES)
  if (names.includes(profile)) return PROFILES[profile]
  report('/profile', `there is no profile ${JSON.stringify(profile)}`, `Use one of ${names.join(', ')}, or give one.`)
  return undefined
}

function checkText(value: string, place: string, report: Report): void {
  const sound = value !== '' && value.length <= 1024 && isPlainText(value) && value.trim() === value
  if (!sound) report(place, 'is not one line of text', 'Give a text without control characters or spaces around it.')
}

function checkTyped({ value, type }: TypedValue, place: string, report: Report): void {
  checkText(value, `${place}/value`, report)
  if (type !== undefined) checkText(type, `${place}/type`, report)
}

function checkParty({ id, type, role }: PartyId, place: string, profile: Profile | undefined, report: Report): void {
  checkText(id, `${place}/id`, report)
  checkText(role, `${place}/role`, report)
  if (type !== undefined) checkText(type, `${place}/type`, report)
  if (type?.startsWith(EBCORE) === true && !readEbCoreType(type)) {
    report(
      `${place}/type`,
      'is no ebCore party identifier type',
      'Use iso6523 or iso9735 with a scheme, or unregistered.',
    )
  }
  if (profile?.roles && !profile.roles.includes(role)) {
    report(`${place}/role`, `the profile has no role ${role}`, `Use one of ${profile.roles.join(', ')}.`)
  }
  if (!profile?.partyIds) return
  const rule = profile.partyIds.find((each) => each.type === type)
  const types = profile.partyIds.map((each) => each.type).join(', ')
  if (!rule) report(`${place}/type`, 'the profile has no such identifier type', `Use one of ${types}.`)
  else if (!new RegExp(`^(?:${rule.value})$`).test(id)) {
    report(`${place}/id`, 'is not of the form that its type has', `Give a value that matches ${rule.value}.`)
  }
}

function sameParty(a: PartyId, b: PartyId): boolean {
  return a.id === b.id && a.type === b.type && a.role === b.role
}

function checkActions({ actions }: PMode, report: Report): void {
  if (!actions) return
  for (const [n, action] of actions.entries()) checkText(action, `/actions/${n}`, report)
  if (actions.length === 0)
    report('/actions', 'no action is allowed', 'Name the actions, or leave them out to allow any.')
  if (new Set(actions).size < actions.length) report('/actions', 'an action is there twice', 'Name each action once.')
}

function checkProperties({ requiredProperties = [] }: PMode, profile: Profile | undefined, report: Report): void {
  for (const [n, { name, value, type }] of requiredProperties.entries()) {
    const place = `/requiredProperties/${n}`
    checkText(name, `${place}/name`, report)
    if (value !== undefined) checkText(value, `${place}/value`, report)
    if (type !== undefined) checkText(type, `${place}/type`, report)
  }
  const names = new Set(requiredProperties.map(({ name }) => name))
  const twice = names.size < requiredProperties.length
  if (twice) report('/requiredProperties', 'a property is there twice', 'Ask for each property once.')
  if (requiredProperties.length > 0 && profile?.messageProperties === false) {
    report('/requiredProperties', 'the profile has no message properties', 'Leave them out, or choose another profile.')
  }
}

function checkSecurity(pmode: PMode, profile: Profile, now: Date | undefined, report: Report): void {
  const encrypt = pmode.encrypt ?? profile.encryption !== undefined
  if (encrypt && !profile.encryption) {
    report('/encrypt', `the profile ${profile.name} only signs`, 'Leave it out, or choose a profile that encrypts.')
  }
  if (pmode.compress === false && profile.compression === 'required') {
    report('/compress', `the profile ${profile.name} demands compression`, 'Leave it out.')
  }
  if (pmode.tokens?.accept?.length === 0) {
    report('/tokens/accept', 'no token reference is accepted', 'Name at least one, or leave it out.')
  }
  const signing = SIGNATURES[profile.signature]
  for (const name of ['partnerCertificate', 'nextPartnerCertificate'] as const) {
    const certificate = pmode[name]
    if (!certificate) continue
    const facts = readFacts(certificate, `/${name}`, now, report)
    const fits = signing.fits(certificate.publicKey)
    if (!fits) report(`/${name}`, `its key is not ${signing.keyText}`, 'Use a certificate that the profile can use.')
    const maySign =
      !facts?.keyUsage || facts.keyUsage.has('digitalSignature') || facts.keyUsage.has('contentCommitment')
    if (!maySign) report(`/${name}`, 'it is not for signing', 'Use the certificate that the partner signs with.')
  }
  if (encrypt && profile.encryption) checkRecipient(pmode, profile.encryption.key, now, report)
  checkTrust(pmode, profile, now, report)
}

function checkRecipient(
  pmode: PMode,
  scheme: NonNullable<Profile['encryption']>['key'],
  now: Date | undefined,
  report: Report,
): void {
  const own = pmode.partnerEncryptionCertificate
  const certificate = own ?? pmode.partnerCertificate
  // Who only receives under this P-Mode has nothing to encrypt for; sealing says so when it comes to that.
  if (!certificate) return
  const place = own ? '/partnerEncryptionCertificate' : '/partnerCertificate'
  const remedy = 'Give, as partnerEncryptionCertificate, one that the profile can encrypt for.'
  if (!fitsKeyManagement(scheme, certificate.publicKey)) {
    // A partner from whom we only receive: its signing certificate is not meant to be encrypted for.
    if (own) report(place, `its key is not ${keyTextOf(scheme)}`, remedy)
    return
  }
  const facts = own ? readFacts(certificate, place, now, report) : factsOf(certificate)
  const allowed = !facts?.keyUsage || usagesFor(scheme).some((usage) => facts.keyUsage!.has(usage))
  if (!allowed) report(place, 'it is not for encryption', remedy)
}

function checkTrust(pmode: PMode, { tokens }: Profile, now: Date | undefined, report: Report): void {
  const { trust, partnerCertificate, nextPartnerCertificate } = pmode
  const pinned = partnerCertificate !== undefined || nextPartnerCertificate !== undefined
  if (!trust) {
    if (!pinned) report('/partnerCertificate', 'nothing says whose key to believe', 'Pin a certificate, or add trust.')
    return
  }
  if (trust.anchors.length === 0) report('/trust/anchors', 'there are no authorities', 'Name at least one.')
  for (const [n, anchor] of trust.anchors.entries()) readFacts(anchor, `/trust/anchors/${n}`, now, report)
  for (const [n, each] of (trust.intermediates ?? []).entries()) {
    readFacts(each, `/trust/intermediates/${n}`, now, report)
  }
  if (pinned) return
  if (Object.keys(trust.subject ?? {}).length === 0) {
    const remedy = 'Say what the subject of its certificate is, or pin the certificate.'
    report('/trust/subject', 'any certificate of the authorities would pass for the partner', remedy)
  }
  const accept = pmode.tokens?.accept ?? tokens.accept
  if (!accept.some((form) => form === 'x509v3' || form === 'x509-pki-path')) {
    report('/tokens/accept', 'no message would carry a certificate', 'Accept x509v3 or x509-pki-path, or pin one.')
  }
}

function readFacts(
  certificate: X509Certificate,
  place: string,
  now: Date | undefined,
  report: Report,
): CertificateFacts | undefined {
  if (now && !isValidAt(certificate, now)) {
    report(place, `it is valid from ${certificate.validFrom} to ${certificate.validTo}`, 'Get the one that is valid.')
  }
  try {
    return factsOf(certificate)
  } catch (error) {
    if (!(error instanceof DerFault)) throw error
    report(place, `it cannot be read: ${error.message}`, 'Get a certificate that is as RFC 5280 has it.')
    return undefined
  }
}
