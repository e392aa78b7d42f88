import { X509Certificate } from 'node:crypto'
import { isOfficeReference } from '@corridor/customs'
import { Checked, isDemonstration, NodeFault } from '@corridor/node'
import { JoinFault } from './faults.ts'
import { checkOfficeList, type Office } from './offices.ts'
import { fingerprintOf, readSignedText, signText, verifyText } from './signed-text.ts'

/** What one administration tells another of itself, so that they can be linked. Certificates are PEM. */
export interface Invitation {
  from: {
    /** How it names its node; the other may name it otherwise. */
    id: string
    party: string
    country: string
    name: string
    domain: string
    timeZone: string
    locales: string[]
    /** Of documents on paper. */
    paperLanguage: string
    /** It is a test partner, and no administration. */
    isTest: boolean
  }
  /** Country for which it is made. */
  for: string
  agreement: string
  endpoint: string
  certificates: { signing: string; tls: string; authority: string }
  offices: Office[]
  /** Its own part of CL141, as a table. */
  officeList: string
  issuedAt: Date
  expiresAt: Date
}

/** An invitation whose signature and content hold; whom it comes from is proven by its fingerprint only. */
export interface ReadInvitation extends Invitation {
  fingerprint: string
  text: string
  isIllustrative: boolean
}

const version = 1
const party = /^[A-Za-z0-9._-]{1,35}$/
/** So far another clock may be ahead. */
const aheadMs = 600_000
const roles = /^(departure|transit|exit|destination|guarantee)$/

/** A sealed file of text: JSON, then the signature of its signing key. @throws JoinFault */
export function writeInvitation(invitation: Invitation, own: { certificate: string; key: string }): Promise<string> {
  const { issuedAt, expiresAt, ...rest } = invitation
  const content = {
    corridor: 'invitation',
    version,
    ...rest,
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
  return signText(`${JSON.stringify(content, null, 2)}\n`, own, issuedAt)
}

/**
 * Reads an invitation and checks all of it that can be checked without a corridor: form, signature, times, certificates, offices.
 * @param name of the file, for people
 * @throws JoinFault naming the place, the value and what to do
 */
export async function readInvitation(bytes: Uint8Array, name: string, now: Date): Promise<ReadInvitation> {
  const signed = readSignedText(bytes, name)
  const invitation = contentFrom(signed.text, name)
  const signing = certificateIn(invitation.certificates.signing, 'certificates › signing', now)
  await verifyText(signed, signing, { name, now })
  if (now >= invitation.expiresAt)
    throw new JoinFault(
      'join.expired',
      `${name}: it ended at ${invitation.expiresAt.toISOString()}, and it is ${now.toISOString()}.`,
    )
  if (invitation.issuedAt.getTime() > now.getTime() + aheadMs)
    throw new JoinFault(
      'join.expired',
      `${name}: it was made at ${invitation.issuedAt.toISOString()}, and it is only ${now.toISOString()}.`,
    )
  const tls = certificateIn(invitation.certificates.tls, 'certificates › tls', now)
  const authority = certificateIn(invitation.certificates.authority, 'certificates › authority', now)
  const unfit = (what: string): never => {
    throw new JoinFault('join.unfit-certificate', `${name}: certificates › ${what}.`)
  }
  if (!tls.verify(authority.publicKey) || !tls.checkIssued(authority)) unfit('tls: it is not signed by “authority”')
  if (signing.fingerprint256 === tls.fingerprint256) unfit('tls: it is the same as “signing”; there must be two')
  if (
    tls.keyUsage !== undefined &&
    !['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'].every((use) => tls.keyUsage.includes(use))
  )
    unfit('tls: it is not for TLS as server and as client')
  const status = checkOfficeList(invitation.officeList, { ...invitation.from, offices: invitation.offices })
  return {
    ...invitation,
    fingerprint: fingerprintOf(signed.text),
    text: signed.text,
    isIllustrative: status === 'illustrative',
  }
}

/** A certificate with an RSA key of at least 2048 bits that is valid now, and is no demonstration's. @throws JoinFault join.unfit-certificate */
export function certificateIn(pem: string, place: string, now: Date): X509Certificate {
  const unfit = (what: string): never => {
    throw new JoinFault('join.unfit-certificate', `${place}: ${what}.`)
  }
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(pem)
  } catch {
    return unfit('this is no certificate in PEM')
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  const bits = asymmetricKeyDetails?.modulusLength ?? 0
  if (asymmetricKeyType !== 'rsa' || bits < 2048) unfit(`its key is ${asymmetricKeyType} of ${bits} bits`)
  if (now < certificate.validFromDate || now > certificate.validToDate)
    unfit(
      `it is valid from ${certificate.validFromDate.toISOString()} to ${certificate.validToDate.toISOString()}, and it is ${now.toISOString()}`,
    )
  if (isDemonstration(pem)) unfit('it is a demonstration’s, which anybody can make')
  return certificate
}

function contentFrom(text: string, name: string): Invitation {
  try {
    return invitationFrom(new Checked(JSON.parse(text) as unknown, name))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new JoinFault('join.bad-file', `${name}: this is no JSON: ${error.message}.`)
    if (error instanceof NodeFault) throw new JoinFault('join.bad-file', `${error.message.split('\n')[0]}.`)
    throw error
  }
}

function invitationFrom(top: Checked): Invitation {
  if (top.any('corridor') !== 'invitation') top.refuse('corridor', `“${String(top.any('corridor'))}” is no invitation`)
  if (top.any('version') !== version)
    top.refuse('version', `“${String(top.any('version'))}” is not ${version}, the one that this program reads`)
  const from = top.group('from')
  const certificates = top.group('certificates')
  const country = from.text('country', /^[A-Z]{2}$/)
  const locales = from.texts('locales', /^[a-z]{2}(-[A-Z]{2})?$/)
  return {
    from: {
      id: from.text('id', /^[a-z][a-z0-9-]{0,19}$/),
      party: from.text('party', party),
      country,
      name: from.text('name', isPlain),
      domain: from.text('domain', /^[a-z0-9.-]{1,100}$/),
      timeZone: from.text('timeZone', isTimeZone),
      locales,
      paperLanguage: from.text('paperLanguage', /^[a-z]{2}(-[A-Z]{2})?$/),
      isTest: from.any('isTest') === true,
    },
    for: top.text('for', /^[A-Z]{2}$/),
    agreement: top.text('agreement', /^[\w.-]{1,80}$/),
    endpoint: top.text(
      'endpoint',
      (url) => URL.canParse(url) && /^https:\/\/\S+$/.test(url) && new URL(url).username === '',
    ),
    certificates: {
      signing: certificates.text('signing'),
      tls: certificates.text('tls'),
      authority: certificates.text('authority'),
    },
    offices: top.list('offices').map((office) => ({
      reference: office.text('reference', (text) => isOfficeReference(text) && text.startsWith(country)),
      name: office.text('name', isPlain),
      roles: office.texts('roles', roles),
    })),
    officeList: top.text('officeList'),
    issuedAt: momentIn(top, 'issuedAt'),
    expiresAt: momentIn(top, 'expiresAt'),
  }
}

function momentIn(top: Checked, name: string): Date {
  const isMoment = (text: string): boolean => new Date(text).getTime() >= 0 && new Date(text).toISOString() === text
  return new Date(top.text(name, isMoment))
}

/** A name that a person reads on a screen: one line, nothing that hides or turns around. */
const isPlain = (text: string): boolean =>
  text.trim() !== '' && text.length <= 100 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
