/** Lists and reports over many declarations: however many there are, a page costs the same. */
import type { Tx } from '@corridor/database'
import { type DeclarationSide, declarationSides, declarationStates } from '@corridor/procedures'
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
/** So many hits of a search are put in order. Of more, the list is walked in its own order: a page is full soon then. */
const hitsMost = 50_000

type Line = DeclarationRow & { total: number }

/** One page of the list, what changed last first, and how many there are in all, up to 1,000. */
export async function listDeclarations(tx: Tx, query: DeclarationQuery): Promise<DeclarationLines> {
  const { trader, sides = declarationSides, state, q = '', page, pageSize } = query
  const offset = (page - 1) * pageSize
  if (offset >= countedMost) return { declarations: [], total: 0, more: true }
  const kinds = [sides, state === undefined ? declarationStates : [state]]
  if (trader === undefined && q !== '') {
    const found = await search(tx, kinds, q, [pageSize, offset])
    if (found !== undefined) return linesOf(found)
  }
  const values = [...kinds, q === '' ? null : `${likeLiteral(q)}%`, pageSize, offset, countedMost]
  return linesOf(
    trader === undefined
      ? await tx.run<Line>(sql.list, values)
      : await tx.run<Line>(sql.listOfTrader, [...values, trader]),
  )
}

/** What begins with these words; undefined when it is much. */
async function search(
  tx: Tx,
  kinds: readonly unknown[],
  q: string,
  page: readonly [size: number, offset: number],
): Promise<Line[] | undefined> {
  // The last character there is: whatever begins with the words is below the words with it.
  const rows = await tx.run<Line & { hits: number }>(sql.search, [...kinds, q, `${q}\u{10ffff}`, ...page, hitsMost])
  return (rows[0]?.hits ?? 0) > hitsMost ? undefined : rows.filter(({ id }) => id !== null)
}

function linesOf(rows: readonly Line[]): DeclarationLines {
  const total = rows[0]?.total ?? 0
  const declarations = rows.map((row) => readDeclaration(row)!)
  return { declarations, total: Math.min(total, countedMost), more: total > countedMost }
}

/** A block that counts for a comparison of both sides. */
export interface DeclaredBlock {
  id: string
  side: DeclarationSide
  ucr: string
  day: string
  /** Null of data that lie under a share, see `messageId`. */
  block: Uint8Array | null
  messageId: string | null
}

/**
 * Declarations of the consignments whose first declaration is of a period; days yyyy-mm-dd, the last one included.
 * @returns undefined when there are more consignments than `most`
 */
export async function declaredInPeriod(
  tx: Tx,
  party: string,
  sides: readonly DeclarationSide[],
  { from, to, most }: { from: string; to: string; most: number },
): Promise<Pick<DeclaredBlock, 'id' | 'ucr'>[] | undefined> {
  type Row = Pick<DeclaredBlock, 'id' | 'ucr'> & { counted: number }
  const rows = await tx.run<Row>(sql.ofPeriod, [party, sides, from, to, most])
  return (rows[0]?.counted ?? 0) > most ? undefined : rows.filter(({ id }) => id !== null)
}

/** The blocks that count of declarations: ask for some at a time, they are large. */
export async function blocksOf(tx: Tx, ids: readonly string[]): Promise<DeclaredBlock[]> {
  return tx.run<DeclaredBlock>(sql.blocks, [ids])
}
