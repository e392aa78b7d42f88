import type { Tx } from '@corridor/database'
import { sql } from '../context.ts'
import { journalLeaves } from './leaves.ts'
import { leafHash, MerklePath, rootFromPath } from './merkle.ts'
import { sealHash, type JournalSeal } from './seal.ts'
import { readSeals } from './verify.ts'

/** That a line stood in the journal when it was sealed, for who knows the hash of the seal (or of any later one and those between). */
export interface InclusionProof {
  /** The line as it is hashed: a JSON array of id, time, kind, conversation, message id, actor, office, detail. */
  leaf: string
  /** Its place among the lines of the seal, from 0. */
  index: number
  /** Hashes from the leaf up to the root (RFC 9162 section 2.1.3). */
  path: Uint8Array[]
  seal: JournalSeal
}

/**
 * `unsealed`: its second is not over, or an older transaction still runs · `broken`: the lines are not those that were sealed ·
 * `unknown`: there is no line of this id.
 */
export type Inclusion = { outcome: 'proof'; proof: InclusionProof } | { outcome: 'unsealed' | 'broken' | 'unknown' }

/** Proves that a line is under a seal. @param id of the line, as in `JournalLine` */
export async function inclusionProof(tx: Tx, id: string): Promise<Inclusion> {
  if (!/^\d{1,18}$/.test(id)) return { outcome: 'unknown' }
  const [place] = await tx.run<{ number: number | null; index: number | null }>(sql.journalPlace, [id])
  if (place === undefined) return { outcome: 'unknown' }
  if (place.number === null || place.index === null) return { outcome: 'unsealed' }
  const [seal] = await readSeals(tx, place.number, place.number, 1)
  if (seal === undefined) return { outcome: 'unsealed' }
  if (place.index >= seal.entries) return { outcome: 'broken' }
  const path = new MerklePath(place.index, seal.entries)
  let leaf = ''
  for await (const line of journalLeaves(tx, seal.firstTx, seal.endTx)) {
    path.add(line.hash)
    if (String(line.id) === id) ({ leaf } = line)
  }
  const proof: InclusionProof = { leaf, index: place.index, path: path.path(), seal }
  return verifyInclusion(proof) ? { outcome: 'proof', proof } : { outcome: 'broken' }
}

/** Whether the line of a proof is under its seal, and the seal is what its hash says. Needs no database; what it is given may be hostile. */
export function verifyInclusion({ leaf, index, path, seal }: InclusionProof): boolean {
  const numbers = [seal.number, seal.firstTx, seal.endTx, seal.entries, seal.sealedAtUs]
  if (!numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) return false
  const root = rootFromPath(leafHash(leaf), index, seal.entries, path)
  return root !== undefined && root.equals(seal.root) && sealHash(seal).equals(seal.hash)
}
