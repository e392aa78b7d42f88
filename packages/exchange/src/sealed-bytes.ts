import type { Batch } from './batch.ts'
import type { Context } from './context.ts'
import { documentOf } from './document.ts'
import type { LeasedRow } from './sender.ts'
import type { Mark } from './sent.ts'
import type { SealedBytes, Way } from './way.ts'

/** The bytes that left before, or new ones, stored before they leave; undefined when the lease was lost in the meantime. */
export async function sealedBytesOf(
  context: Context,
  marks: Batch<Mark, boolean>,
  row: LeasedRow,
  way: Way,
): Promise<SealedBytes | undefined> {
  const { sealedBy } = way
  const before = row.sealed_by === sealedBy ? sealedBefore(context, row) : undefined
  if (before !== undefined && way.isUsable(before.references)) return before
  const fresh = await way.seal(row, documentOf(context, row))
  const marked = await marks.add({ row, fresh, sealedBy, at: context.clock() })
  return marked ? fresh : undefined
}

/** Bytes that the disk has changed are as good as none: the document is still there to be sealed again. */
function sealedBefore({ vault, log }: Context, row: LeasedRow): SealedBytes | undefined {
  const { sealed, sealed_content_type: contentType, sealed_references: references } = row
  if (sealed === null || contentType === null || references === null) return undefined
  try {
    return { contentType, body: vault.open('sealed', row.message_id, sealed), references }
  } catch (error) {
    log('error', 'the bytes of a sent message were changed in the database', { message: row.message_id, error })
    return undefined
  }
}
