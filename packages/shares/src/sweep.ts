import { endContract, giveUp } from './end.ts'
import type { SharePorts } from './ports.ts'
import { versionsOf } from './records.ts'
import { sql } from './statements.ts'
import { note } from './tell.ts'

const atOnce = 200
/** What was given up may be on its way at this moment: it is taken back when it has arrived. */
const settleMs = 60_000

/**
 * Deletion on time: contracts whose period is over, what may be kept no longer, and what lies at third places although it is over.
 * @returns whether there may be more
 */
export async function sweep(ports: SharePorts): Promise<boolean> {
  const contracts = await endDueContracts(ports)
  const items = await endDueItems(ports)
  const left = await takeBack(ports)
  return contracts || items || left
}

async function endDueContracts(ports: SharePorts): Promise<boolean> {
  const { db, clock } = ports
  const due = await db.run<{ owner: string; id: string }>(sql.dueContracts, [clock(), atOnce])
  for (const { owner, id } of due)
    await db.transaction(async (tx) => {
      const versions = await versionsOf(tx, owner, id)
      const running = versions.filter(({ state }) => ['offered', 'accepted', 'replaced'].includes(state))
      // A version that runs longer has taken the place of this one.
      if (running.length === 0) return
      if (running.some(({ validTo }) => validTo > clock())) {
        await endVersions(ports, tx, owner, id)
        return
      }
      await endContract(ports, tx, running[0]!, { as: 'ended', by: null, actor: 'period', reason: null })
    })
  return due.length === atOnce
}

/** Versions whose own period is over end by themselves while another one of the contract goes on. */
async function endVersions(
  { clock }: SharePorts,
  tx: Parameters<typeof versionsOf>[0],
  owner: string,
  id: string,
): Promise<void> {
  await tx.run(sql.endDueVersions, [owner, id, clock()])
}

interface EndedItem {
  owner: string
  item: string
  contractId: string
  version: number
  reader: string
}

async function endDueItems(ports: SharePorts): Promise<boolean> {
  const { db, clock, party, follows } = ports
  return db.transaction(async (tx) => {
    const ended = await tx.run<EndedItem>(sql.endDueItems, [clock(), atOnce])
    await giveUp(
      ports,
      tx,
      ended.filter(({ owner }) => owner === party).map(({ item }) => item),
      'retention',
    )
    for (const { owner, item, contractId, version, reader } of ended) {
      await note(ports, tx, 'deleted', { owner, id: contractId, version }, { actor: 'retention', detail: { item } })
      await follows?.onOver(tx, { owner, reader }, [item], true)
    }
    return ended.length === atOnce
  })
}

async function takeBack(ports: SharePorts): Promise<boolean> {
  const { db, exchange, party, clock } = ports
  const now = clock()
  const rows = await db.run<{ item: string }>(sql.toTakeBack, [party, new Date(now.getTime() - settleMs), atOnce])
  const items = rows.map(({ item }) => item)
  if (items.length === 0) return false
  // The others are tried again: their link or their place is away.
  const gone = await exchange.takeBack(items)
  await db.run(sql.takenBack, [party, gone, now])
  return items.length === atOnce && gone.length > 0
}
