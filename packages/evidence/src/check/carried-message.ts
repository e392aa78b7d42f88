import { decryptObject, isSignedObjectOf, readSignedObject, type SealedContent } from '@corridor/sealed'
import type { Found } from '../container/asic.ts'
import { messageFiles as names } from '../facts.ts'
import { sha256 } from '../hash.ts'
import { certificateKey } from './index-read.ts'
import { isSame, type MessageCheck, Notes } from './notes.ts'

/** A message that passed a third place, and its receipt. */
export async function carriedMessage(check: MessageCheck): Promise<Found[]> {
  const { facts, contents, where } = check
  const notes = new Notes(where)
  const object = contents.get(names.object)
  if (facts.wireType !== null && object === undefined) notes.say(names.object, 'it is there', 'there is no such file')
  const inside = await signedObject(notes, check, {
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
  else if (!contents.has(names.signed))
    notes.note(
      facts.document ?? names.object,
      `only ${facts.recipient} can open the object, and show that ${facts.sender} signed this document: here it is the taker’s word`,
    )
  const receipt = await signedObject(notes, check, {
    prefix: 'receipt-',
    by: facts.recipient,
    signer: facts.receiptSigner,
  })
  if (receipt === undefined) {
    const isThere = contents.has(names.objectReceipt)
    if (!contents.has(`receipt-${names.signed}`))
      notes.note(
        names.objectReceipt,
        isThere ? `only ${facts.sender} can open the receipt of ${facts.recipient}` : 'there is no receipt for it here',
      )
    return notes.found
  }
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
  { contents, certificates, own }: MessageCheck,
  { prefix, by, signer }: { prefix: string; by: string; signer: string | null },
): Promise<SealedContent | undefined> {
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
  const opened = decryptObject(
    contents.get(prefix === '' ? names.object : names.objectReceipt) ?? new Uint8Array(),
    own,
  )
  if (opened.kind === 'opened')
    notes.say(
      file,
      'it is what the key that was given finds inside',
      isSame(signed, opened.inside) ? undefined : 'it is another',
    )
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
