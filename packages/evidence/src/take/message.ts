import type { X509Certificate } from 'node:crypto'
import { As4Fault, type Identity, isSignedBy, type SignedParts, signedPartsOf, type Wire } from '@corridor/as4'
import type { KeptMessage } from '@corridor/exchange'
import { decryptObject, isSignedObjectOf, readSignedObject, type SealIdentity } from '@corridor/sealed'
import type { Entry } from '../container/zip.ts'
import { type CertificateUse, type MessageFacts, messageFiles as names } from '../facts.ts'
import { sha256 } from '../hash.ts'

/** A certificate that this node knows of a party, itself included. */
export interface KnownCertificate {
  party: string
  use: CertificateUse
  certificate: X509Certificate
}

/** What taking a message apart needs. */
export interface Apart {
  party: string
  own: readonly SealIdentity[]
  known: readonly KnownCertificate[]
}

/** What is in the folder of a message, without the folder; and who signed. */
export interface TakenApart {
  files: Entry[]
  signers: Pick<MessageFacts, 'signer' | 'receiptSigner'>
  carried: KnownCertificate[]
  document: string | null
  remarks: string[]
}

/** Our keys: the present one, and the one that decrypts, where that is another. */
export const keysOf = ({ certificate, privateKey, encryption }: Identity): SealIdentity[] => [
  { certificate, privateKey },
  ...(encryption === undefined ? [] : [encryption]),
]

/** Every byte that is kept of a message, and what its signatures are over. */
export async function takeApart(message: KeptMessage, apart: Apart): Promise<TakenApart> {
  const { document, damaged, link, direction, state } = message
  const found: TakenApart = {
    files: [],
    signers: { signer: null, receiptSigner: null },
    carried: [],
    document: document === undefined ? null : `document.${extensionOf(document)}`,
    remarks: damaged.map((kept) => `what is kept as its ${kept} was changed on the disk, and is not given`),
  }
  found.remarks.push(...elsewhere(message))
  if (document !== undefined) found.files.push({ name: found.document!, bytes: document })
  if (link === 'as4') await as4Message(message, apart, found)
  else if (link === 'carried') await carriedMessage(message, apart, found)
  if ((link === 'as4' || link === 'carried') && message.wire === undefined && direction === 'out' && state === 'queued')
    found.remarks.push('it has not left yet')
  return found
}

/** What reconciliation has of a message, which is kept apart and not in the container. */
function elsewhere({ former, returnedAt, recipient }: KeptMessage): string[] {
  return [
    ...(former === 0
      ? []
      : [
          `it was sent again after a reconciliation: ${former} of its receipts of before are kept by its sender, and not in here`,
        ]),
    ...(returnedAt === null
      ? []
      : [
          `it was lost, and ${recipient} gave it back at ${returnedAt.toISOString()}: what was signed and its receipt are kept by its sender, and not in here`,
        ]),
  ]
}

async function as4Message(message: KeptMessage, apart: Apart, found: TakenApart): Promise<void> {
  const [sender, recipient] = [message.sender, message.recipient]
  if (message.wire !== undefined) {
    const sent = message.document === undefined ? [] : [message.document]
    found.signers.signer = signedWire(message.wire, names.as4, '', { ...apart, signer: sender, sent }, found)
  }
  if (message.receipt !== undefined)
    found.signers.receiptSigner = signedWire(
      message.receipt,
      names.as4Receipt,
      'receipt-',
      { ...apart, signer: recipient, sent: [] },
      found,
    )
}

/** The bytes of a message or receipt and what was signed of it. @returns the certificate that signed it */
function signedWire(
  wire: Wire,
  file: string,
  prefix: string,
  { own, known, signer, sent }: Apart & { signer: string; sent: readonly Uint8Array[] },
  found: TakenApart,
): string | null {
  found.files.push({ name: file, bytes: wire.body })
  let parts: SignedParts
  try {
    parts = signedPartsOf(wire, { own, sent })
  } catch (error) {
    if (!(error instanceof As4Fault)) throw error
    found.remarks.push(`${file} is not a signed message of AS4: ${error.message}`)
    return null
  }
  found.files.push(...filesOf(parts, prefix))
  const certificate = candidatesOf(signer, known, parts.certificates).find((each) =>
    isSignedBy(parts, each.certificate),
  )
  return noted(certificate, file, found)
}

/** What is signed of a message of AS4, a file each. */
export function filesOf(parts: SignedParts, prefix: string): Entry[] {
  let attachments = 0
  return [
    { name: `${prefix}${names.signedInfo}`, bytes: parts.signedInfo },
    { name: `${prefix}${names.signature}`, bytes: parts.value },
    ...parts.parts.flatMap(({ of, octets }): Entry[] => {
      const name =
        of === 'attachment'
          ? `${names.attachment}${++attachments}.${octets === undefined ? '' : extensionOf(octets)}`
          : names[of]
      return octets === undefined ? [] : [{ name: `${prefix}${name}`, bytes: octets }]
    }),
  ]
}

async function carriedMessage(message: KeptMessage, apart: Apart, found: TakenApart): Promise<void> {
  const { wire, receipt, sender, recipient } = message
  if (wire !== undefined) {
    found.files.push({ name: names.object, bytes: wire.body })
    if (message.direction === 'in')
      found.signers.signer = await signedObject(wire.body, '', { ...apart, signer: sender }, found)
  }
  if (receipt === undefined) return
  found.files.push({ name: names.objectReceipt, bytes: receipt.body })
  if (message.direction === 'out')
    found.signers.receiptSigner = await signedObject(receipt.body, 'receipt-', { ...apart, signer: recipient }, found)
}

async function signedObject(
  object: Uint8Array,
  prefix: string,
  { own, known, signer }: Apart & { signer: string },
  found: TakenApart,
): Promise<string | null> {
  const file = prefix === '' ? names.object : names.objectReceipt
  const opened = decryptObject(object, own)
  const read = opened.kind === 'opened' ? readSignedObject(opened.inside) : opened
  if (opened.kind === 'refused' || read.kind === 'refused') {
    const detail = opened.kind === 'refused' ? opened.detail : read.kind === 'refused' ? read.detail : ''
    found.remarks.push(`${file} cannot be opened any more: ${detail}`)
    return null
  }
  found.files.push(
    { name: `${prefix}${names.signed}`, bytes: opened.inside },
    { name: `${prefix}${names.content}`, bytes: read.text },
  )
  const certificates = candidatesOf(signer, known, [read.carried])
  for (const each of certificates)
    if (await isSignedObjectOf(opened.inside, each.certificate, read.content.issuedAt)) return noted(each, file, found)
  return noted(undefined, file, found)
}

/** Those that the node knows of the party, and then what the message itself carries: the party may have had another then. */
function candidatesOf(
  party: string,
  known: readonly KnownCertificate[],
  carried: readonly X509Certificate[],
): KnownCertificate[] {
  const [leaf] = carried
  return [
    ...known.filter((each) => each.party === party && each.use === 'signing'),
    ...(leaf === undefined ? [] : [{ party, use: 'carried' as const, certificate: leaf }]),
  ]
}

function noted(signer: KnownCertificate | undefined, file: string, found: TakenApart): string | null {
  if (signer === undefined) {
    found.remarks.push(`whose signature ${file} has is not known any more`)
    return null
  }
  if (signer.use === 'carried') found.carried.push(signer)
  return sha256(signer.certificate.raw)
}

/** By the first bytes; a name is only there to help a person. */
function extensionOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gz'
  const start = Buffer.from(bytes.subarray(0, 4))
    .toString('latin1')
    .replace(/^\u00EF\u00BB\u00BF/, '')
  return start.startsWith('<') ? 'xml' : /^[{[]/.test(start) ? 'json' : 'bin'
}
