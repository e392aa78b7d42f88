import type { KeyObject } from 'node:crypto'
import type { Identity } from '@corridor/as4'
import type { JournalPiece, KeptMessage } from '@corridor/exchange'
import { encryptBytes, type SealIdentity } from '@corridor/sealed'
import { writeContainer } from '../container/asic.ts'
import { type Entry, writeZip } from '../container/zip.ts'
import {
  type CertificateFacts,
  type EvidenceIndex,
  files,
  indexFormat,
  type MessageFacts,
  messageFiles,
} from '../facts.ts'
import { sha256 } from '../hash.ts'
import { journalFiles } from './journal.ts'
import { keysOf, type KnownCertificate, takeApart } from './message.ts'
import { readMe } from './read-me.ts'

/** What evidence is made from. */
export interface EvidenceSource {
  /** MRN, or LRN where there is none yet. */
  movement: string
  messages: readonly KeptMessage[]
  /** The messages are not all of the movement: of the journal is given what speaks of them, or of the movement itself. */
  isPart?: boolean
  journal: JournalPiece
}

/** Whose evidence it is. */
export interface EvidenceTaker {
  party: string
  /** Signs the container and decrypts what came for this node. */
  identity: Identity
  /** Former keys of this node, which decrypt what came for them. */
  former?: readonly { certificate: SealIdentity['certificate']; privateKey: KeyObject }[]
  known: readonly KnownCertificate[]
  now: Date
  /**
   * A document as it may be handed on, where that is not as it is: the access codes of guarantees are for their holder and the office of
   * guarantee. Undefined for a document without.
   */
  redact: (document: Uint8Array) => Uint8Array | undefined
}

/** Evidence of a movement: one signed ASiC-E container. @throws SealedFault when our certificate is not valid now; RangeError when it is too large */
export async function makeEvidence(source: EvidenceSource, taker: EvidenceTaker): Promise<Buffer> {
  const { party, identity, now } = taker
  const known = [...taker.known]
  const messages: MessageFacts[] = []
  const entries: Entry[] = []
  const secret = new Set<string>()
  for (const [n, message] of source.messages.entries()) {
    const taken = await takeMessage(message, n + 1, taker)
    entries.push(...taken.entries)
    messages.push(taken.facts)
    known.push(...taken.carried)
    if (taken.facts.withheld) secret.add(message.messageId)
  }
  const certificates = certificateFiles(known)
  const only = source.isPart === true ? new Set(source.messages.map(({ messageId }) => messageId)) : undefined
  const journal = journalFiles(source.journal, secret, only)
  const index: EvidenceIndex = {
    format: indexFormat,
    movement: source.movement,
    taken: { party, at: now.toISOString() },
    certificates: certificates.facts,
    messages,
    journal: journal.facts,
  }
  return writeContainer(
    [
      { name: files.readMe, bytes: Buffer.from(readMe(index)) },
      { name: files.index, bytes: Buffer.from(`${JSON.stringify(index, null, 2)}\n`) },
      ...certificates.entries,
      ...entries,
      ...journal.entries,
    ],
    identity,
    now,
  )
}

async function takeMessage(
  message: KeptMessage,
  number: number,
  { party, identity, former = [], known, redact, now }: EvidenceTaker,
): Promise<{ facts: MessageFacts; entries: Entry[]; carried: KnownCertificate[] }> {
  const {
    files: own,
    signers,
    carried,
    document,
    remarks,
  } = await takeApart(message, {
    party,
    own: [...keysOf(identity), ...former],
    known,
  })
  const type = message.documentType.replaceAll(/[^A-Za-z0-9-]/g, '_').slice(0, 40)
  const folder = `messages/${String(number).padStart(3, '0')}-${message.direction}-${type}`
  const redacted = message.document && redact(message.document)
  const facts: MessageFacts = {
    folder,
    direction: message.direction,
    link: message.link,
    messageId: message.messageId,
    sender: message.sender,
    recipient: message.recipient,
    conversation: message.conversation,
    documentType: message.documentType,
    refTo: message.refTo,
    state: message.state,
    at: message.at.toISOString(),
    firstSentAt: message.firstSentAt?.toISOString() ?? null,
    receiptedAt: message.receiptedAt?.toISOString() ?? null,
    document,
    wireType: message.wire?.contentType ?? null,
    receiptType: typeOf(message),
    ...signers,
    withheld: redacted !== undefined,
    remarks,
  }
  const inFolder = (entries: readonly Entry[]): Entry[] =>
    entries.map(({ name, bytes }) => ({ name: `${folder}/${name}`, bytes }))
  if (redacted === undefined || document === null) return { facts, entries: inFolder(own), carried }
  // A digest beside the rest of the document gives a code of four characters away: whoever tries them all finds the one that fits.
  const holder = (identity.encryption ?? identity).certificate
  const given: Entry[] = [
    { name: document.replace('document', messageFiles.redacted), bytes: redacted },
    { name: messageFiles.withheld, bytes: encryptBytes(writeZip(own), holder, now) },
  ]
  return { facts, entries: inFolder(given), carried }
}

/** That of an object has the digest of the object with it, which is for this node's own use. */
function typeOf({ receipt, link }: KeptMessage): string | null {
  const type = receipt?.contentType ?? null
  return link === 'carried' && type !== null ? type.split('; id=', 1)[0]! : type
}

/** A file each, and each certificate once: as what it is known for first. */
function certificateFiles(known: readonly KnownCertificate[]): { facts: CertificateFacts[]; entries: Entry[] } {
  const facts: CertificateFacts[] = []
  const entries: Entry[] = []
  const seen = new Set<string>()
  for (const { party, use, certificate } of known) {
    const digest = sha256(certificate.raw)
    if (seen.has(`${party} ${digest}`)) continue
    seen.add(`${party} ${digest}`)
    const file = `certificates/${party.replaceAll(/[^A-Za-z0-9.-]/g, '_').replace(/^\.+/, '')}-${use}-${digest.slice(0, 16)}.pem`
    facts.push({ file, party, use, sha256: digest })
    entries.push({ name: file, bytes: Buffer.from(certificate.toString()) })
  }
  return { facts, entries }
}
