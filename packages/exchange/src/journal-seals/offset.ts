import type { Tx } from '@corridor/database'

/**
 * Makes sure that the next journal line gets a transaction number above all that are sealed or stored. A logical restore brings them
 * into a cluster whose own numbers begin again; then the offset is raised. Costs one statement when all is well.
 * @param session a connection of its own, outside of a transaction; nobody writes to the journal before this has run once
 */
export async function raiseJournalOffset(session: Tx): Promise<void> {
  if (!(await isTooLow(session))) return
  await session.query('begin')
  try {
    // Waits for who is writing, and keeps others from it, also another process that does just this.
    await session.query('lock table journal in exclusive mode')
    if (await isTooLow(session)) {
      const [row] = await session.query<{ shift: string }>(
        // From the oldest transaction that still runs: it may write to the journal yet.
        `select (${lowest} - pg_snapshot_xmin(pg_current_snapshot())::text::bigint)::text as shift`,
      )
      const shift = BigInt(row?.shift ?? 0)
      await session.query(
        `create or replace function journal_offset() returns bigint language sql immutable return ${shift}`,
      )
    }
    await session.query('commit')
  } catch (error) {
    await session.query('rollback').catch(() => {})
    throw error
  }
}

const endOfSeals = `coalesce((select end_tx from journal_seal order by number desc limit 1), 0)`
const endOfLines = `coalesce((select max(tx) + 1 from journal), 0)`
const lowest = `greatest(${endOfSeals}, ${endOfLines})`

async function isTooLow(session: Tx): Promise<boolean> {
  const [row] = await session.query<{ low: boolean }>(
    `select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + journal_offset() < ${endOfSeals}
       or pg_snapshot_xmax(pg_current_snapshot())::text::bigint + journal_offset() < ${endOfLines} as low`,
  )
  return row?.low === true
}
