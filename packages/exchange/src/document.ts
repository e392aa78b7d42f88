import { createHash } from 'node:crypto'
import type { Context } from './context.ts'
import { ExchangeFault } from './faults.ts'

/**
 * The document of a stored message. What is decided on or sent is what came or was decided: the digest of that moment says so. Faults
 * `exchange.sealed-otherwise`, `exchange.changed-document`.
 */
export function documentOf(
  { vault }: Context,
  row: { message_id: string; payload: Buffer; payload_digest: Buffer },
): Buffer {
  const document = vault.open('payload', row.message_id, row.payload)
  if (!createHash('sha256').update(document).digest().equals(row.payload_digest))
    throw new ExchangeFault('exchange.changed-document', `the document of ${row.message_id} is not what it was`)
  return document
}
