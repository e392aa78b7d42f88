import type { Tx } from '@corridor/database'
import { sql } from '../context.ts'
import type { InclusionProof } from '../journal-seals/inclusion.ts'
import { journalLeaves } from '../journal-seals/leaves.ts'
import { leafHash, MerklePath } from '../journal-seals/merkle.ts'
import type { JournalSeal } from '../journal-seals/seal.ts'
import { readSeals } from '../journal-seals/verify.ts'

/** A line of the journal as it is hashed, and the proof that it is under a seal; none while its seal is to come. */
export interface ProvenLine {
  id: number
  leaf: string
  proof: Pick<InclusionProof, 'index' | 'path'> & { seal: number }
}

/** What of the sealed journal speaks of some conversations, and how it hangs together with the rest. */
export interface JournalPiece {
  lines: (Omit<ProvenLine, 'proof'> & Partial<ProvenLine>)[]
  /**
   * Every seal over these lines, and those between them and up to the last of the chain, as many as there may be; where some are left out,
   * `whole` is false.
   */
  seals: JournalSeal[]
  whole: boolean
  /** The last seal of the chain. */
  head: JournalSeal | undefined
}

interface PlacedRow {
  id: number
  tx: number
  leaf: string
  number: number | null
}

/** Seals are read in pages of so many. */
const page = 5_000

/**
 * The lines of some conversations with their proofs, and the piece of the chain from the first of them to its head.
 * @param mostSeals beyond which the seals between are left out: a busy node seals each second, and a year later they are millions
 */
export async function journalPiece(
  tx: Tx,
  conversations: readonly string[],
  mostSeals = 10_000,
): Promise<JournalPiece> {
  const rows = await tx.run<PlacedRow>(sql.journalPlaces, [conversations])
  const numbers = [...new Set(rows.flatMap(({ number }) => number ?? []))].sort((a, b) => a - b)
  const head = await headOf(tx)
  const first = numbers[0]
  const whole = first === undefined || head === undefined || head.number - first < mostSeals
  const seals =
    first === undefined || head === undefined
      ? []
      : await sealsOf(tx, whole ? { from: first, to: head.number } : numbers)
  if (!whole && head !== undefined && seals.at(-1)?.number !== head.number) seals.push(head)
  const proofs = new Map<number, ProvenLine['proof']>()
  const under = Map.groupBy(rows, ({ number }) => number)
  for (const seal of seals) {
    const ids = under.get(seal.number)?.map(({ id }) => id)
    if (ids !== undefined) await prove(tx, seal, new Set(ids), proofs)
  }
  const lines = rows.map(({ id, leaf }) => {
    const proof = proofs.get(id)
    return { id, leaf, ...(proof !== undefined && { proof }) }
  })
  return { lines, seals, whole, head }
}

async function headOf(tx: Tx): Promise<JournalSeal | undefined> {
  const [last] = await tx.run<{ number: number }>(sql.lastJournalSeal)
  return last === undefined ? undefined : (await readSeals(tx, last.number, last.number, 1))[0]
}

async function sealsOf(tx: Tx, wanted: { from: number; to: number } | readonly number[]): Promise<JournalSeal[]> {
  const seals: JournalSeal[] = []
  if (!('from' in wanted)) {
    for (const number of wanted) seals.push(...(await readSeals(tx, number, number, 1)))
    return seals
  }
  for (let next = wanted.from; next <= wanted.to; next += page)
    seals.push(...(await readSeals(tx, next, Math.min(wanted.to, next + page - 1), page)))
  return seals
}

/** Reads the lines under a seal once, for all proofs of it. What does not lead to its root is no proof: a line was changed. */
async function prove(
  tx: Tx,
  { number, firstTx, endTx, entries }: JournalSeal,
  ids: ReadonlySet<number>,
  proofs: Map<number, ProvenLine['proof']>,
): Promise<void> {
  const hashes: Buffer[] = []
  const places = new Map<number, number>()
  for await (const { id, leaf } of journalLeaves(tx, firstTx, endTx)) {
    if (ids.has(id)) places.set(id, hashes.length)
    hashes.push(leafHash(leaf))
  }
  for (const [id, index] of places) {
    // More lines than the seal was made over: what such a line leads to is not its root.
    const path = new MerklePath(index, Math.max(entries, index + 1))
    for (const hash of hashes) path.add(hash)
    proofs.set(id, { seal: number, index, path: path.path() })
  }
}
