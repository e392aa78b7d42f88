import type { Tx } from '@corridor/database'
import type { ContractRecord } from './records.ts'
import type { SharePorts } from './ports.ts'
import { sql } from './statements.ts'
import { note } from './tell.ts'

/**
 * A contract ends with all its versions, in the given transaction: what was shared under it is deleted here, and what its owner still owes
 * is given up. What may lie at a third place is taken back after the commit, see `sweep`.
 * @param actor a person here, or the party that withdrew it; null when its period is over
 */
export async function endContract(
  ports: SharePorts,
  tx: Tx,
  contract: Pick<ContractRecord, 'owner' | 'reader' | 'id' | 'version'>,
  how: { as: 'withdrawn' | 'ended'; by: string | null; actor: string; reason: string | null; messageId?: string },
): Promise<void> {
  const { owner, reader, id } = contract
  const { as, by, actor, reason, messageId } = how
  const now = ports.clock()
  await tx.run(sql.endContract, [owner, id, as, now, by, reason])
  const ended = await tx.run<{ item: string }>(sql.endItems, [owner, id, now, as])
  const items = ended.map(({ item }) => item)
  if (owner === ports.party) await giveUp(ports, tx, items, as)
  await ports.follows?.onOver(tx, { owner, reader }, items, false)
  await note(ports, tx, as, contract, {
    actor,
    ...(messageId !== undefined && { messageId }),
    detail: { by, reason, items: items.length },
  })
}

/** What was not taken yet goes no more; the bytes of all of it go from the outbox. */
export async function giveUp({ exchange }: SharePorts, tx: Tx, items: readonly string[], why: string): Promise<void> {
  if (items.length === 0) return
  await exchange.passing.withdraw(tx, items, `the share is over: ${why}`)
  await exchange.passing.forget(tx, 'outbox', items)
}
