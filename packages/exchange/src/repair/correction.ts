import type { Tx } from '@corridor/database'
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { ExchangeFault } from '../faults.ts'
import { type BatchContext, type Person, reasonIn, type Requested, writeBatch } from './batch.ts'
import { freeze } from './frozen.ts'
import { readMessageName } from './filter.ts'
import { refuse } from './refusals.ts'
import { sql } from './statements.ts'

const mostBytes = 20_000_000

/**
 * Asks that a parked message is decided on another document than the one that came. What came stays as it is, with its receipt; the
 * corrected document is kept beside it. Like any batch it needs a second person.
 */
export async function requestCorrection(
  context: BatchContext,
  tx: Tx,
  who: Person,
  { name, document, reason: given }: { name: string; document: Uint8Array; reason: string },
): Promise<Requested> {
  const reason = reasonIn(given)
  if (reason === undefined) return refuse('reason-missing')
  const found = readMessageName(name)
  if (found === undefined) return refuse('unknown-message')
  if (found.direction === 'out') return refuse('not-incoming')
  const set = await freeze(context, tx, 'correct', { ids: [name] })
  const [member] = set?.members ?? []
  if (set === undefined || member === undefined) return refuse('unknown-message')
  if (member.state !== 'parked') return refuse('not-parked')
  if (document.length === 0 || document.length > mostBytes) return refuse('document-missing')
  const [row] = await tx.run<{ payload: Buffer; payload_digest: Buffer }>(sql.messageKept, ['in', found.id])
  if (row === undefined || row.payload.length === 0) return refuse('no-bytes')
  const digest = sha256(document)
  if (digest.equals(row.payload_digest)) return refuse('document-same')
  // Another correction of the same message is another set.
  const setDigest = sha256(Buffer.concat([Buffer.from(set.digest, 'hex'), digest])).toString('hex')
  const wish = { act: 'correct' as const, filterText: JSON.stringify({ ids: name }), reason }
  const requested = await writeBatch(context, tx, who, wish, { members: set.members, digest: setDigest })
  if (requested.kind === 'requested') {
    const sealed = context.vault.seal('correction', member.messageId, document)
    await tx.run(sql.writeCorrection, [requested.id, found.id, sealed, digest, row.payload_digest])
  }
  return requested
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

interface Correction {
  document: Buffer
  document_digest: Buffer
}

/** The document on which a message is decided instead of the one that came. Faults `exchange.sealed-otherwise`, `exchange.changed-document`. */
export async function correctedDocument(
  context: Pick<Context, 'vault'>,
  tx: Tx,
  messageId: string,
  batch: string,
): Promise<{ payload: Buffer; payloadDigest: Buffer }> {
  const [row] = await tx.run<Correction>(sql.correction, [batch])
  if (row === undefined)
    throw new ExchangeFault('exchange.changed-document', `the correction of ${messageId} is not there`)
  return opened(context, messageId, row)
}

/** The corrected document of a message, also one that nobody has approved yet; undefined when there is none. */
export async function correctionOf(
  context: Pick<Context, 'vault'>,
  tx: Tx,
  messageId: string,
  id: string,
): Promise<Buffer | undefined> {
  const [row] = await tx.run<Correction>(sql.correctionOf, [id])
  return row && opened(context, messageId, row).payload
}

function opened({ vault }: Pick<Context, 'vault'>, messageId: string, row: Correction) {
  const payload = vault.open('correction', messageId, row.document)
  if (!sha256(payload).equals(row.document_digest))
    throw new ExchangeFault('exchange.changed-document', `the correction of ${messageId} is not what it was`)
  return { payload, payloadDigest: row.document_digest }
}
