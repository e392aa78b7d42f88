import type { Tx } from '@corridor/database'
import { sql } from './statements.ts'

/** What the other administration told of the import of an export of ours; the day is yyyy-mm-dd. */
export interface ImportAbroad {
  state: 'lodged' | 'registered' | 'withdrawn'
  day: string
}

/** Keeps what was told last. */
export async function noteAbroad(tx: Tx, declaration: string, { state, day }: ImportAbroad): Promise<void> {
  await tx.run(sql.noteAbroad, [declaration, state, day])
}

/** What was told last; undefined where nothing was. */
export async function importAbroad(tx: Tx, declaration: string): Promise<ImportAbroad | undefined> {
  return (await tx.run<ImportAbroad>(sql.abroad, [declaration]))[0]
}
