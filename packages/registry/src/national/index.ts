/** Documents of the transit procedure that the national system of the administration handed over. */
import { statements, type Tx } from '@corridor/database'

const sql = statements<'take' | 'handed' | 'numberOf' | 'noteMrn'>(new URL('../../sql/national/', import.meta.url))

/** One document as it was handed over. */
export interface HandedDocument {
  /** Under which it was handed over: the same however often it is. */
  handed: string
  /** Number of the declaration at the system. */
  declaration: string
  /** Id of its message in the inbox. */
  messageId: string
  /** The trader whose document it is. */
  trader: string
  lrn: string | null
  mrn: string | null
}

/** Whether something was handed over under this id before. */
export async function wasHanded(tx: Tx, handed: string): Promise<boolean> {
  return (await tx.run(sql.handed, [handed])).length > 0
}

/** Remembers whose document it is, and at the system which. The same id again is a unique violation. */
export async function noteHanded(
  tx: Tx,
  { handed, declaration, messageId, trader, lrn, mrn }: HandedDocument,
  at: Date,
): Promise<void> {
  await tx.run(sql.take, [handed, declaration, messageId, trader, lrn, mrn, at])
}

/**
 * The number at the national system of what a document or an event is about: that of the message which is answered, else the first that has this LRN or MRN.
 * Undefined for what the system did not hand over.
 * @param about `trader` null: whoever the trader is
 */
export async function numberAtSystem(
  tx: Tx,
  about: { answers: string | null; trader: string | null; lrn: string | null; mrn: string | null },
): Promise<string | undefined> {
  const { answers, trader, lrn, mrn } = about
  const [row] = await tx.run<{ declaration: string }>(sql.numberOf, [answers, trader, lrn, mrn])
  return row?.declaration
}

/** The MRN that a declaration has got. */
export async function noteMrn(tx: Tx, trader: string, lrn: string, mrn: string): Promise<void> {
  await tx.run(sql.noteMrn, [trader, lrn, mrn])
}
