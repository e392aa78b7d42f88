import { documentOf } from './document.ts'
import type { Database, Tx } from '@corridor/database'
import { sql, type Context } from './context.ts'

/** A document in a trader's mailbox. */
export interface MailboxItem {
  id: string
  /** Give the last one as `since` to get what comes after it. */
  cursor: string
  messageId: string
  sender: string
  conversation: string
  documentType: string
  refTo: string | null
  createdAt: Date
}

interface MailboxRow {
  id: string
  cursor: string
  message_id: string
  sender: string
  conversation: string
  document_type: string
  ref_to: string | null
  created_at: Date
  payload: Buffer
  payload_digest: Buffer
}

/**
 * What lies in a mailbox after the cursor `since` (from the beginning without one), oldest first. A document never appears below a
 * cursor that was given out. Asking for what is after a cursor marks everything up to it as receipted.
 */
export async function readMailbox(
  db: Database,
  at: Date,
  recipient: string,
  since: string | undefined,
  limit: number,
): Promise<MailboxItem[]> {
  const after = since === undefined ? '0' : cursorNumber(since)
  return db.transaction(async (tx) => {
    await tx.run(sql.lockMailbox, [recipient])
    await tx.run(sql.numberMailbox, [recipient])
    if (after !== '0') await tx.run(sql.acknowledgeMailbox, [recipient, after, at])
    const rows = await tx.run<MailboxRow>(sql.readMailbox, [recipient, after, limit])
    return rows.map(asItem)
  })
}

/** What is told of one document of a mailbox, with its cursor; undefined when this recipient has none with the message id. */
export async function mailboxItem(
  db: Database,
  recipient: string,
  messageId: string,
): Promise<MailboxItem | undefined> {
  const [row] = await db.transaction(async (tx) => {
    await tx.run(sql.lockMailbox, [recipient])
    await tx.run(sql.numberMailbox, [recipient])
    return tx.run<MailboxRow>(sql.mailboxItem, [recipient, messageId])
  })
  return row && asItem(row)
}

/** The cursor after which everything is that nobody has seen yet. */
export async function mailboxEnd(tx: Tx, recipient: string): Promise<string> {
  const [row] = await tx.run<{ cursor: string }>(sql.mailboxEnd, [recipient])
  return row?.cursor ?? '0'
}

/** One document of a mailbox, or undefined when this recipient has none with the id. */
export async function readMailboxMessage(
  context: Context,
  recipient: string,
  id: string,
): Promise<(Omit<MailboxItem, 'cursor'> & { payload: Uint8Array }) | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined
  const [row] = await context.db.run<MailboxRow>(sql.mailboxMessage, [recipient, id])
  if (row === undefined) return undefined
  const { cursor: _, ...item } = asItem(row)
  return { ...item, payload: documentOf(context, row) }
}

/** A cursor that we never gave out is the beginning: a reader then gets too much, never too little. */
function cursorNumber(since: string): string {
  return /^\d{1,18}$/.test(since) ? since : '0'
}

function asItem(row: MailboxRow): MailboxItem {
  return {
    id: row.id,
    cursor: row.cursor,
    messageId: row.message_id,
    sender: row.sender,
    conversation: row.conversation,
    documentType: row.document_type,
    refTo: row.ref_to,
    createdAt: row.created_at,
  }
}
