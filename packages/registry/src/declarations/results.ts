import type { Tx } from '@corridor/database'
import { sql } from './statements.ts'

/** Something for the national system. */
export interface NationalResult {
  /** Of this very result: given again it is there already. */
  id: string
  /** Number of the declaration at the system; '' for a new one. */
  declaration: string
  kind: string
  /** A block, which the node writes in the form of the system; words, as JSON; or a document of the procedure as it is, kept until it is given. */
  content: { block: Uint8Array } | { note: object } | { document: Uint8Array }
}

/** Owes the national system something. The same id again is no second one. */
export async function addResult(tx: Tx, { id, declaration, kind, content }: NationalResult, at: Date): Promise<void> {
  const block = 'block' in content ? content.block : null
  const note = 'note' in content ? JSON.stringify(content.note) : null
  const document = 'document' in content ? content.document : null
  await tx.run(sql.addResult, [id, declaration, kind, block, note, document, at])
}

/** What was not given yet, in its order. */
export async function resultsWaiting(tx: Tx, limit: number): Promise<(NationalResult & { number: string })[]> {
  type Row = {
    number: string
    id: string
    declaration: string
    kind: string
    block: Buffer | null
    note: object | null
    document: Buffer | null
  }
  const rows = await tx.run<Row>(sql.resultsWaiting, [limit])
  return rows.map(({ block, note, document, ...rest }) => ({
    ...rest,
    content: document !== null ? { document } : block === null ? { note: note ?? {} } : { block },
  }))
}

/** The national system has it. */
export async function resultGiven(tx: Tx, number: string, at: Date): Promise<void> {
  await tx.run(sql.resultGiven, [number, at])
}
