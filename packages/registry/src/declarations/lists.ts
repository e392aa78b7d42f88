/** Lists and reports over many declarations: however many there are, a page costs the same. */
import type { Tx } from '@corridor/database'
import { type DeclarationSide, declarationSides, type DeclarationState, declarationStates } from '@corridor/procedures'
import { likeLiteral } from '../like.ts'
import { type Declaration, type DeclarationRow, readDeclaration } from './declaration.ts'
import { sql } from './statements.ts'

/** What may be asked of the list. */
export interface DeclarationQuery {
  /** Those of one operator only. */
  trader?: string | undefined
  sides?: readonly DeclarationSide[] | undefined
  state?: string | undefined
  /** Beginning of a UCR or of a number. */
  q?: string | undefined
  /** From 1. */
  page: number
  pageSize: number
}

/** One page of a list. */
export interface DeclarationLines {
  declarations: Declaration[]
  /** 1,000 at the most. */
  total: number
  /** There are others than these. */
  more: boolean
}

/** Nobody turns so many pages: what is more is only said to be more. */
const countedMost = 1000
/** So many hits of a search are put in order here. Of more, the list is walked in its own order: a page is full soon then. */
const hitsMost = 2000

/** One page of the list, what changed last first, and how many there are in all, up to 1,000. */
export async function listDeclarations(tx: Tx, query: DeclarationQuery): Promise<DeclarationLines> {
  const { trader, sides = declarationSides, state, q = '', page, pageSize } = query
  const offset = (page - 1) * pageSize
  if (offset >= countedMost) return { declarations: [], total: 0, more: true }
  if (trader === undefined && q !== '') {
    const found = await search(tx, q)
    if (found !== undefined) return pageOfHits(tx, found, query)
  }
  const states = state === undefined ? declarationStates : [state]
  const values = [sides, states, q === '' ? null : `${likeLiteral(q)}%`, pageSize, offset, countedMost]
  const rows = await (trader === undefined
    ? tx.run<DeclarationRow & { total: number }>(sql.list, values)
    : tx.run<DeclarationRow & { total: number }>(sql.listOfTrader, [...values, trader]))
  const total = rows[0]?.total ?? 0
  const declarations = rows.map((row) => readDeclaration(row)!)
  return { declarations, total: Math.min(total, countedMost), more: total > countedMost }
}

interface Hit {
  id: string
  side: DeclarationSide
  state: DeclarationState
  changed_at: Date
}

/** What begins like this; undefined when it is much. */
async function search(tx: Tx, q: string): Promise<Hit[] | undefined> {
  // The last character there is: whatever begins with the words is below the words with it.
  const hits = await tx.run<Hit>(sql.search, [q, `${q}\u{10ffff}`, hitsMost + 1])
  return hits.length > hitsMost ? undefined : hits
}

async function pageOfHits(
  tx: Tx,
  found: readonly Hit[],
  { sides = declarationSides, state, page, pageSize }: DeclarationQuery,
): Promise<DeclarationLines> {
  const hits = found
    .filter((hit) => sides.includes(hit.side) && (state === undefined || hit.state === state))
    .toSorted((a, b) => b.changed_at.getTime() - a.changed_at.getTime() || Number(b.id) - Number(a.id))
  const ids = hits.slice((page - 1) * pageSize, page * pageSize).map(({ id }) => id)
  const rows = ids.length === 0 ? [] : await tx.run<DeclarationRow>(sql.byIds, [ids])
  const declarations = rows.map((row) => readDeclaration(row)!)
  return { declarations, total: Math.min(hits.length, countedMost), more: hits.length > countedMost }
}

/** A block that counts for a comparison of both sides. */
export interface DeclaredBlock {
  id: string
  side: DeclarationSide
  ucr: string
  day: string
  block: Uint8Array
}

/**
 * The blocks that count of the consignments whose first declaration is of a period; days yyyy-mm-dd, the last one included.
 * @returns undefined when there are more consignments than `most`
 */
export async function blocksOfPeriod(
  tx: Tx,
  party: string,
  sides: readonly DeclarationSide[],
  { from, to, most }: { from: string; to: string; most: number },
): Promise<DeclaredBlock[] | undefined> {
  const rows = await tx.run<DeclaredBlock & { counted: number }>(sql.ofPeriod, [party, sides, from, to, most])
  return (rows[0]?.counted ?? 0) > most ? undefined : rows.filter(({ id }) => id !== null)
}
