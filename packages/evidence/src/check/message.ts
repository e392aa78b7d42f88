import type { X509Certificate } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { As4Fault, isSignedBy, type SignedParts, signedPartsOf } from '@corridor/as4'
import { isSignedObjectOf, readSignedObject } from '@corridor/sealed'
import type { Found } from '../container/asic.ts'
import { type MessageFacts, messageFiles as names } from '../facts.ts'
import { sha256 } from '../hash.ts'
import { filesOf } from '../take/message.ts'
import { certificateKey } from './index-read.ts'

/** What a message is checked with. */
export interface MessageCheck {
  facts: MessageFacts
  /** The files of its folder, without the folder. */
  contents: ReadonlyMap<string, Uint8Array>
  certificates: ReadonlyMap<string, X509Certificate>
  /** Before the name of each file in what was found: the folder. */
  where: string
}

/** A document unzipped may be this large. */
const mostDocumentBytes = 256 * 1024 * 1024

/** Follows the signatures of a message and of its receipt from the bytes that came or left. */
export async function checkMessage(check: MessageCheck): Promise<Found[]> {
  const { facts, where } = check
  const found: Found[] =
    facts.link === 'as4' ? as4Message(check) : facts.link === 'carried' ? await carriedMessage(check) : []
  return [...found, ...facts.remarks.map((what): Found => ({ place: where, what, result: 'note' }))]
}

/** Collects what was found about one message. */
class Notes {
  readonly found: Found[] = []
  readonly #where: string

  constructor(where: string) {
    this.#where = where
  }

  say(file: string, what: string, reason: string | undefined): void {
    const place = `${this.#where}/${file}`
    this.found.push(reason === undefined ? { place, what, result: 'holds' } : { place, what, result: 'fails', reason })
  }
}

function as4Message({ facts, contents, certificates, where }: MessageCheck): Found[] {
  const notes = new Notes(where)
  const message = partsOf(notes, contents, { file: names.as4, prefix: '', type: facts.wireType })
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
  }
  const receipt = partsOf(notes, contents, { file: names.as4Receipt, prefix: 'receipt-', type: facts.receiptType })
  if (receipt === undefined) return notes.found
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
  { file, prefix, type }: { file: string; prefix: string; type: string | null },
): SignedParts | undefined {
  const body = contents.get(file)
  if (body === undefined || type === null) {
    if (body !== undefined || type !== null)
      notes.say(file, 'it is there', body === undefined ? 'there is no such file' : 'its Content-Type is not told')
    return undefined
  }
  try {
    const parts = signedPartsOf({ contentType: type, body })
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
  if (name === undefined || signed === undefined || file === null) return
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
  if (certificate === undefined) notes.say(file, what, `no certificate of ${by} in the file is that one`)
  else
    notes.say(
      file,
      what,
      isSignedBy(parts, certificate) ? undefined : 'the signature is not of that key, or SignedInfo is another',
    )
}

async function carriedMessage({ facts, contents, certificates, where }: MessageCheck): Promise<Found[]> {
  const notes = new Notes(where)
  const object = contents.get(names.object)
  if (facts.wireType !== null && object === undefined) notes.say(names.object, 'it is there', 'there is no such file')
  const inside = await signedObject(notes, contents, certificates, {
    prefix: '',
    by: facts.sender,
    signer: facts.signer,
  })
  if (inside?.kind === 'message') {
    const given = facts.document === null ? undefined : contents.get(facts.document)
    const same =
      inside.messageId === facts.messageId &&
      inside.sender === facts.sender &&
      inside.addressee === facts.recipient &&
      inside.documentType === facts.documentType &&
      inside.conversation === facts.conversation
    notes.say(
      names.content,
      `the signed head says ${facts.messageId}, ${facts.documentType} from ${facts.sender} to ${facts.recipient}`,
      same ? undefined : 'it says something else',
    )
    notes.say(
      facts.document ?? names.content,
      `it is the document in ${names.content}`,
      isSame(given, inside.document) ? undefined : 'it is another',
    )
  } else if (inside !== undefined) notes.say(names.content, 'it is a message', 'it is a receipt')
  const receipt = await signedObject(notes, contents, certificates, {
    prefix: 'receipt-',
    by: facts.recipient,
    signer: facts.receiptSigner,
  })
  if (receipt === undefined) return notes.found
  const file = `receipt-${names.content}`
  if (receipt.kind !== 'receipt') notes.say(file, 'it is a receipt', 'it is a message')
  else {
    const { objectId, objectDigest, sender, addressee, outcome } = receipt
    const isTheirs =
      sender === facts.recipient &&
      addressee === facts.sender &&
      (objectId === facts.messageId || objectId.startsWith(`${facts.messageId}~`))
    notes.say(
      file,
      `${facts.recipient} says to ${facts.sender} that the object of ${facts.messageId} is ${outcome}`,
      isTheirs ? undefined : 'it is of or about another',
    )
    const fits = object !== undefined && sha256(object) === objectDigest
    notes.say(file, `its Object-Digest is the SHA-256 of ${names.object}`, fits ? undefined : 'it is another')
  }
  return notes.found
}

async function signedObject(
  notes: Notes,
  contents: ReadonlyMap<string, Uint8Array>,
  certificates: ReadonlyMap<string, X509Certificate>,
  { prefix, by, signer }: { prefix: string; by: string; signer: string | null },
): Promise<Extract<ReturnType<typeof readSignedObject>, { kind: 'read' }>['content'] | undefined> {
  const [file, text] = [`${prefix}${names.signed}`, `${prefix}${names.content}`]
  const signed = contents.get(file)
  if (signed === undefined) {
    if (signer !== null || contents.has(text)) notes.say(file, 'it is there', 'there is no such file')
    return undefined
  }
  const read = readSignedObject(signed)
  if (read.kind === 'refused') {
    notes.say(file, 'it is signed as a sealed object is', read.detail)
    return undefined
  }
  notes.say(text, `it is what ${file} signs`, isSame(contents.get(text), read.text) ? undefined : 'it is another')
  const certificate = signer === null ? undefined : certificates.get(certificateKey(by, signer))
  const what = `${by} signed it, with the certificate ${signer ?? 'that nobody knows any more'}`
  const isSound = certificate !== undefined && (await isSignedObjectOf(signed, certificate, read.content.issuedAt))
  notes.say(
    file,
    what,
    isSound
      ? undefined
      : certificate === undefined
        ? `no certificate of ${by} in the file is that one`
        : 'the signature is not of that key',
  )
  return read.content
}

const isSame = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  one !== undefined && other !== undefined && Buffer.from(one.buffer, one.byteOffset, one.byteLength).equals(other)
