import type { Wire } from '@corridor/as4'
import type { Tx } from '@corridor/database'
import { createHash } from 'node:crypto'
import { sql } from '../context.ts'
import { ExchangeFault } from '../faults.ts'
import type { LinkKind } from '../model.ts'
import type { Kept, Vault } from '../vault.ts'

/** A message with every byte that is kept of it. */
export interface KeptMessage {
  id: string
  direction: 'in' | 'out'
  link: LinkKind
  messageId: string
  sender: string
  recipient: string
  conversation: string
  documentType: string
  refTo: string | null
  state: string
  /** Received (in) or written by the decision (out). */
  at: Date
  firstSentAt: Date | null
  receiptedAt: Date | null
  /** Undefined when it is `damaged`. */
  document: Uint8Array | undefined
  /** The body that came or left, where there is one. */
  wire: Wire | undefined
  /** The receipt that was given (in) or came (out). */
  receipt: Wire | undefined
  /** Receipts that it had before it was sent again; they are kept apart. */
  former: number
  /** When its addressee gave it back, as this node did not remember it. */
  returnedAt: Date | null
  /** What of it was changed on the disk, and is not given for that. */
  damaged: Kept[]
}

interface KeptRow {
  id: string
  direction: 'in' | 'out'
  link: LinkKind
  message_id: string
  sender: string
  recipient: string
  conversation: string
  document_type: string
  ref_to: string | null
  state: string
  at: Date
  first_sent_at: Date | null
  receipted_at: Date | null
  payload: Buffer
  payload_digest: Buffer
  wire: Buffer | null
  wire_content_type: string | null
  receipt: Buffer | null
  receipt_content_type: string | null
  former: number
  returned_at: Date | null
}

/** Which messages: all of some conversations, or some of them. */
export interface KeptScope {
  conversations: readonly string[]
  /** By direction and number of the row (`in-12`); undefined for all. */
  only?: ReadonlySet<string> | undefined
  /** This node. */
  party: string
}

/** Messages with their bytes, in order of time. */
export async function keptMessages(
  tx: Tx,
  vault: Vault,
  { conversations, only, party }: KeptScope,
): Promise<KeptMessage[]> {
  const rows = await tx.run<KeptRow>(sql.keptMessages, [conversations, only === undefined ? null : [...only], party])
  return rows.map((row) => keptMessage(vault, row))
}

/** How many bytes {@link keptMessages} would read: they lie in memory all at once. */
export async function sizeOfKept(tx: Tx, { conversations, only }: Omit<KeptScope, 'party'>): Promise<number> {
  const [row] = await tx.run<{ bytes: number }>(sql.keptBytes, [conversations, only === undefined ? null : [...only]])
  return row?.bytes ?? 0
}

function keptMessage(vault: Vault, row: KeptRow): KeptMessage {
  const damaged: Kept[] = []
  const open = (kept: Kept, stored: Buffer | null, contentType: string | null): Wire | undefined => {
    if (stored === null || contentType === null) return undefined
    try {
      return { contentType, body: vault.open(kept, row.message_id, stored) }
    } catch (error) {
      if (!(error instanceof ExchangeFault)) throw error
      damaged.push(kept)
      return undefined
    }
  }
  let document = open('payload', row.payload, '')?.body
  if (document !== undefined && !createHash('sha256').update(document).digest().equals(row.payload_digest)) {
    damaged.push('payload')
    document = undefined
  }
  return {
    id: row.id,
    direction: row.direction,
    link: row.link,
    messageId: row.message_id,
    sender: row.sender,
    recipient: row.recipient,
    conversation: row.conversation,
    documentType: row.document_type,
    refTo: row.ref_to,
    state: row.state,
    at: row.at,
    firstSentAt: row.first_sent_at,
    receiptedAt: row.receipted_at,
    document,
    wire: open(row.direction === 'in' ? 'raw' : 'sealed', row.wire, row.wire_content_type),
    receipt: open('receipt', row.receipt, row.receipt_content_type),
    former: row.former,
    returnedAt: row.returned_at,
    damaged,
  }
}
