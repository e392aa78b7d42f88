import type { Tx } from '@corridor/database'
import { endContract, giveUp } from './end.ts'
import type { SharePorts } from './ports.ts'
import { versionsOf } from './records.ts'
import { sql } from './statements.ts'
import { note } from './tell.ts'

const atOnce = 200
/** What was given up may be on its way at this moment: it is taken back when it has arrived. */
const settleMs = 60_000

/**
 * Deletion on time: contracts whose period is over, what may be kept no longer, and what lies at third places although it is over. What
 * fails of it keeps nothing else from being deleted.
 * @returns whether there may be more
 */
export async function sweep(ports: SharePorts): Promise<boolean> {
  let isMore = false
  for (const step of [endDueContracts, endDueItems, takeBack])
    isMore = (await tried(ports, () => step(ports))) === true || isMore
  return isMore
}

/** Undefined of what failed. */
async function tried<Done>({ onFault }: SharePorts, work: () => Promise<Done>): Promise<Done | undefined> {
  try {
    return await work()
  } catch (error) {
    onFault(error)
    return undefined
  }
}

async function endDueContracts(ports: SharePorts): Promise<boolean> {
  const { db, clock } = ports
  const due = await db.run<{ owner: string; id: string }>(sql.dueContracts, [clock(), atOnce])
  let done = 0
  for (const { owner, id } of due)
    if (await tried(ports, () => db.transaction((tx) => endDueContract(ports, tx, owner, id)))) done += 1
  return due.length === atOnce && done > 0
}

async function endDueContract(ports: SharePorts, tx: Tx, owner: string, id: string): Promise<true> {
  const versions = await versionsOf(tx, owner, id)
  const running = versions.filter(({ state }) => ['offered', 'accepted', 'replaced'].includes(state))
  // A version that runs longer has taken the place of this one.
  if (running.some(({ validTo }) => validTo > ports.clock())) await endVersions(ports, tx, owner, id)
  else if (running.length > 0)
    await endContract(ports, tx, running[0]!, { as: 'ended', by: null, actor: 'period', reason: null })
  return true
}

/** Versions whose own period is over end by themselves while another one of the contract goes on. */
async function endVersions({ clock }: SharePorts, tx: Tx, owner: string, id: string): Promise<void> {
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
