import type {
  Capture,
  ExplainedCertificate,
  ExplainedEncryption,
  ExplainedPart,
  ExplainedSignature,
  Explanation,
  PartyId,
} from '@corridor/as4'
import { sizeOf } from './output.ts'

const VERIFIED: Record<ExplainedSignature['verified'], string> = {
  given: 'HOLDS, made by the certificate that was given',
  carried: 'holds for the certificate in the message, for which nobody vouches (give --partner)',
  wrong: 'DOES NOT HOLD',
  'not-checked': 'not checked: the certificate is not here (give --partner)',
}

const DECRYPTED: Record<ExplainedEncryption['decrypted'], string> = {
  yes: 'opened with the key that was given',
  'wrong-key': 'NOT opened by the key that was given',
  'no-key': 'not opened (give --key)',
}

const KINDS: Record<Explanation['kind'], string> = {
  user: 'user message',
  receipt: 'receipt',
  error: 'error',
  pull: 'pull request',
  unreadable: 'NOT READABLE as AS4',
}

/** An explanation for people: sections, the wrong things last. What strangers wrote is shown in one line each. */
export function explanationText(capture: Capture, explanation: Explanation, digests: string | undefined): string {
  const lines: string[] = []
  const section = (title: string, rows: readonly (string | undefined)[]): void => {
    const there = rows.filter((row) => row !== undefined)
    if (there.length > 0) lines.push(title, ...there.map((row) => `  ${onOneLine(row)}`), '')
  }
  section('HTTP', [
    capture.startLine,
    ...capture.headers.map(([name, value]) => `${name}: ${value}`),
    ...capture.notes.map((note) => `(${note})`),
  ])
  const size = `${sizeOf(explanation.bytes)}, envelope ${sizeOf(explanation.envelopeBytes)}`
  section(KINDS[explanation.kind], [row('size', size), ...headerRows(explanation), ...signalRows(explanation), digests])
  for (const part of explanation.parts) section(`part ${part.contentId}`, partRows(part))
  for (const { id, use, valueType, certificates } of explanation.tokens) {
    section(`token ${id} (${lastOf(valueType)}, for ${use})`, certificates.flatMap(certificateRows))
  }
  if (explanation.signature) section('signature', signatureRows(explanation.signature))
  if (explanation.encryption) section('encryption', encryptionRows(explanation.encryption))
  section(
    'profiles with these algorithms',
    explanation.profiles.length > 0 ? [explanation.profiles.join(', ')] : ['none'],
  )
  const { problems } = explanation
  section(
    problems.length === 0 ? 'nothing is wrong with it' : `wrong (${problems.length})`,
    problems.length === 0 ? [''] : problems,
  )
  return `${lines.join('\n').trimEnd()}\n`
}

function headerRows({ header }: Explanation): (string | undefined)[] {
  if (!header) return []
  const { service, agreement } = header
  return [
    row('message id', header.messageId),
    row('timestamp', header.timestamp.toISOString()),
    header.refToMessageId === undefined ? undefined : row('refers to', header.refToMessageId),
    row('from', partyText(header.from)),
    row('to', partyText(header.to)),
    row('agreement', agreement ? typedText(agreement) : 'none'),
    row('service', typedText(service)),
    row('action', header.action),
    row('conversation', header.conversationId),
    header.mpc === undefined ? undefined : row('channel', header.mpc),
    ...header.properties.map(({ name, ...value }) => row('property', `${name} = ${typedText(value)}`)),
  ]
}

function signalRows({ signal }: Explanation): (string | undefined)[] {
  if (!signal) return []
  return [
    row('message id', signal.messageId),
    row('timestamp', signal.timestamp.toISOString()),
    row('refers to', signal.refToMessageId ?? 'nothing'),
    signal.mpc === undefined ? undefined : row('channel', signal.mpc),
    ...(signal.errors ?? []).flatMap(({ code, shortDescription, severity, description, errorDetail }) => [
      row('error', `${code} ${shortDescription} (${severity})`),
      description === undefined ? undefined : row('', description),
      errorDetail === undefined ? undefined : row('detail', errorDetail),
    ]),
    ...(signal.references ?? []).map(({ uri, digest }) => row('receipt for', `${uri}  ${digest}`)),
  ]
}

function partRows(part: ExplainedPart): (string | undefined)[] {
  const { wire, content, signed, encrypted, compressed } = part
  const mime = [part.mimeType, part.characterSet].filter((each) => each !== undefined).join('; ')
  const how = [signed ? 'signed' : 'NOT signed', encrypted ? 'encrypted' : 'not encrypted', compressed && 'compressed']
  return [
    row('type', mime === '' ? 'not told' : mime),
    row('on the wire', wire ? `${sizeOf(wire.bytes)}, ${wire.contentType}` : 'NOT THERE'),
    row('protection', how.filter(Boolean).join(', ')),
    ...part.properties.map(({ name, ...value }) => row('property', `${name} = ${typedText(value)}`)),
    content && row('payload', `${sizeOf(content.bytes)}, SHA-256 ${content.sha256}`),
    content && row('begins', startOf(content.octets)),
  ]
}

function certificateRows(certificate: ExplainedCertificate): string[] {
  const { subject, issuer, serialNumber, validFrom, validTo, isValidNow, key, sha256, given } = certificate
  const days = `${validFrom.toISOString().slice(0, 10)} to ${validTo.toISOString().slice(0, 10)}`
  return [
    row('subject', `${subject}${given ? '  (the one that was given)' : ''}`),
    row('issuer', `${issuer}, serial ${serialNumber}`),
    row('valid', `${days}${isValidNow ? '' : ', NOT NOW'}; ${key}`),
    row('SHA-256', sha256),
  ]
}

function signatureRows(signature: ExplainedSignature): string[] {
  const { method, canonicalization, prefixes, signerBy, verified, signer, references } = signature
  return [
    row('method', method),
    row('canonical', `${canonicalization}${prefixes.length > 0 ? ` with prefixes ${prefixes.join(' ')}` : ''}`),
    row('signer by', signerBy),
    row('verified', `${VERIFIED[verified]}${signer === undefined ? '' : `: ${signer}`}`),
    ...references.map(({ what, digest, digestMethod }) =>
      row('covers', `${what}  digest ${digest === 'not-checked' ? 'not checked' : digest} (${lastOf(digestMethod)})`),
    ),
  ]
}

function encryptionRows({ algorithms, recipientBy, attachments, decrypted }: ExplainedEncryption): string[] {
  return [
    ...algorithms.map(({ role, uri }) => row(role, uri)),
    row('for', recipientBy),
    row('encrypted', attachments.join(', ')),
    row('decrypted', DECRYPTED[decrypted]),
  ]
}

function row(name: string, value: string): string {
  return `${name.padEnd(12)} ${value}`
}

function partyText({ id, type, role }: PartyId): string {
  return `${typedText({ value: id, type })}  role ${role}`
}

function typedText({ value, type }: { value: string; type?: string }): string {
  return type === undefined ? value : `${value} (${type})`
}

function startOf(octets: Uint8Array): string {
  const text = Buffer.from(octets.subarray(0, 120)).toString('utf8')
  return text.includes('\uFFFD') ? Buffer.from(octets.subarray(0, 24)).toString('hex') : text
}

function lastOf(uri: string): string {
  return /[^#/]*$/.exec(uri)?.[0] || uri
}

/** A terminal obeys control characters, and a stranger chose this text. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, 2000)
}
