import { explain, type Explanation, type Wire } from '@corridor/as4'
import type { X509Certificate } from 'node:crypto'
import type { Context } from '../context.ts'
import { ExchangeFault } from '../faults.ts'
import type { ConversationMessage, JournalLine } from '../queries.ts'
import { camelCased } from '../rows.ts'
import type { Kept } from '../vault.ts'
import { documentOf } from '../document.ts'
import type { Batch, BatchItem } from './batch.ts'
import { readMessageName } from './filter.ts'
import { findMessages } from './find.ts'
import { sql } from './statements.ts'

/** What stands in bytes that were exchanged: of AS4 what its envelope says, without the documents; of another way only what it is. */
export type Outline =
  | ({ kind: Explanation['kind'] } & Omit<Explanation, 'kind' | 'parts'> & {
        parts: Omit<Explanation['parts'][number], 'content'>[]
      })
  | { kind: 'object'; contentType: string; bytes: number }

/** Bytes that are kept of a message: the document, what was exchanged, the receipt for it. */
export const keptBytes = ['document', 'raw', 'receipt'] as const
export type KeptBytes = (typeof keptBytes)[number]

/** A message with all that is known of it but the bytes. */
export interface MessageDetail {
  message: ConversationMessage
  /** SHA-256 of the document, in hexadecimal. */
  documentDigest: string
  /** How many bytes are kept; null when there are none, or the disk has changed them. */
  bytes: Record<KeptBytes, number | null>
  /** What the disk has changed: it opens no more. */
  damaged: KeptBytes[]
  envelope: Outline | null
  receipt: Outline | null
  /** What happened to it, oldest first, as the journal says. */
  journal: JournalLine[]
  /** The message that it answers, when that is here. */
  refTo: { id: string; documentType: string; state: string } | null
  /** The messages of its conversation, oldest first; the newest two hundred of a longer one. */
  conversation: ConversationMessage[]
  /** Those of them that answer it. */
  answers: ConversationMessage[]
  /** Batches that it is in, the newest first. */
  batches: MessageBatch[]
}

/** A batch as far as it is about one message. */
export type MessageBatch = Pick<
  Batch,
  | 'id'
  | 'act'
  | 'reason'
  | 'state'
  | 'requestedBy'
  | 'requestedName'
  | 'requestedAt'
  | 'decidedBy'
  | 'decidedName'
  | 'decidedAt'
> &
  Pick<BatchItem, 'outcome' | 'why' | 'detail' | 'at'>

interface KeptRow extends ConversationMessage {
  payload: Buffer
  payloadDigest: Buffer
  wire: Buffer | null
  wireContentType: string | null
  receipt: Buffer | null
  receiptContentType: string | null
  sealedBy: string | null
}

/** Conversations of movements are short; that about central services never ends. */
const mostOfConversation = 200

/** A message by its name (`in-12`); undefined when there is none. */
export async function messageDetail(context: Context, name: string): Promise<MessageDetail | undefined> {
  const row = await keptRow(context, name)
  if (row === undefined) return undefined
  const { db } = context
  const [journal, batches, related, { messages }] = await Promise.all([
    db.run(sql.messageJournal, [row.messageId]),
    db.run(sql.messageBatches, [row.direction, row.id]),
    row.refTo === null
      ? []
      : db.run<{ id: string; document_type: string; state: string }>(sql.messagePartner, [row.refTo]),
    findMessages(db, context.keyDigest, { conversation: row.conversation }, { limit: mostOfConversation }),
  ])
  const damaged: KeptBytes[] = []
  const wires = Object.fromEntries(
    keptBytes.map((kept) => [
      kept,
      readable(
        () => openedBytes(context, row, kept),
        () => damaged.push(kept),
      ),
    ]),
  ) as Record<KeptBytes, Wire | undefined>
  const [refTo] = related
  const conversation = messages.toReversed()
  return {
    message: withoutBytes(row),
    documentDigest: row.payloadDigest.toString('hex'),
    bytes: mapped((kept) => wires[kept]?.body.length ?? null),
    damaged,
    envelope: outlineOf(context, row, wires.raw),
    receipt: outlineOf(context, row, wires.receipt),
    journal: journal.map((line) => camelCased<JournalLine>(line)),
    refTo: refTo === undefined ? null : { id: refTo.id, documentType: refTo.document_type, state: refTo.state },
    conversation,
    batches: batches.map((batch) => camelCased<MessageBatch>(batch)),
    answers: conversation.filter((each) => each.refTo === row.messageId && each.direction !== row.direction),
  }
}

function withoutBytes(row: KeptRow): ConversationMessage {
  const { id, direction, link, messageId, sender, recipient, conversation, documentType, refTo } = row
  const { state, tries, reason, at, firstSentAt, receiptedAt, doneAt } = row
  return {
    id,
    direction,
    link,
    messageId,
    sender,
    recipient,
    conversation,
    documentType,
    refTo,
    state,
    tries,
    reason,
    at,
    firstSentAt,
    receiptedAt,
    doneAt,
  }
}

const mapped = <T>(of: (kept: KeptBytes) => T): Record<KeptBytes, T> =>
  Object.fromEntries(keptBytes.map((kept) => [kept, of(kept)])) as Record<KeptBytes, T>

/**
 * Bytes that are kept of a message, as they were exchanged; undefined when there is no such message, or none are kept. Faults
 * `exchange.sealed-otherwise`, `exchange.changed-document`.
 */
export async function messageBytes(context: Context, name: string, kept: KeptBytes): Promise<Wire | undefined> {
  const row = await keptRow(context, name)
  return row && openedBytes(context, row, kept)
}

async function keptRow({ db }: Context, name: string): Promise<KeptRow | undefined> {
  const found = readMessageName(name)
  if (found === undefined) return undefined
  const [row] = await db.run(sql.messageKept, [found.direction, found.id])
  return row && camelCased<KeptRow>(row)
}

function openedBytes(context: Context, row: KeptRow, kept: KeptBytes): Wire | undefined {
  // Of what was only passed on the bytes are taken away when it has arrived.
  if (kept === 'document') {
    if (row.payload.length === 0) return undefined
    const document = documentOf(context, {
      message_id: row.messageId,
      payload: row.payload,
      payload_digest: row.payloadDigest,
    })
    return { contentType: context.mediaTypes[row.documentType] ?? 'application/xml', body: document }
  }
  const [bytes, contentType, place]: [Buffer | null, string | null, Kept] =
    kept === 'receipt'
      ? [row.receipt, row.receiptContentType, 'receipt']
      : [row.wire, row.wireContentType, row.direction === 'in' ? 'raw' : 'sealed']
  if (bytes === null || bytes.length === 0) return undefined
  return { contentType: contentType ?? '', body: context.vault.open(place, row.messageId, bytes) }
}

function readable<T>(read: () => T | undefined, damaged: () => void): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ExchangeFault)) throw error
    damaged()
    return undefined
  }
}

function outlineOf(context: Context, { link, sender, recipient }: KeptRow, wire: Wire | undefined): Outline | null {
  if (wire === undefined) return null
  const { contentType, body } = wire
  if (link !== 'as4') return { kind: 'object', contentType, bytes: body.length }
  const certificates = [...certificatesOf(context, sender), ...certificatesOf(context, recipient)]
  const { parts, ...explanation } = explain(wire, { now: context.clock(), certificates })
  return { ...explanation, parts: parts.map(({ content: _, ...part }) => part) }
}

/** With what a party signs, as it is known now. */
function certificatesOf({ party, identity, partners }: Context, whose: string): X509Certificate[] {
  if (whose === party) return [identity.certificate]
  const partner = partners.get(whose)
  return [partner?.sending.partnerCertificate, partner?.receiving.partnerCertificate].filter(
    (each) => each !== undefined,
  )
}
