import type { Wire } from '@corridor/as4'
import { Batch } from './batch.ts'
import { queueSettings, sql, type Context } from './context.ts'
import { pack } from './packed.ts'
import type { LeasedRow } from './sender.ts'
import type { References, SealedBytes } from './way.ts'

/** Where sent messages are kept. */
type Store = Pick<Context, 'db' | 'vault'>

/** A leased message and the bytes that are to leave. */
export interface Mark {
  row: LeasedRow
  fresh: SealedBytes
  /** Fingerprints of the certificates of both sides. */
  sealedBy: string
  at: Date
}

/** A message and the verified receipt for it. */
export interface Receipted {
  row: LeasedRow
  receipt: Wire
  /** What the receipt repeats. */
  references: References
  at: Date
}

/** Stores sealed bytes, those of several messages with one commit; false for a message whose lease was lost in the meantime. */
export function makeMarks({ db, vault }: Store, lease: string): Batch<Mark, boolean> {
  return new Batch({
    keyOf: ({ row }) => row.id,
    bytesOf: ({ fresh }) => fresh.body.length,
    async together(given) {
      const marks = inOrder(given)
      const sealed = pack(marks.map(({ row, fresh }) => vault.seal('sealed', row.message_id, fresh.body)))
      const marked = await db.run<{ id: string }>(
        sql.markSent,
        [
          lease,
          marks.map(({ row }) => row.id),
          sealed.bytes,
          sealed.starts,
          sealed.lengths,
          marks.map(({ fresh }) => fresh.contentType),
          marks.map(({ fresh }) => JSON.stringify(fresh.references)),
          marks.map(({ sealedBy }) => sealedBy),
          marks.map(resealed),
          marks[0]?.at,
        ],
        queueSettings,
      )
      const ids = new Set(marked.map(({ id }) => id))
      return given.map(({ row }) => ids.has(row.id))
    },
  })
}

/** What is other in the bytes that leave now than in those of before: what was signed, part by part, and for which certificates. */
function resealed({ row, fresh, sealedBy }: Mark): string | null {
  if (row.sealed === null) return null
  return JSON.stringify({
    before: { sealedBy: row.sealed_by, references: row.sealed_references },
    after: { sealedBy, references: fresh.references },
  })
}

/** Stores receipts, those of several messages with one commit; none for a message of which other bytes are stored by now. */
export function makeReceipts({ db, vault }: Store): Batch<Receipted, undefined> {
  return new Batch({
    keyOf: ({ row }) => row.id,
    bytesOf: ({ receipt }) => receipt.body.length,
    async together(given) {
      const settled = inOrder(given)
      const receipts = pack(settled.map(({ row, receipt }) => vault.seal('receipt', row.message_id, receipt.body)))
      await db.run(
        sql.settleReceipted,
        [
          settled.map(({ row }) => row.id),
          settled.map(({ at }) => at),
          receipts.bytes,
          receipts.starts,
          receipts.lengths,
          settled.map(({ receipt }) => receipt.contentType),
          settled.map(({ references }) => JSON.stringify(references)),
        ],
        queueSettings,
      )
      return given.map(() => undefined)
    },
  })
}

/** Everybody locks rows in the order of their ids: two batches with the same rows wait for one another, and never in a circle. */
function inOrder<Item extends { row: LeasedRow }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => Number(BigInt(a.row.id) - BigInt(b.row.id)))
}
