import type { Tx } from '@corridor/database'
import { sql } from '../context.ts'
import { beforeAll, journalLeaves } from './leaves.ts'
import { MerkleRoot } from './merkle.ts'
import { noSeal, sealHash, type JournalSeal } from './seal.ts'

/** What of the journal to look at; without a number, all of it. */
export interface VerifyRange {
  /** Number of the first seal; what it continues is then believed. */
  from?: number
  /** Number of the last seal. */
  to?: number
  /** Hash of a seal (hex) that was seen before and must be in the chain: the chain alone does not tell that its end was cut off. */
  head?: string
}

/**
 * What is wrong at a seal: `seal-missing` its number is skipped · `seal-changed` its own hash does not fit its content · `chain-broken`
 * it does not continue the one before · `line-missing`, `line-added` fewer or more lines than it was made over · `line-changed` as many,
 * but not these · `head-missing` the chain ends before it, and the seal that was seen before was not met.
 */
export type JournalDamage =
  | 'seal-missing'
  | 'seal-changed'
  | 'chain-broken'
  | 'line-missing'
  | 'line-added'
  | 'line-changed'
  | 'head-missing'

/** The end of the chain: who keeps it elsewhere can tell later that nothing up to it was taken away. */
export interface ChainHead {
  number: number
  /** Hex. */
  hash: string
  sealedAt: Date
}

interface Looked {
  /** Lines under the seals that hold. */
  entries: number
  /** Seals that hold. */
  seals: number
  /** The last of them. */
  head: ChainHead | undefined
}

/** The first place that does not hold. `transactions`: from the first up to but without the second, where its lines are, when known. */
interface Broken {
  damage: JournalDamage
  /** Of the seal. */
  number: number
  transactions?: readonly [number, number]
}

/**
 * `whole`: every seal holds; `unsealed` lines wait for theirs (only known when the range has no end) · `broken`: the seals before
 * `number` hold, this one does not.
 */
export type JournalVerification =
  | (Looked & { outcome: 'whole'; unsealed?: number })
  | (Looked & Broken & { outcome: 'broken' })

/** So many seals are in memory at once. */
const page = 500

/** Follows the chain of seals and hashes every line under them again. However long the journal is, memory stays the same. */
export async function verifyJournal(tx: Tx, range: VerifyRange = {}): Promise<JournalVerification> {
  const { from = 1, to = Number.MAX_SAFE_INTEGER, head } = range
  const looked: Looked = { entries: 0, seals: 0, head: undefined }
  let before = from > 1 ? (await readSeals(tx, from - 1, from - 1, 1))[0] : undefined
  if (from > 1 && before === undefined)
    return { outcome: 'broken', ...looked, damage: 'seal-missing', number: from - 1 }
  let headSeen = head === undefined
  for await (const seal of sealsBetween(tx, from, to)) {
    const broken = await brokenAt(tx, seal, before)
    if (broken !== undefined) return { outcome: 'broken', ...looked, ...broken }
    const hash = Buffer.from(seal.hash).toString('hex')
    if (hash === head) headSeen = true
    looked.seals++
    looked.entries += seal.entries
    looked.head = { number: seal.number, hash, sealedAt: new Date(seal.sealedAtUs / 1000) }
    before = seal
  }
  if (!headSeen) return { outcome: 'broken', ...looked, damage: 'head-missing', number: (before?.number ?? 0) + 1 }
  if (range.to !== undefined) return { outcome: 'whole', ...looked }
  const [rest] = await tx.run<{ entries: number }>(sql.journalUnsealed, [before?.endTx ?? beforeAll])
  return { outcome: 'whole', ...looked, unsealed: rest?.entries ?? 0 }
}

async function brokenAt(tx: Tx, seal: JournalSeal, before: JournalSeal | undefined): Promise<Broken | undefined> {
  const due = { number: (before?.number ?? 0) + 1, firstTx: before?.endTx ?? 0, previous: before?.hash ?? noSeal }
  if (seal.number !== due.number)
    return { damage: 'seal-missing', number: due.number, transactions: [due.firstTx, seal.firstTx] }
  const here = { number: seal.number, transactions: [seal.firstTx, seal.endTx] } as const
  if (!sealHash(seal).equals(seal.hash)) return { damage: 'seal-changed', ...here }
  if (seal.firstTx !== due.firstTx || !Buffer.from(seal.previous).equals(due.previous))
    return { damage: 'chain-broken', ...here }
  const tree = new MerkleRoot()
  // A line that was put before the very beginning is one too many of the first seal.
  for await (const { hash } of journalLeaves(tx, seal.number === 1 ? beforeAll : seal.firstTx, seal.endTx))
    tree.add(hash)
  if (tree.size < seal.entries) return { damage: 'line-missing', ...here }
  if (tree.size > seal.entries) return { damage: 'line-added', ...here }
  return tree.root().equals(seal.root) ? undefined : { damage: 'line-changed', ...here }
}

async function* sealsBetween(tx: Tx, from: number, to: number): AsyncGenerator<JournalSeal> {
  for (let next = from; next <= to;) {
    const seals = await readSeals(tx, next, to, page)
    yield* seals
    const last = seals.at(-1)
    if (last === undefined || seals.length < page) return
    next = last.number + 1
  }
}

interface SealRow {
  number: number
  first_tx: number
  end_tx: number
  entries: number
  root: Buffer
  previous: Buffer
  hash: Buffer
  sealed_at_us: number
}

/** Up to `most` seals with numbers `from` to `to`, in order. */
export async function readSeals(tx: Tx, from: number, to: number, most: number): Promise<JournalSeal[]> {
  const rows = await tx.run<SealRow>(sql.journalSeals, [from, to, most])
  return rows.map((row) => ({
    number: row.number,
    firstTx: row.first_tx,
    endTx: row.end_tx,
    entries: row.entries,
    root: row.root,
    previous: row.previous,
    hash: row.hash,
    sealedAtUs: row.sealed_at_us,
  }))
}
