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

interface ReceivedRow {
  message_id: string
  link: 'as4' | 'carried'
  conversation: string
  document_type: string
  raw: Buffer | null
  raw_content_type: string | null
  receipt: Buffer | null
  receipt_content_type: string | null
}

/**
 * Gives a partner messages back that it has sent: what it signed, decrypted with our key, and the receipt that it had for it.
 * @returns those that are not given, each with the reason
 */
export async function giveBack(
  context: Context,
  tx: Tx,
  run: Run,
  messageIds: readonly string[],
): Promise<[id: string, why: string][]> {
  if (messageIds.length === 0) return []
  const rows = await tx.run<ReceivedRow>(sql.toGiveBack, [run.partner, messageIds])
  const found = new Map(rows.map((row) => [row.message_id, row]))
  const refused: [string, string][] = []
  for (const id of messageIds) {
    const row = found.get(id)
    const returned = row === undefined ? 'nothing of this id came from you' : returnedOf(context, run, row)
    if (typeof returned === 'string') {
      refused.push([id, returned])
      continue
    }
    // One after the other: each may be megabytes.
    const document = writeReturned(returned)
    await tell(context, tx, run, [{ type: reconciliationTypes.returned, document, apart: id }])
  }
  const given = rows.filter(({ message_id: id }) => !refused.some(([other]) => other === id))
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

/** A message with what its sender signed; a text says why it cannot be given back. */
function returnedOf(context: Context, { run }: Run, row: ReceivedRow): Returned | string {
  const { message_id: messageId, link, raw, raw_content_type: rawType } = row
  const { receipt, receipt_content_type: receiptType } = row
  if (raw === null || raw.length === 0 || rawType === null || receipt === null || receiptType === null)
    return 'its bytes are not kept any more'
  if (raw.length + receipt.length > mostReturnedBytes) return `it has more than ${mostReturnedBytes} bytes`
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
