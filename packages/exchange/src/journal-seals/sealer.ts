import type { Tx } from '@corridor/database'
import { queueSettings, sql, type Context } from '../context.ts'
import { journalLeaves } from './leaves.ts'
import { MerkleRoot } from './merkle.ts'
import { noSeal, sealHash } from './seal.ts'

/** What a look at the journal came to: how many lines are under a new seal, and whether more were there than one seal takes. */
export interface Sealing {
  entries: number
  more: boolean
}

interface NextSeal {
  number: number
  first_tx: number
  previous: Buffer | null
  horizon: number
  oldest: number | null
  cut: number | null
}

const nothing: Sealing = { entries: 0, more: false }

/**
 * Puts one seal over what no seal covers yet, as far as all transactions have ended; writes none when there is nothing. Any number of
 * processes may do this at the same time: one of them seals, for the others there is nothing to do.
 * @param most lines of one seal; a single transaction that has more is not split
 */
export async function sealJournal({ db, clock }: Context, most = 10_000): Promise<Sealing> {
  return db.transaction(
    async (tx) => {
      const [lock] = await tx.run<{ mine: boolean }>(sql.lockJournalSeals)
      if (lock?.mine !== true) return nothing
      // Only now, so that this statement sees the seal of who had the lock before.
      const [next] = await tx.run<NextSeal>(sql.nextJournalSeal, [most])
      if (next === undefined || next.oldest === null) return nothing
      return writeSeal(tx, next, next.oldest, clock())
    },
    { settings: queueSettings },
  )
}

async function writeSeal(tx: Tx, next: NextSeal, oldest: number, at: Date): Promise<Sealing> {
  const { number, first_tx: firstTx, horizon, cut } = next
  const endTx = cut === null ? horizon : cut === oldest ? cut + 1 : cut
  const tree = new MerkleRoot()
  for await (const { hash } of journalLeaves(tx, firstTx, endTx)) tree.add(hash)
  const seal = {
    number,
    firstTx,
    endTx,
    entries: tree.size,
    root: tree.root(),
    previous: next.previous ?? noSeal,
    sealedAtUs: at.getTime() * 1000,
  }
  await tx.run(sql.writeJournalSeal, [
    number,
    firstTx,
    endTx,
    seal.entries,
    seal.root,
    seal.previous,
    sealHash(seal),
    at,
  ])
  return { entries: seal.entries, more: cut !== null }
}
