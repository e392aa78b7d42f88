import type { Tx } from '@corridor/database'
import { sql, type Context } from './context.ts'
import { documentOf } from './document.ts'
import { camelCased } from './rows.ts'
import type { Vault } from './vault.ts'

/** A message of a conversation as screens show it, without its payload. */
export interface ConversationMessage {
  id: string
  direction: 'in' | 'out'
  link: string
  messageId: string
  sender: string
  recipient: string
  conversation: string
  documentType: string
  refTo: string | null
  state: 'received' | 'waiting' | 'done' | 'queued' | 'sent' | 'receipted' | 'parked' | 'discarded'
  tries: number
  reason: string | null
  /** Received (in) or written by the decision (out). */
  at: Date
  firstSentAt: Date | null
  receiptedAt: Date | null
  doneAt: Date | null
}

/** A line of the journal as it was written. */
export interface JournalLine {
  id: string
  at: Date
  kind: string
  conversation: string | null
  messageId: string | null
  actor: string | null
  office: string | null
  detail: unknown
}

export interface Backlog {
  /** Taken on, not decided yet. */
  inbox: number
  /** Owed to partners, no receipt yet. */
  outbox: number
  parkedIn: number
  parkedOut: number
  oldestUndecidedAt: Date | null
  oldestUnreceiptedAt: Date | null
}

/** How it stands with one partner. */
export interface PartnerState {
  party: string
  lastReceiptAt: Date | null
  queued: number
  oldestUnsentAt: Date | null
  parked: number
}

type Row = Record<string, unknown>

/** All messages of the given conversations (a movement may have two: its LRN and its MRN), in order of time. */
export async function conversationMessages(tx: Tx, conversations: readonly string[]): Promise<ConversationMessage[]> {
  return (await tx.run<Row>(sql.conversationMessages, [conversations])).map(camelCased<ConversationMessage>)
}

/** One message as it is kept, with its document. */
export interface MessageWithDocument {
  direction: 'in' | 'out'
  conversation: string
  sender: string
  recipient: string
  documentType: string
  payload: Uint8Array
}

interface MessageRow {
  message_id: string
  conversation: string
  sender: string
  recipient: string
  document_type: string
  payload: Buffer
  payload_digest: Buffer
}

/** One message with its document; undefined when there is none. Faults as of `documentOf`. */
export async function messageOf(
  context: Context,
  direction: 'in' | 'out',
  id: string,
): Promise<MessageWithDocument | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined
  const [row] = await context.db.run<MessageRow>(sql.message, [direction, id])
  if (row === undefined) return undefined
  const { conversation, sender, recipient, document_type: documentType } = row
  return { direction, conversation, sender, recipient, documentType, payload: documentOf(context, row) }
}

/** What a message of ours belongs to, by its id on the wire; undefined when we sent none of this id. */
export async function sentMessage(
  tx: Tx,
  messageId: string,
): Promise<{ conversation: string; documentType: string } | undefined> {
  const [row] = await tx.run<Row>(sql.sentMessage, [messageId])
  return row && camelCased(row)
}

/** The journal of the given conversations, oldest first. */
export async function journalOf(tx: Tx, conversations: readonly string[]): Promise<JournalLine[]> {
  return (await tx.run<Row>(sql.journalOf, [conversations])).map(camelCased<JournalLine>)
}

/** What is still to be done by this node. */
export async function backlogOf(tx: Tx): Promise<Backlog> {
  const [row] = await tx.run<Row>(sql.backlog)
  return camelCased(row ?? {})
}

/** How it stands with each of the given partners. */
export async function partnerStates(tx: Tx, parties: readonly string[]): Promise<PartnerState[]> {
  return (await tx.run<Row>(sql.partners, [parties])).map(camelCased<PartnerState>)
}

/** A kind of document that this node has had, and with whom. */
export interface DocumentKind {
  type: string
  /** How it went: `as4` from another node, `api` and `mailbox` with an account of ours, `local` between our own offices. */
  link: string
  /** Who sent it over `as4` or `api`; whom it was for in a mailbox or an office. */
  party: string
}

/** Every kind of document that came, or stayed in this node, in the order of their names. Looks at every message: not for screens. */
export async function documentKinds(db: Tx): Promise<DocumentKind[]> {
  return (await db.run<Row>(sql.documentKinds)).map(
    ({ document_type: type, ...row }) => ({ type, ...row }) as DocumentKind,
  )
}

/** A document of ours that answers a message. */
export interface Answering {
  type: string
  state: string
  document: Uint8Array
}

/** What was made to answer a message, oldest first. */
export async function answersTo(db: Tx, vault: Vault, messageId: string): Promise<Answering[]> {
  const rows = await db.run<{ message_id: string; document_type: string; state: string; payload: Buffer }>(
    sql.answersTo,
    [messageId],
  )
  return rows.map(({ message_id: id, document_type: type, state, payload }) => ({
    type,
    state,
    document: vault.open('payload', id, payload),
  }))
}
