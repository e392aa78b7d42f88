import type { X509Certificate } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { As4Fault, isSignedBy, isValidAt, type SignedParts, signedPartsOf } from '@corridor/as4'
import type { SealIdentity } from '@corridor/sealed'
import type { Found } from '../container/asic.ts'
import { type MessageFacts, messageFiles as names } from '../facts.ts'
import { sha256 } from '../hash.ts'
import { filesOf } from '../take/message.ts'
import { certificateKey } from './index-read.ts'
import { isSame, type MessageCheck, Notes } from './notes.ts'

/** A document unzipped may be this large. */
const mostDocumentBytes = 256 * 1024 * 1024

/** A message of AS4 and its receipt, from the bytes that came or left. */
export function as4Message({ facts, contents, certificates, own, where }: MessageCheck): Found[] {
  const notes = new Notes(where)
  const message = partsOf(notes, contents, { file: names.as4, prefix: '', type: facts.wireType, own })
  if (message !== undefined) {
    const { content } = message
    const said = content.kind === 'user' ? content.header : undefined
    const same =
      said?.messageId === facts.messageId &&
      said.from.id === facts.sender &&
      said.to.id === facts.recipient &&
      said.action === facts.documentType &&
      said.conversationId === facts.conversation
    notes.say(
      names.as4,
      `the signed header says ${facts.messageId}, ${facts.documentType} from ${facts.sender} to ${facts.recipient}`,
      same ? undefined : 'it says something else',
    )
    digests(notes, message, contents, '')
    document(notes, facts, contents)
    signature(notes, message, { file: names.signature, by: facts.sender, signer: facts.signer }, certificates)
  } else if (!contents.has(names.as4))
    notes.note(names.as4, 'nothing that came or left is here: what is told of it is the taker’s word')
  const receipt = partsOf(notes, contents, { file: names.as4Receipt, prefix: 'receipt-', type: facts.receiptType, own })
  if (receipt === undefined) {
    if (!contents.has(names.as4Receipt)) notes.note(names.as4Receipt, 'there is no receipt for it here')
    return notes.found
  }
  const { content } = receipt
  if (content.kind !== 'receipt') notes.say(names.as4Receipt, 'it is a receipt', `it is of the kind ${content.kind}`)
  else {
    notes.say(
      names.as4Receipt,
      `it is for the message ${facts.messageId}`,
      content.refToMessageId === facts.messageId ? undefined : `it is for ${content.refToMessageId ?? 'none'}`,
    )
    if (message !== undefined) {
      const receipted = new Map(content.references.map(({ uri, digest }) => [uri, digest]))
      const missing = message.references.find(({ uri, digest }) => receipted.get(uri) !== digest)
      const differs =
        receipted.size !== message.references.length
          ? 'it has another number of digests'
          : missing && `it has another digest for ${missing.uri}, or none`
      notes.say(names.as4Receipt, 'it repeats every digest that the message signed', differs)
    }
  }
  digests(notes, receipt, contents, 'receipt-')
  signature(
    notes,
    receipt,
    { file: `receipt-${names.signature}`, by: facts.recipient, signer: facts.receiptSigner },
    certificates,
  )
  return notes.found
}

/** The bytes taken apart again; the files beside them must be the same. */
function partsOf(
  notes: Notes,
  contents: ReadonlyMap<string, Uint8Array>,
  { file, prefix, type, own }: { file: string; prefix: string; type: string | null; own: readonly SealIdentity[] },
): SignedParts | undefined {
  const body = contents.get(file)
  if (body === undefined || type === null) {
    if (body !== undefined || type !== null)
      notes.say(file, 'it is there', body === undefined ? 'there is no such file' : 'its Content-Type is not told')
    return undefined
  }
  try {
    const parts = signedPartsOf({ contentType: type, body }, { own })
    const differing = filesOf(parts, prefix).find(({ name, bytes }) => !isSame(contents.get(name), bytes))
    notes.say(
      file,
      'its SignedInfo, signature value and signed elements are the files beside it',
      differing && `${differing.name} is another`,
    )
    return parts
  } catch (error) {
    if (!(error instanceof As4Fault)) throw error
    notes.say(file, 'it is a signed message of AS4', error.message)
    return undefined
  }
}

/** Each reference of SignedInfo against the octets that it covers; attachments are encrypted in the message and stand beside it in clear. */
function digests(
  notes: Notes,
  { parts }: SignedParts,
  contents: ReadonlyMap<string, Uint8Array>,
  prefix: string,
): void {
  let attachments = 0
  for (const { of, digest, octets } of parts) {
    const stem = `${prefix}${names.attachment}${of === 'attachment' ? ++attachments : ''}.`
    const file =
      of === 'attachment'
        ? ([...contents.keys()].find((name) => name.startsWith(stem)) ?? `${stem}gz`)
        : `${prefix}${names[of]}`
    const bytes = of === 'attachment' ? (contents.get(file) ?? octets) : octets
    if (bytes === undefined) continue
    const same = Buffer.from(sha256(bytes), 'hex').toString('base64') === digest
    notes.say(file, 'its SHA-256 is the one that SignedInfo has', same ? undefined : 'it has another')
  }
}

/** What was signed of the attachment is the document, compressed or as it is. */
function document(notes: Notes, { document: file }: MessageFacts, contents: ReadonlyMap<string, Uint8Array>): void {
  const name = [...contents.keys()].find((each) => each.startsWith(`${names.attachment}1.`))
  const [signed, given] = [
    name === undefined ? undefined : contents.get(name),
    file === null ? undefined : contents.get(file),
  ]
  if (file === null) return
  if (name === undefined || signed === undefined) {
    notes.note(file, 'what was signed of it is not here: it is the taker’s word')
    return
  }
  notes.say(
    file,
    `it is what ${name} has`,
    given !== undefined && isSame(unzipped(signed), given) ? undefined : 'it is another',
  )
}

function unzipped(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: mostDocumentBytes })
  } catch {
    return undefined
  }
}

function signature(
  notes: Notes,
  parts: SignedParts,
  { file, by, signer }: { file: string; by: string; signer: string | null },
  certificates: ReadonlyMap<string, X509Certificate>,
): void {
  const certificate = signer === null ? undefined : certificates.get(certificateKey(by, signer))
  const what = `${by} signed SignedInfo, with the certificate ${signer ?? 'that nobody knows any more'}`
  if (certificate === undefined) {
    notes.say(file, what, `no certificate of ${by} in the file is that one`)
    return
  }
  const isSound = isSignedBy(parts, certificate)
  notes.say(file, what, isSound ? undefined : 'the signature is not of that key, or SignedInfo is another')
  const { content } = parts
  const at = content.kind === 'user' ? content.header.timestamp : content.timestamp
  // A message that waited long before it left may be signed with a certificate that is younger than it.
  if (!isValidAt(certificate, at))
    notes.note(
      file,
      `the certificate of ${by} was not valid at ${at.toISOString()}, which is the time in the signed header`,
    )
}
