import type { Wire } from '@corridor/as4'
import type { Tx } from '@corridor/database'
import { createHash } from 'node:crypto'
import { sql, type Context } from './context.ts'
import type { Incoming } from './model.ts'

/**
 * `taken`: it is on disk with this call's commit · `repeated`: it was there before, with the same payload · `conflicting`: the sender
 * has used the message id for another payload.
 */
export type Accepted =
  | { outcome: 'taken'; id: string }
  | { outcome: 'repeated' | 'conflicting'; id: string; receipt?: Wire }

interface AcceptRow {
  id: string
  outcome: Accepted['outcome']
  receipt: Buffer | null
  receipt_content_type: string | null
}

/** Waiting for another's commit of the same message takes one more look, unless that one is rolled back in between. */
const looks = 5

/** Takes a message on, once, in one statement. `evidence` are the exact bytes received and the exact receipt (AS4). */
export async function accept(
  { vault, clock }: Context,
  tx: Tx,
  incoming: Incoming,
  evidence?: { raw: Wire; receipt: Wire },
): Promise<Accepted> {
  const digest = createHash('sha256').update(incoming.payload).digest()
  const { messageId } = incoming
  const at = clock()
  for (let look = 0; look < looks; look++) {
    const [row] = await tx.run<AcceptRow>(sql.accept, [
      incoming.sender,
      messageId,
      incoming.link,
      incoming.recipient,
      incoming.conversation,
      incoming.documentType,
      incoming.refTo ?? null,
      vault.seal('payload', messageId, incoming.payload),
      digest,
      evidence ? vault.seal('raw', messageId, evidence.raw.body) : null,
      evidence?.raw.contentType ?? null,
      evidence ? vault.seal('receipt', messageId, evidence.receipt.body) : null,
      evidence?.receipt.contentType ?? null,
      at,
    ])
    if (row === undefined) continue
    if (row.outcome === 'taken') return { outcome: 'taken', id: row.id }
    const kept = row.receipt !== null && row.receipt_content_type !== null
    const receipt = kept
      ? { contentType: row.receipt_content_type ?? '', body: vault.open('receipt', messageId, row.receipt as Buffer) }
      : undefined
    return { outcome: row.outcome, id: row.id, receipt }
  }
  throw new Error(`message ${incoming.messageId} is neither stored nor storable`)
}
