import { disclose } from '@corridor/as4'
import type { Tx } from '@corridor/database'
import { disclose as discloseObject } from '@corridor/sealed'
import { ownKeys } from '../carried/way.ts'
import type { Context } from '../context.ts'
import { writeJournal } from '../journal.ts'
import { tellError } from '../telling.ts'
import { reconciliationTypes } from './documents.ts'
import { mostReturnedBytes, type Returned, writeReturned } from './returned.ts'
import { type Run, tell } from './run.ts'
import { sql } from './statements.ts'

/** Bytes that one answer gives back: it is one transaction, and a partner may ask for thousands of messages at once. */
const mostAnswerBytes = 64_000_000

interface ReceivedRow {
  message_id: string
  conversation: string
  document_type: string
  wire_bytes: number | null
  receipt_bytes: number | null
}

interface ReceivedBytes {
  link: 'as4' | 'carried'
  raw: Buffer | null
  raw_content_type: string | null
  receipt: Buffer | null
  receipt_content_type: string | null
}

/**
 * Gives a partner messages back that it has sent: what it signed, decrypted with our key, and the receipt that it had for it. What does not
 * fit into the answer may be asked for again.
 * @returns those that are not given, each with the reason
 */
export async function giveBack(
  context: Context,
  tx: Tx,
  run: Run,
  messageIds: readonly string[],
  most = mostAnswerBytes,
): Promise<[id: string, why: string][]> {
  if (messageIds.length === 0) return []
  const rows = await tx.run<ReceivedRow>(sql.toGiveBack, [run.partner, messageIds])
  const found = new Map(rows.map((row) => [row.message_id, row]))
  const refused: [string, string][] = []
  const given: ReceivedRow[] = []
  const later: string[] = []
  let bytes = 0
  for (const id of messageIds) {
    const row = found.get(id)
    const why = row === undefined ? 'nothing of this id came from you' : whyNotGiven(row)
    if (row === undefined || why !== undefined) {
      refused.push([id, why ?? notKept])
      continue
    }
    const size = (row.wire_bytes ?? 0) + (row.receipt_bytes ?? 0)
    if (bytes + size > most) {
      later.push(id)
      continue
    }
    bytes += size
    // One after the other: each may be megabytes.
    const [kept] = await tx.run<ReceivedBytes>(sql.bytesToGiveBack, [run.partner, id])
    const returned = kept === undefined ? notKept : returnedOf(context, run, id, kept)
    if (typeof returned === 'string') {
      refused.push([id, returned])
      continue
    }
    await tell(context, tx, run, [{ type: reconciliationTypes.returned, document: writeReturned(returned), apart: id }])
    given.push(row)
  }
  if (later.length > 0) await tx.run(sql.askAgain, [run.number, later])
  refused.push(...later.map((id): [string, string] => [id, `the answer is full (${most} bytes): ask again`]))
  await writeJournal(
    tx,
    context.clock(),
    given.map((row) => ({
      kind: 'message.given-back',
      conversation: row.conversation,
      messageId: row.message_id,
      actor: run.partner,
      detail: { run: run.run, type: row.document_type },
    })),
  )
  return refused
}

const notKept = 'its bytes are not kept any more'

/** Looked at before any byte of it is read. */
function whyNotGiven({ wire_bytes: wire, receipt_bytes: receipt }: ReceivedRow): string | undefined {
  if (wire === null || wire === 0 || receipt === null) return notKept
  return wire + receipt > mostReturnedBytes ? `it has more than ${mostReturnedBytes} bytes` : undefined
}

/** A message with what its sender signed; a text says why it cannot be given back. */
function returnedOf(context: Context, { run }: Run, messageId: string, kept: ReceivedBytes): Returned | string {
  const { link, raw, raw_content_type: rawType, receipt, receipt_content_type: receiptType } = kept
  if (raw === null || rawType === null || receipt === null || receiptType === null) return notKept
  const { vault, identity } = context
  try {
    const body = vault.open('raw', messageId, raw)
    const signed =
      link === 'as4'
        ? disclose({ contentType: rawType, body }, identity)
        : {
            contentType: 'application/pkcs7-mime; smime-type=signed-data',
            body: discloseObject(body, ownKeys(context)),
          }
    return {
      run,
      messageId,
      link,
      signed,
      receipt: { contentType: receiptType, body: vault.open('receipt', messageId, receipt) },
    }
  } catch (error) {
    // A key of before, or bytes that the disk has changed.
    context.log('warn', 'a message cannot be given back', { message: messageId, error: tellError(error) })
    return 'its bytes cannot be opened any more'
  }
}
